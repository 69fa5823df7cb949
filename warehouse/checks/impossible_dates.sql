-- name: impossible_dates
-- severity: error
-- A publication before the first newspaper (Strasbourg, 1605), or a day on which its time was nowhere on Earth.
SELECT v.version_id, v.published_at, v.published_on
FROM checked_versions AS v
WHERE v.published_at < TIMESTAMP '1605-01-01'
   OR (v.published_on IS NULL) <> (v.published_at IS NULL)
   OR abs(date_diff('day', v.published_on, v.published_at::DATE)) > 1
