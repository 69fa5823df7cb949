-- name: orphaned_quote_spans
-- severity: error
-- A piece of a quote that is not there.
SELECT s.quote_id, s.span_no
FROM checked_quote_spans AS s
ANTI JOIN quotes AS q USING (quote_id)
