-- name: quotes_of_no_entity
-- severity: error
-- A quote whose canonical speaker is not there.
SELECT q.quote_id, q.speaker_entity_id, q.speaker
FROM checked_quotes AS q
ANTI JOIN entities AS e ON e.entity_id = q.speaker_entity_id
WHERE q.speaker_entity_id IS NOT NULL
