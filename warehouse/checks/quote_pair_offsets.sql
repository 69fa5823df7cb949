-- name: quote_pair_offsets
-- severity: error
-- A pair of a quote that is not there, or whose statement does not lie inside its quotes.
SELECT
    p.quote_a,
    p.quote_b,
    p.kind,
    p.a_start,
    p.b_start
FROM checked_quote_pairs AS p
LEFT JOIN quotes AS a ON a.quote_id = p.quote_a
LEFT JOIN quotes AS b ON b.quote_id = p.quote_b
WHERE a.quote_id IS NULL
   OR b.quote_id IS NULL
   OR p.a_start < a.char_start
   OR p.a_end > a.char_end
   OR p.b_start < b.char_start
   OR p.b_end > b.char_end
