-- How each outlet of a story worded the same statement: one row a wording. What translates or retells a
-- statement stands under it as kind reworded; leave these out of counts.
CREATE OR REPLACE MACRO story_wordings(story_id) AS TABLE
WITH worded AS (
    SELECT
        coalesce(s.reworded_from, s.statement_id) AS meaning_id,
        CASE WHEN s.reworded_from IS NULL THEN w.kind ELSE 'reworded' END AS kind,
        s.speaker_entity_id,
        w.* EXCLUDE (statement_id, kind),
        s.statement_id
    FROM statements AS s
    JOIN statement_wordings AS w USING (statement_id)
    WHERE s.story_id = current_story(story_id)
),
seen AS (
    SELECT
        w.*,
        sv.outlet,
        sv.voice,
        v.title,
        v.published_at,
        coalesce(v.published_at, a.first_seen_at) AS seen_at,
        one_line(substr(v.text, w.char_start + 1, w.char_end - w.char_start)) AS wording,
        count(DISTINCT sv.voice) OVER (PARTITION BY w.meaning_id) AS voices,
        min(row(coalesce(v.published_at, a.first_seen_at), w.article_id, w.char_start))
            OVER (PARTITION BY w.meaning_id) AS first_place
    FROM worded AS w
    JOIN story_voices AS sv USING (article_id)
    JOIN articles AS a USING (article_id)
    JOIN current_versions AS v USING (article_id)
)
SELECT
    coalesce(e.name, qu.speaker) AS speaker,
    m.text AS statement,
    w.outlet,
    w.wording,
    w.kind,
    w.marked,
    w.score,
    w.voices,
    w.title,
    w.published_at,
    w.voice,
    w.meaning_id AS statement_id,
    w.quote_id,
    w.article_id
FROM seen AS w
JOIN statements AS m ON m.statement_id = w.meaning_id
JOIN quotes AS qu ON qu.quote_id = m.quote_id
LEFT JOIN entities AS e ON e.entity_id = m.speaker_entity_id
ORDER BY
    w.voices DESC,
    w.first_place,
    w.meaning_id,
    w.kind = 'reworded',
    w.seen_at,
    w.article_id,
    w.char_start;

COMMENT ON MACRO TABLE story_wordings IS 'How each outlet of a story worded the same statement; kind reworded marks what translates or retells it. WHERE voices > 1 leaves what several report. FROM story_wordings(''story id'')';
