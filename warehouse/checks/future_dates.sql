-- name: future_dates
-- severity: warning
-- An article that was published, or changed, more than two days after it was loaded.
SELECT v.version_id, v.published_at, v.modified_at, v.extracted_at
FROM checked_versions AS v
WHERE greatest(v.published_at, v.modified_at) > v.extracted_at + INTERVAL 2 DAY
