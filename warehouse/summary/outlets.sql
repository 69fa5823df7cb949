-- The outlets of what a load brought, the most articles first.
SELECT
    o.outlet_id::VARCHAR AS outlet_id,
    o.name AS outlet,
    count(DISTINCT v.article_id) AS articles
FROM article_versions AS v
JOIN articles AS a USING (article_id)
JOIN outlets AS o USING (outlet_id)
WHERE v.extracted_at = $loaded_at
GROUP BY o.outlet_id, o.name
ORDER BY articles DESC, outlet, o.outlet_id
LIMIT 5 * $most
