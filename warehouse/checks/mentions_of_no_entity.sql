-- name: mentions_of_no_entity
-- severity: error
-- A mention of an entity that is not there.
SELECT m.mention_id, m.entity_id, m.surface
FROM checked_mentions AS m
ANTI JOIN entities AS e USING (entity_id)
WHERE m.entity_id IS NOT NULL
