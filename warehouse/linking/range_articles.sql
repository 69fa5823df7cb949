-- When each article of the range is linked by, whether it is linked anew, and whether its story is to be made anew.
SELECT
    r.linked_on - DATE '1970-01-01' AS day,
    coalesce(s.is_new, false) AS is_new,
    s.article_id IS NOT NULL AS is_seed
FROM link_range AS r
LEFT JOIN link_seeds AS s USING (article_id)
ORDER BY r.place;
