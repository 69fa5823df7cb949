-- name: segments_partition
-- severity: error
-- A version whose segments leave a gap, overlap, are misnumbered, or do not end with the text.
SELECT
    v.version_id,
    any_value(length(v.text)) AS text_length,
    coalesce(max(s.char_end), 0) AS segments_end
FROM checked_versions AS v
LEFT JOIN (
    SELECT
        *,
        lag(char_end, 1, 0) OVER (PARTITION BY version_id ORDER BY segment_no) AS previous_end,
        row_number() OVER (PARTITION BY version_id ORDER BY segment_no) - 1 AS place
    FROM checked_segments
) AS s USING (version_id)
GROUP BY v.version_id
HAVING segments_end <> text_length
    OR coalesce(bool_or(s.char_start <> s.previous_end OR s.segment_no <> s.place), false)
