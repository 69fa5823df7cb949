-- The statements that were found, with their words cut out of the texts. These are fetched by row numbers: a join
-- would read all texts of the warehouse.
INSERT INTO statements BY NAME
WITH texts AS MATERIALIZED (
    SELECT
        version_id,
        text
    FROM article_versions
    WHERE rowid IN (
        SELECT v.rowid
        FROM article_versions AS v
        SEMI JOIN told_versions USING (version_id)
    )
)
SELECT
    s.*,
    one_line(substr(v.text, s.char_start + 1, s.char_end - s.char_start)) AS text
FROM new_statements AS s
JOIN told_versions AS t USING (article_id)
JOIN texts AS v USING (version_id)
ORDER BY s.story_id, s.statement_id
