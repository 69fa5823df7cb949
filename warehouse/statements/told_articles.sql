-- These versions with their texts. They are fetched by their row numbers: texts are most of the warehouse, and a
-- join would read all of them.
WITH texts AS MATERIALIZED (
    SELECT
        version_id,
        published_at,
        text
    FROM article_versions
    WHERE rowid IN (
        SELECT v.rowid
        FROM article_versions AS v
        SEMI JOIN told_versions USING (version_id)
    )
)
SELECT
    t.story_id::VARCHAR AS story_id,
    t.article_id::VARCHAR AS article_id,
    t.version_id::VARCHAR AS version_id,
    coalesce(v.published_at, a.first_seen_at) AS seen_at,
    v.text
FROM texts AS v
JOIN told_versions AS t USING (version_id)
JOIN articles AS a USING (article_id)
