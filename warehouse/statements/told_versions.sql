-- The articles of the touched stories, by the version that was linked.
CREATE OR REPLACE TEMP TABLE told_versions AS
SELECT
    sa.story_id,
    sa.article_id,
    v.version_id,
    coalesce(v.published_at, a.first_seen_at) AS seen_at
FROM story_articles AS sa
SEMI JOIN touched_stories USING (story_id)
JOIN articles AS a USING (article_id)
JOIN linked_articles AS l USING (article_id)
JOIN article_versions AS v ON v.version_id = l.version_id
