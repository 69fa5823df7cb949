-- The articles of the touched stories, by the version that was linked. Versions are fetched by row numbers: a join
-- would read those of the whole warehouse.
CREATE OR REPLACE TEMP TABLE told_versions AS
WITH told AS MATERIALIZED (
    SELECT
        sa.story_id,
        sa.article_id,
        l.version_id
    FROM story_articles AS sa
    SEMI JOIN touched_stories USING (story_id)
    JOIN linked_articles AS l USING (article_id)
),
versions AS MATERIALIZED (
    SELECT
        version_id,
        published_at
    FROM article_versions
    WHERE rowid IN (
        SELECT v.rowid
        FROM article_versions AS v
        SEMI JOIN told USING (version_id)
    )
)
SELECT
    t.story_id,
    t.article_id,
    t.version_id,
    coalesce(v.published_at, a.first_seen_at) AS seen_at
FROM told AS t
JOIN versions AS v USING (version_id)
JOIN articles AS a ON a.article_id = t.article_id
