-- The articles that a load brought, the most quoted first.
SELECT
    coalesce(o.name, '(no outlet)') AS outlet,
    v.published_on,
    v.published_source,
    coalesce(v.title, '(no title)') AS title,
    a.article_id::VARCHAR AS article_id,
    a.url,
    (SELECT count(*) FROM quotes AS q WHERE q.version_id = v.version_id) AS quotes
FROM article_versions AS v
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
WHERE v.extracted_at = $loaded_at
ORDER BY quotes DESC, outlet, title, v.version_id
LIMIT $most
