-- The articles to be linked, as they will be kept.
CREATE OR REPLACE TEMP TABLE link_dated AS
SELECT
    c.article_id,
    c.version_id,
    f.linked_on,
    CASE WHEN c.published_on IS NULL THEN 'first seen' ELSE 'published' END AS dated_by,
    a.outlet_id
FROM link_changed AS c
JOIN article_features AS f ON f.version_id = c.version_id
JOIN articles AS a ON a.article_id = c.article_id;
