-- The pairs between articles of the range, in no order.
SELECT
    a.place AS one,
    b.place AS other,
    p.kind = 'copy' AS is_copy,
    p.score
FROM article_pairs AS p
JOIN link_range AS a ON a.article_id = p.article_a
JOIN link_range AS b ON b.article_id = p.article_b
WHERE p.linked_on BETWEEN (SELECT min(day) FROM link_near_days) AND (SELECT max(day) FROM link_near_days);
