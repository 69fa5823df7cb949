-- Who is quoted in what a load brought, the most quoted first.
SELECT
    e.name AS speaker,
    max(q.speaker_role) AS role,
    count(*) AS quotes,
    count(*) FILTER (q.kind = 'direct') AS direct,
    count(*) FILTER (q.kind = 'mixed') AS mixed,
    count(*) FILTER (q.kind = 'indirect') AS indirect,
    count(DISTINCT a.outlet_id) AS outlets
FROM quotes AS q
JOIN article_versions AS v USING (version_id)
JOIN articles AS a USING (article_id)
JOIN entities AS e ON e.entity_id = q.speaker_entity_id
WHERE v.extracted_at = $loaded_at
GROUP BY e.entity_id, e.name
ORDER BY quotes DESC, speaker, e.entity_id
LIMIT $most
