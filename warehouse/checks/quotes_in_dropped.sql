-- name: quotes_in_dropped
-- severity: error
-- One of the quotes that lies, wholly or in part, in what was cut off.
SELECT x.quote_id, x.text
FROM checked_quotes AS x
JOIN checked_segments AS s USING (version_id)
WHERE s.role = 'dropped'
  AND x.char_start < s.char_end
  AND s.char_start < x.char_end
