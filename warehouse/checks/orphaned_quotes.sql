-- name: orphaned_quotes
-- severity: error
-- A quote in a version that is not there.
SELECT q.quote_id, q.version_id
FROM checked_quotes AS q
ANTI JOIN article_versions AS v USING (version_id)
