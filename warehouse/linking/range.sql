-- The linked articles near the days, numbered by their ids.
CREATE OR REPLACE TEMP TABLE link_range AS
SELECT
    (row_number() OVER (ORDER BY l.article_id) - 1)::INTEGER AS place,
    l.article_id,
    l.version_id,
    l.linked_on,
    l.dated_by
FROM linked_articles AS l
WHERE l.linked_on BETWEEN (SELECT min(day) FROM link_near_days) AND (SELECT max(day) FROM link_near_days)
  AND l.linked_on IN (FROM link_near_days);

-- The days that these were in stories by: those that are linked anew may have moved.
CREATE OR REPLACE TEMP TABLE link_bounds AS
SELECT
    least((SELECT min(day) FROM link_near_days), min(was_linked_on)) AS first,
    greatest((SELECT max(day) FROM link_near_days), max(was_linked_on)) AS last
FROM link_changed;
