-- What a load could not use, and why.
SELECT
    f.input,
    f.stage,
    f.reason,
    f.message
FROM failures AS f
WHERE f.first_seen_at = $loaded_at
ORDER BY f.input, f.stage, f.failure_id
LIMIT $most
