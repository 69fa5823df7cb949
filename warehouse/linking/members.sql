-- What stories need to know of some articles of the range. Versions are fetched by row numbers: a join would read
-- those of the whole warehouse.
WITH wanted AS MATERIALIZED (
    SELECT r.*
    FROM link_range AS r
    SEMI JOIN wanted_places USING (place)
),
versions AS MATERIALIZED (
    SELECT
        version_id,
        published_at,
        published_on,
        title,
        dateline_agencies,
        agencies
    FROM article_versions
    WHERE rowid IN (
        SELECT v.rowid
        FROM article_versions AS v
        SEMI JOIN wanted USING (version_id)
    )
),
untitled AS MATERIALIZED (
    SELECT
        version_id,
        excerpt(text, 1) AS lede
    FROM article_versions
    WHERE rowid IN (
        SELECT v.rowid
        FROM article_versions AS v
        SEMI JOIN (
            SELECT version_id
            FROM versions
            WHERE title IS NULL
        ) AS t USING (version_id)
    )
)
SELECT
    w.place,
    w.article_id,
    s.story_id,
    coalesce(v.published_at, a.first_seen_at) AS seen_at,
    w.linked_on,
    w.dated_by,
    v.published_at,
    v.published_on,
    v.title,
    u.lede,
    o.name AS outlet,
    o.publisher,
    list_sort(list_distinct(coalesce(v.dateline_agencies, []) || coalesce(v.agencies, []))) AS agencies
FROM wanted AS w
JOIN versions AS v ON v.version_id = w.version_id
LEFT JOIN untitled AS u ON u.version_id = w.version_id
JOIN articles AS a ON a.article_id = w.article_id
LEFT JOIN outlets AS o ON o.outlet_id = a.outlet_id
LEFT JOIN (
    SELECT
        article_id,
        story_id
    FROM story_articles
    WHERE linked_on BETWEEN (SELECT first FROM link_bounds) AND (SELECT last FROM link_bounds)
) AS s ON s.article_id = w.article_id
ORDER BY w.place;
