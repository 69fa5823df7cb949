-- Takes the changed articles of the days into the linked ones, and lists all that lie near.
INSERT INTO linked_articles BY NAME
SELECT
    *,
    $linker AS linker
FROM link_dated
WHERE linked_on IN (FROM link_days)
ORDER BY linked_on, article_id;

CREATE OR REPLACE TEMP TABLE link_window AS
SELECT
    (row_number() OVER (ORDER BY l.linked_on, l.article_id) - 1)::INTEGER AS place,
    l.article_id,
    l.version_id,
    l.linked_on,
    CASE WHEN l.outlet_id IS NULL THEN -1 ELSE dense_rank() OVER (ORDER BY l.outlet_id) END AS outlet,
    c.article_id IS NOT NULL AS is_new
FROM linked_articles AS l
LEFT JOIN (
    SELECT article_id
    FROM link_dated
    WHERE linked_on IN (FROM link_days)
) AS c ON c.article_id = l.article_id
WHERE l.linked_on BETWEEN (SELECT min(day) FROM link_near_days) AND (SELECT max(day) FROM link_near_days)
  AND l.linked_on IN (FROM link_near_days);
