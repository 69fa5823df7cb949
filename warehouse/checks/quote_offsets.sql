-- name: quote_offsets
-- severity: error
-- A quote whose offsets do not cut its words out of the text.
SELECT q.quote_id, q.text, q.char_start, q.char_end
FROM checked_quotes AS q
JOIN checked_versions AS v USING (version_id)
WHERE (q.char_start IS NOT NULL OR q.char_end IS NOT NULL)
  AND substr(v.text, q.char_start + 1, q.char_end - q.char_start) IS DISTINCT FROM q.text
