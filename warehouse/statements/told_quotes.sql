-- Their quotes, with what their speakers are called.
SELECT
    q.version_id::VARCHAR AS version_id,
    q.quote_id::VARCHAR AS quote_id,
    list(s.char_start ORDER BY s.span_no) AS starts,
    list(s.char_end ORDER BY s.span_no) AS ends,
    any_value(q.speaker_entity_id)::VARCHAR AS speaker,
    any_value(e.label) AS speaker_label,
    any_value(e.name) AS speaker_name
FROM quotes AS q
SEMI JOIN told_versions USING (version_id)
JOIN quote_spans AS s USING (quote_id)
LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
GROUP BY q.version_id, q.quote_id
