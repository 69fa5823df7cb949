-- name: impossible_dates
-- severity: error
-- A publication before the first newspaper (Strasbourg, 1605), or a day that is not the day of its time.
SELECT v.version_id, v.published_at, v.published_on
FROM checked_versions AS v
WHERE v.published_at < TIMESTAMP '1605-01-01'
   OR v.published_on IS DISTINCT FROM v.published_at::DATE
