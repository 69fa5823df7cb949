-- The parts of some versions' texts.
SELECT
    version_id,
    char_start,
    char_end,
    role,
    rule,
    score
FROM segments
WHERE version_id IN (SELECT unnest($versions)::UUID)
ORDER BY
    version_id,
    segment_no
