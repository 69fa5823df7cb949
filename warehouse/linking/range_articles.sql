-- When each article of the range is linked by, whether it is linked anew, and whether it shared a pair or a
-- story with one that is.
SELECT
    r.linked_on - DATE '1970-01-01' AS day,
    c.article_id IS NOT NULL AS is_new,
    f.article_id IS NOT NULL OR s.article_id IS NOT NULL AS is_touched
FROM link_range AS r
LEFT JOIN link_changed AS c USING (article_id)
LEFT JOIN link_former AS f USING (article_id)
LEFT JOIN (
    SELECT DISTINCT article_id
    FROM story_articles
    WHERE story_id IN (
        SELECT story_id
        FROM story_articles
        WHERE article_id IN (SELECT article_id FROM link_changed WHERE was_linked)
    )
) AS s USING (article_id)
ORDER BY r.place;
