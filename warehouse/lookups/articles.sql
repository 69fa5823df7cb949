-- The articles that a person may mean: by the id that the input gave or its address, by the beginning of the
-- article's own id, or by words of the title. The most exact way that finds any is taken.
WITH ways AS (
    SELECT
        a.article_id,
        CASE
            WHEN c.input_id = $wanted OR c.url = $wanted OR c.article_id::VARCHAR = $wanted THEN 1
            WHEN length($wanted) >= 4 AND starts_with(c.article_id::VARCHAR, lower($wanted)) THEN 2
            WHEN contains(folded(c.title), folded(trim($wanted))) THEN 3
            WHEN contains(folded(c.input_id), folded(trim($wanted))) THEN 4
        END AS way
    FROM articles AS a
    JOIN current_articles AS c USING (article_id)
)
SELECT
    v.article_id,
    v.version_id,
    c.outlet,
    v.title,
    v.author,
    v.published_on,
    c.url,
    v.text,
    c.input_id
FROM ways
JOIN current_versions AS v USING (article_id)
JOIN current_articles AS c USING (article_id)
WHERE way = (SELECT min(way) FROM ways)
ORDER BY
    v.published_on NULLS LAST,
    c.outlet,
    v.title,
    v.article_id
