-- name: orphaned_observations
-- severity: error
-- An observation of a version that is not there, or is one of another article.
SELECT o.version_id, o.observed_at
FROM checked_observations AS o
ANTI JOIN article_versions AS v USING (version_id, article_id)
