-- What these versions report. Fetched by row numbers: a join would read the sayings of the whole warehouse.
WITH packed AS MATERIALIZED (
    SELECT
        version_id,
        sayings
    FROM article_sayings
    WHERE rowid IN (
        SELECT s.rowid
        FROM article_sayings AS s
        SEMI JOIN told_versions USING (version_id)
    )
)
SELECT
    t.story_id::VARCHAR AS story_id,
    t.article_id::VARCHAR AS article_id,
    t.seen_at,
    p.sayings
FROM packed AS p
JOIN told_versions AS t USING (version_id)
