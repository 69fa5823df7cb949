-- The names, dates and quantities in them that are resolved.
SELECT
    m.version_id::VARCHAR AS version_id,
    m.char_start,
    m.char_end,
    m.label,
    e.name,
    m.normalized
FROM mentions AS m
SEMI JOIN told_versions USING (version_id)
LEFT JOIN entities AS e USING (entity_id)
WHERE e.name IS NOT NULL
   OR m.normalized IS NOT NULL
