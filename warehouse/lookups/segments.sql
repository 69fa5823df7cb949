-- The parts of one version's text.
SELECT char_start, char_end, role, rule, score
FROM segments
WHERE version_id = $version_id
ORDER BY segment_no
