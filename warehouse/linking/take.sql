-- Takes the changed articles of some days into the linked ones, and lists all that lie in their window.
INSERT INTO linked_articles
SELECT
    c.article_id,
    c.version_id,
    f.linked_on,
    CASE WHEN v.published_on IS NULL THEN 'first seen' ELSE 'published' END AS dated_by,
    $linker AS linker
FROM link_changed AS c
JOIN article_features AS f USING (version_id)
JOIN article_versions AS v USING (version_id)
WHERE f.linked_on BETWEEN $first AND $last
ORDER BY f.linked_on, c.article_id;

CREATE OR REPLACE TEMP TABLE link_window AS
SELECT
    (row_number() OVER (ORDER BY l.linked_on, l.article_id) - 1)::INTEGER AS place,
    l.article_id,
    l.version_id,
    l.linked_on,
    CASE WHEN a.outlet_id IS NULL THEN -1 ELSE dense_rank() OVER (ORDER BY a.outlet_id) END AS outlet,
    c.article_id IS NOT NULL AS is_new
FROM linked_articles AS l
JOIN articles AS a USING (article_id)
LEFT JOIN link_changed AS c ON c.article_id = l.article_id AND l.linked_on BETWEEN $first AND $last
WHERE l.linked_on BETWEEN $first - $days::INTEGER AND $last + $days::INTEGER;
