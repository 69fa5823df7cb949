-- The quotes of one version, in the order of its text, each with its pieces.
SELECT
    q.quote_id,
    coalesce(e.name, q.speaker) AS speaker,
    q.speaker_role AS role,
    q.speaker AS worded,
    q.speaker_start,
    q.speaker_end,
    q.speaker_null_reason,
    q.cue,
    q.kind,
    q.stance,
    q.score,
    q.carrier_quote_id,
    list({'char_start': s.char_start, 'char_end': s.char_end} ORDER BY s.span_no) AS spans
FROM quotes AS q
JOIN quote_spans AS s USING (quote_id)
LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
WHERE q.version_id = $version_id
GROUP BY ALL
ORDER BY min(s.char_start), max(s.char_end) DESC, q.quote_id
