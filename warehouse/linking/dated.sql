-- The articles to be linked, as they will be kept.
CREATE OR REPLACE TEMP TABLE link_dated AS
SELECT
    c.article_id,
    c.version_id,
    coalesce(c.published_on, a.first_seen_at::DATE) AS linked_on,
    CASE WHEN c.published_on IS NULL THEN 'first seen' ELSE 'published' END AS dated_by,
    a.outlet_id
FROM link_changed AS c
JOIN articles AS a USING (article_id);
