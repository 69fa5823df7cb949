-- name: cue_offsets
-- severity: error
-- A quote whose cue's offsets do not cut its wording out of the text.
SELECT q.quote_id, q.cue, q.cue_start, q.cue_end
FROM checked_quotes AS q
JOIN checked_versions AS v USING (version_id)
WHERE (q.cue_start IS NOT NULL OR q.cue_end IS NOT NULL)
  AND substr(v.text, q.cue_start + 1, q.cue_end - q.cue_start) IS DISTINCT FROM q.cue
