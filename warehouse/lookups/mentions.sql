-- The names in one version's text, and what they mean.
SELECT m.char_start, m.char_end, m.label, m.surface, e.name
FROM mentions AS m
LEFT JOIN entities AS e USING (entity_id)
WHERE m.version_id = $version_id
ORDER BY m.char_start, m.char_end
