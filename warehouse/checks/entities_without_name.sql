-- name: entities_without_name
-- severity: error
-- An entity that is not called by the best of its aliases.
WITH told AS (
    SELECT entity_id FROM checked_entities
    UNION
    SELECT entity_id FROM checked_entity_aliases
    UNION
    SELECT entity_id FROM checked_mentions
)
SELECT e.entity_id, e.name
FROM entities AS e
SEMI JOIN told USING (entity_id)
LEFT JOIN (
    SELECT
        entity_id,
        first(alias ORDER BY name_rank DESC NULLS LAST, mentions DESC, well_cased(alias) DESC, alias) AS name
    FROM entity_aliases
    SEMI JOIN told USING (entity_id)
    GROUP BY entity_id
) AS a USING (entity_id)
WHERE e.name IS DISTINCT FROM a.name
