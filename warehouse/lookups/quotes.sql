-- Quotes for a person to read: of one speaker or of all, of one outlet or of all, since a day or since ever.
SELECT
    v.published_on,
    w.outlet,
    w.speaker,
    w.role,
    w.quote,
    w.kind,
    w.stance,
    q.speaker AS worded,
    q.cue,
    q.speaker_null_reason,
    w.title,
    v.article_id,
    q.quote_id
FROM who_said_what AS w
JOIN quotes AS q USING (quote_id)
JOIN article_versions AS v USING (version_id)
WHERE ($speaker IS NULL OR q.quote_id IN (SELECT found.quote_id FROM quotes_by($speaker) AS found))
    AND ($outlet IS NULL OR contains(folded(w.outlet), folded(trim($outlet))))
    AND ($since IS NULL OR v.published_on >= $since)
ORDER BY
    v.published_on NULLS LAST,
    w.outlet,
    w.title,
    v.article_id,
    q.char_start,
    q.char_end DESC,
    q.quote_id
