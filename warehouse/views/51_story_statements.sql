-- Who quoted what in a story, and who left it out: one row a statement, in voices (see story_voices). Voices
-- whose texts no tagger knows (another language) are not said to have left anything out.
CREATE OR REPLACE MACRO story_statements(story_id) AS TABLE
WITH told AS (
    SELECT
        sv.*,
        coalesce(v.published_at, a.first_seen_at) AS seen_at,
        v.tagger
    FROM story_voices AS sv
    JOIN articles AS a USING (article_id)
    JOIN current_versions AS v USING (article_id)
    WHERE sv.story_id = current_story(story_id)
),
listening AS (
    SELECT list(DISTINCT voice ORDER BY voice) AS voices
    FROM told
    WHERE tagger IS NOT NULL
),
quoting AS (
    SELECT
        w.statement_id,
        list(DISTINCT t.voice ORDER BY t.voice) AS voices,
        list(DISTINCT t.outlet ORDER BY t.outlet) AS outlets,
        count(*) AS wordings,
        min(t.seen_at) AS first_at,
        first(t.outlet ORDER BY t.seen_at, t.article_id) AS first_outlet,
        first(w.char_start ORDER BY t.seen_at, t.article_id, w.char_start) AS place
    FROM statement_wordings AS w
    JOIN told AS t USING (article_id)
    GROUP BY w.statement_id
),
meanings AS (
    SELECT
        coalesce(s.reworded_from, s.statement_id) AS meaning_id,
        list_distinct(flatten(list(q.voices))) AS voices
    FROM statements AS s
    JOIN quoting AS q USING (statement_id)
    GROUP BY meaning_id
)
SELECT
    coalesce(e.name, qu.speaker) AS speaker,
    s.text AS statement,
    s.marked,
    len(q.voices) AS voices,
    q.voices AS quoted_by,
    list_sort(list_filter(m.voices, lambda voice: NOT list_contains(q.voices, voice))) AS reworded_by,
    list_filter(l.voices, lambda voice: NOT list_contains(m.voices, voice)) AS left_out_by,
    q.outlets,
    q.wordings,
    q.first_outlet,
    q.first_at,
    s.reworded_from,
    s.statement_id
FROM statements AS s
JOIN quoting AS q USING (statement_id)
JOIN quotes AS qu USING (quote_id)
JOIN meanings AS m ON m.meaning_id = coalesce(s.reworded_from, s.statement_id)
CROSS JOIN listening AS l
LEFT JOIN entities AS e ON e.entity_id = s.speaker_entity_id
ORDER BY
    voices DESC,
    len(reworded_by) DESC,
    q.first_at,
    q.place,
    s.statement_id;

COMMENT ON MACRO TABLE story_statements IS 'Who quoted what in a story, who only reworded it, who left it out: one row a statement. WHERE marked leaves those in quote marks. FROM story_statements(''story id'')';
