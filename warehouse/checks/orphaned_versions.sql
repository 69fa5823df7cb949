-- name: orphaned_versions
-- severity: error
-- A version of an article that is not there.
SELECT v.version_id, v.article_id
FROM checked_versions AS v
ANTI JOIN articles AS a USING (article_id)
