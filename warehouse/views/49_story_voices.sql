-- Whose voice each article of a story is. A copy speaks with the voice of its original, and outlets of one
-- publisher speak with one voice.
CREATE OR REPLACE VIEW story_voices AS
SELECT
    sa.story_id,
    sa.article_id,
    sa.role,
    o.name AS outlet,
    o.publisher,
    coalesce(oo.publisher, oo.name, o.publisher, o.name, a.input_id) AS voice,
    sa.original_id
FROM story_articles AS sa
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
LEFT JOIN articles AS oa ON oa.article_id = sa.original_id
LEFT JOIN outlets AS oo ON oo.outlet_id = oa.outlet_id;

COMMENT ON VIEW story_voices IS 'Whose voice each article of a story is: a copy speaks with that of its original, and outlets of one publisher speak with one.';
COMMENT ON COLUMN story_voices.story_id IS 'The story.';
COMMENT ON COLUMN story_voices.article_id IS 'The article.';
COMMENT ON COLUMN story_voices.role IS 'original, copy or report, as in story_articles.';
COMMENT ON COLUMN story_voices.outlet IS 'The outlet it stands in.';
COMMENT ON COLUMN story_voices.publisher IS 'The house that publishes the outlet, where it is known.';
COMMENT ON COLUMN story_voices.voice IS 'The publisher, else the outlet, of the text: of a copy that of its original. Count these, not outlets, for independent reports.';
COMMENT ON COLUMN story_voices.original_id IS 'Of a copy: the article it repeats.';
