-- name: statements_without_head
-- severity: error
-- A statement that does not have exactly one fullest wording, where it says that it is, or a wording of none.
SELECT
    coalesce(s.statement_id, w.statement_id) AS statement_id,
    s.quote_id,
    count(w.quote_id) AS heads
FROM checked_statements AS s
FULL JOIN (FROM checked_statement_wordings WHERE kind = 'head') AS w
    ON w.statement_id = s.statement_id
    AND w.quote_id = s.quote_id
    AND w.char_start = s.char_start
    AND w.char_end = s.char_end
GROUP BY ALL
HAVING count(w.quote_id) <> 1
    OR count(s.statement_id) <> 1
