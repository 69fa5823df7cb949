-- name: orphaned_segments
-- severity: error
-- A segment of a version that is not there.
SELECT s.version_id, s.segment_no
FROM checked_segments AS s
ANTI JOIN article_versions AS v USING (version_id)
