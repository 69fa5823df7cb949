-- name: orphaned_aliases
-- severity: error
-- An alias of an entity that is not there.
SELECT a.entity_id, a.alias
FROM checked_entity_aliases AS a
ANTI JOIN entities AS e USING (entity_id)
