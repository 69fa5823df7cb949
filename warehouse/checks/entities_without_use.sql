-- name: entities_without_use
-- severity: warning
-- An entity that no text mentions and no quote has as its speaker.
SELECT e.entity_id, e.name
FROM checked_entities AS e
ANTI JOIN checked_mentions AS m ON m.entity_id = e.entity_id
ANTI JOIN checked_quotes AS q ON q.speaker_entity_id = e.entity_id
