-- name: quotes_without_spans
-- severity: error
-- A quote without a piece, or whose pieces do not begin and end where it does, overlap, or are misnumbered.
SELECT
    q.quote_id,
    q.char_start,
    q.char_end,
    list({'no': s.span_no, 'from': s.char_start, 'to': s.char_end} ORDER BY s.span_no) AS spans
FROM checked_quotes AS q
LEFT JOIN (
    SELECT
        *,
        lag(char_end) OVER (PARTITION BY quote_id ORDER BY span_no) AS previous_end
    FROM checked_quote_spans
) AS s USING (quote_id)
GROUP BY
    q.quote_id,
    q.char_start,
    q.char_end
HAVING coalesce(
    min(s.char_start) <> q.char_start
    OR max(s.char_end) <> q.char_end
    OR max(s.span_no) <> count(*) - 1
    OR coalesce(bool_or(s.char_start < s.previous_end), false),
    true
)
