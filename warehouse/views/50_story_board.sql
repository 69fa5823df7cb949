-- A story's articles side by side, in the order of publication, copies behind their original. A story that was
-- merged is shown as it is now.
CREATE OR REPLACE MACRO story_board(story_id) AS TABLE
WITH told AS (
    SELECT
        sv.*,
        v.version_id,
        v.title,
        coalesce(v.published_at, a.first_seen_at) AS seen_at,
        v.published_at,
        a.url
    FROM story_voices AS sv
    JOIN articles AS a USING (article_id)
    JOIN current_versions AS v USING (article_id)
    WHERE sv.story_id = current_story(story_id)
),
quoted AS (
    SELECT
        q.version_id,
        count(*) AS quotes,
        list(DISTINCT e.name ORDER BY e.name) FILTER (e.name IS NOT NULL) AS speakers
    FROM quotes AS q
    SEMI JOIN told USING (version_id)
    LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
    GROUP BY q.version_id
),
voices AS (
    SELECT
        voice,
        row_number() OVER (ORDER BY min(seen_at), voice) AS voice_no
    FROM told
    GROUP BY voice
)
SELECT
    n.voice_no,
    t.voice,
    t.role,
    t.outlet,
    t.title,
    t.published_at,
    (t.seen_at - min(t.seen_at) OVER ())::INTERVAL AS behind_first,
    t.url,
    coalesce(q.quotes, 0) AS quotes,
    q.speakers,
    t.original_id,
    t.article_id,
    t.story_id
FROM told AS t
JOIN voices AS n USING (voice)
LEFT JOIN quoted AS q USING (version_id)
ORDER BY
    n.voice_no,
    t.role = 'copy',
    t.seen_at,
    t.outlet,
    t.article_id;

COMMENT ON MACRO TABLE story_board IS 'The articles of a story side by side; one voice_no for all that a publisher and the copies of its texts say. FROM story_board(''story id'')';
