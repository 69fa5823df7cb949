-- name: duplicate_observations
-- severity: error
-- A version that was seen twice at one moment.
SELECT version_id, observed_at, count(*) AS times
FROM observations
SEMI JOIN checked_observations USING (version_id)
GROUP BY version_id, observed_at
HAVING count(*) > 1
