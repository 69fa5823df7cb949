-- name: mentions_in_dropped
-- severity: error
-- One of the mentions that lies, wholly or in part, in what was cut off.
SELECT x.mention_id, x.surface
FROM checked_mentions AS x
JOIN checked_segments AS s USING (version_id)
WHERE s.role = 'dropped'
  AND x.char_start < s.char_end
  AND s.char_start < x.char_end
