-- Stories with what makes them worth opening, the latest first.
CREATE OR REPLACE VIEW latest_stories AS
WITH voiced AS (
    SELECT
        story_id,
        count(*) AS articles,
        count(*) FILTER (role = 'copy') AS copies,
        list(DISTINCT voice ORDER BY voice) AS voices
    FROM story_voices
    GROUP BY story_id
),
heard AS (
    SELECT
        w.statement_id,
        any_value(w.story_id) AS story_id,
        count(DISTINCT sv.voice) AS voices
    FROM statement_wordings AS w
    JOIN story_voices AS sv USING (article_id)
    GROUP BY w.statement_id
),
said AS (
    SELECT
        story_id,
        count(*) AS statements,
        count(*) FILTER (voices > 1) AS shared_statements
    FROM heard
    GROUP BY story_id
)
SELECT
    s.story_id,
    s.title,
    s.first_published_at,
    s.last_published_at,
    v.articles,
    v.copies,
    v.voices,
    coalesce(h.statements, 0) AS statements,
    coalesce(h.shared_statements, 0) AS shared_statements
FROM stories AS s
JOIN voiced AS v USING (story_id)
LEFT JOIN said AS h USING (story_id)
ORDER BY
    s.last_published_at DESC NULLS LAST,
    v.articles DESC,
    s.story_id;

COMMENT ON VIEW latest_stories IS 'Stories, the latest first, with their voices and what several of them report.';
COMMENT ON COLUMN latest_stories.story_id IS 'The story: onrecord story ID prints it.';
COMMENT ON COLUMN latest_stories.title IS 'The headline of its most typical article.';
COMMENT ON COLUMN latest_stories.first_published_at IS 'When its first article was published, UTC.';
COMMENT ON COLUMN latest_stories.last_published_at IS 'When its last article was published, UTC.';
COMMENT ON COLUMN latest_stories.articles IS 'How many articles tell it.';
COMMENT ON COLUMN latest_stories.copies IS 'How many of them repeat another one''s text.';
COMMENT ON COLUMN latest_stories.voices IS 'The publishers that tell it independently: a copy counts with its original, outlets of one house as one.';
COMMENT ON COLUMN latest_stories.statements IS 'How many statements are quoted in it; none are looked for in a story of one article.';
COMMENT ON COLUMN latest_stories.shared_statements IS 'How many of these several voices quote; what was only reworded is not counted.';
