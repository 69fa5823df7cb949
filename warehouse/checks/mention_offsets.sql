-- name: mention_offsets
-- severity: error
-- A mention whose offsets do not cut its surface out of the text.
SELECT m.mention_id, m.surface, m.char_start, m.char_end
FROM checked_mentions AS m
JOIN checked_versions AS v USING (version_id)
WHERE substr(v.text, m.char_start + 1, m.char_end - m.char_start) <> m.surface
