-- The quotes of some articles as they read today, each with its pieces, in the order of the texts.
SELECT
    v.article_id,
    q.quote_id,
    coalesce(e.name, q.speaker) AS speaker,
    q.speaker_entity_id,
    q.speaker_role AS role,
    q.speaker AS worded,
    q.speaker_start,
    q.speaker_end,
    q.speaker_null_reason,
    q.cue,
    q.kind,
    q.stance,
    q.score,
    q.rule,
    q.text,
    q.char_start,
    q.char_end,
    q.carrier_quote_id,
    list({'char_start': s.char_start, 'char_end': s.char_end} ORDER BY s.span_no) AS spans,
    list_position($articles, v.article_id::VARCHAR) AS place
FROM quotes AS q
JOIN current_versions AS v USING (version_id)
JOIN quote_spans AS s USING (quote_id)
LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
WHERE v.article_id IN (SELECT unnest($articles)::UUID)
GROUP BY ALL
ORDER BY
    place,
    q.char_start,
    q.char_end DESC,
    q.quote_id
