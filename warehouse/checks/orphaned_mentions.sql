-- name: orphaned_mentions
-- severity: error
-- A mention in a version that is not there.
SELECT m.mention_id, m.version_id
FROM checked_mentions AS m
ANTI JOIN article_versions AS v USING (version_id)
