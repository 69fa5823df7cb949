-- name: pairs_of_linked_articles
-- severity: error
-- A pair of articles that were not linked, or a pair that is there twice.
SELECT
    p.article_a,
    p.article_b,
    p.kind,
    count(*) AS times
FROM checked_article_pairs AS p
LEFT JOIN linked_articles AS a ON a.article_id = p.article_a
LEFT JOIN linked_articles AS b ON b.article_id = p.article_b
GROUP BY ALL
HAVING count(*) > 1
    OR count(a.article_id) < count(*)
    OR count(b.article_id) < count(*)
