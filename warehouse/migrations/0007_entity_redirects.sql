-- Which entities a user's alias table has joined. Mentions and quotes keep the entity they were read with; an entity
-- that was joined lives on under its own id, and a row that has ended tells that it stands for itself again.

CREATE TABLE entity_redirects (
    old_entity_id UUID NOT NULL,
    new_entity_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    alias VARCHAR NOT NULL,
    merged_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    CHECK (old_entity_id <> new_entity_id)
);
COMMENT ON TABLE entity_redirects IS 'Entities that a user''s alias table joined with others: the trail of merges and splits.';
COMMENT ON COLUMN entity_redirects.old_entity_id IS 'The entity that was joined with the other one; it keeps its id and its rows.';
COMMENT ON COLUMN entity_redirects.new_entity_id IS 'The entity that it means.';
COMMENT ON COLUMN entity_redirects.name IS 'The name in the alias table.';
COMMENT ON COLUMN entity_redirects.alias IS 'The alias in the table by which it was joined.';
COMMENT ON COLUMN entity_redirects.merged_at IS 'When it was joined, UTC.';
COMMENT ON COLUMN entity_redirects.ended_at IS 'When it was parted again, UTC; null while it holds.';
