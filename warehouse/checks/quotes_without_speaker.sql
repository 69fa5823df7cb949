-- name: quotes_without_speaker
-- severity: error
-- A quote with neither a canonical speaker nor the reason why, or with both.
SELECT quote_id, text, speaker, speaker_null_reason
FROM checked_quotes
WHERE (speaker_entity_id IS NULL) = (speaker_null_reason IS NULL)
