-- The texts of some articles in the order that they are asked for, as many as there is room for: copies last,
-- for their text is mostly there already.
WITH asked AS (
    SELECT
        v.article_id,
        v.version_id,
        v.text,
        list_position($articles, v.article_id::VARCHAR) AS place,
        coalesce(sa.role = 'copy', false) AS is_copy,
        least(length(v.text), $longest) AS characters
    FROM current_versions AS v
    LEFT JOIN story_articles AS sa USING (article_id)
    WHERE v.article_id IN (SELECT unnest($articles)::UUID)
),
room AS (
    SELECT
        *,
        row_number() OVER taken AS so_many,
        sum(characters) OVER taken AS so_long
    FROM asked
    WINDOW taken AS (ORDER BY is_copy, place)
)
SELECT
    article_id,
    version_id,
    substr(text, 1, $longest) AS text
FROM room
WHERE so_many <= $most
  AND so_long <= greatest($characters, $longest)
ORDER BY place
