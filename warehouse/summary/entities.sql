-- What is named most in what a load brought.
SELECT
    e.name,
    e.label,
    count(*) AS mentions,
    count(DISTINCT v.article_id) AS articles
FROM mentions AS m
JOIN article_versions AS v USING (version_id)
JOIN entities AS e USING (entity_id)
WHERE v.extracted_at = $loaded_at
GROUP BY e.entity_id, e.name, e.label
ORDER BY articles DESC, mentions DESC, e.name, e.entity_id
LIMIT $most
