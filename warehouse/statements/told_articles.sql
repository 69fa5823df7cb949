-- These versions with their texts. They are fetched by their row numbers: texts are most of the warehouse, and a
-- join alone would read all of them.
SELECT
    t.story_id::VARCHAR AS story_id,
    t.article_id::VARCHAR AS article_id,
    t.version_id::VARCHAR AS version_id,
    coalesce(v.published_at, a.first_seen_at) AS seen_at,
    v.text
FROM article_versions AS v
JOIN told_versions AS t USING (version_id)
JOIN articles AS a ON a.article_id = t.article_id
WHERE v.rowid IN (
    SELECT w.rowid
    FROM article_versions AS w
    SEMI JOIN told_versions USING (version_id)
)
