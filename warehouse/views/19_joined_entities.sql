-- Every entity with the one that it means today: itself, or the one that a user's alias table has joined it with.
CREATE OR REPLACE VIEW joined_entities AS
SELECT
    e.entity_id,
    e.label,
    e.name,
    coalesce(r.new_entity_id, e.entity_id) AS joined_entity_id,
    coalesce(r.name, e.name) AS joined_name
FROM entities AS e
LEFT JOIN entity_redirects AS r
    ON r.old_entity_id = e.entity_id
    AND r.ended_at IS NULL;

COMMENT ON VIEW joined_entities IS 'Every entity with the one that it means today; the user''s alias table joins and parts them.';
COMMENT ON COLUMN joined_entities.entity_id IS 'The entity, as mentions and quotes have it.';
COMMENT ON COLUMN joined_entities.label IS 'PER, ORG, LOC or NORP.';
COMMENT ON COLUMN joined_entities.name IS 'Its own name.';
COMMENT ON COLUMN joined_entities.joined_entity_id IS 'The entity that it means today.';
COMMENT ON COLUMN joined_entities.joined_name IS 'The name of that one, as the alias table has it where it was joined.';
