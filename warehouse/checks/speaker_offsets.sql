-- name: speaker_offsets
-- severity: error
-- A quote whose speaker's offsets do not cut its wording out of the text.
SELECT q.quote_id, q.speaker, q.speaker_start, q.speaker_end
FROM checked_quotes AS q
JOIN checked_versions AS v USING (version_id)
WHERE (q.speaker_start IS NOT NULL OR q.speaker_end IS NOT NULL)
  AND substr(v.text, q.speaker_start + 1, q.speaker_end - q.speaker_start) IS DISTINCT FROM q.speaker
