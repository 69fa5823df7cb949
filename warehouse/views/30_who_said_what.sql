-- One readable row per quote of an article as it reads today.
CREATE OR REPLACE VIEW who_said_what AS
WITH pieces AS (
    SELECT
        quote_id,
        list({'char_start': char_start, 'char_end': char_end} ORDER BY span_no) AS spans
    FROM quote_spans
    GROUP BY quote_id
    HAVING count(*) > 1
)
SELECT
    coalesce(e.joined_name, q.speaker) AS speaker,
    q.speaker_role AS role,
    one_line(
        coalesce(
            array_to_string(
                list_transform(
                    p.spans,
                    lambda span:
                        substr(q.text, span.char_start - q.char_start + 1, span.char_end - span.char_start)
                ),
                ' … '
            ),
            q.text
        )
    ) AS quote,
    q.kind,
    q.stance,
    a.outlet,
    a.title,
    a.published_at,
    sa.story_id,
    q.quote_id
FROM quotes AS q
JOIN current_articles AS a USING (version_id)
LEFT JOIN pieces AS p USING (quote_id)
LEFT JOIN joined_entities AS e ON e.entity_id = q.speaker_entity_id
LEFT JOIN story_articles AS sa ON sa.article_id = a.article_id
ORDER BY
    a.published_at NULLS LAST,
    a.outlet,
    a.title,
    a.article_id,
    q.char_start,
    q.char_end DESC,
    q.quote_id;

COMMENT ON VIEW who_said_what IS 'One readable row per quote, in the order of publication and of the text.';
COMMENT ON COLUMN who_said_what.speaker IS 'The canonical speaker; else the wording of the article (a senior official); null where nobody is in sight.';
COMMENT ON COLUMN who_said_what.role IS 'The office that the article gives the speaker.';
COMMENT ON COLUMN who_said_what.quote IS 'What was said, on one line; … stands for an attribution that interrupts it.';
COMMENT ON COLUMN who_said_what.kind IS 'direct: all of it in quote marks; mixed: in part; indirect: not at all.';
COMMENT ON COLUMN who_said_what.stance IS 'speech, belief or intent.';
COMMENT ON COLUMN who_said_what.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN who_said_what.title IS 'The headline it stands under.';
COMMENT ON COLUMN who_said_what.published_at IS 'When the article was published, UTC.';
COMMENT ON COLUMN who_said_what.story_id IS 'The story that the article tells.';
COMMENT ON COLUMN who_said_what.quote_id IS 'The quote, for its offsets and alignment.';
