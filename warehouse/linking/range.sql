-- The linked articles of some days, numbered by their ids.
CREATE OR REPLACE TEMP TABLE link_range AS
SELECT
    (row_number() OVER (ORDER BY l.article_id) - 1)::INTEGER AS place,
    l.article_id,
    l.version_id,
    l.linked_on,
    l.dated_by
FROM linked_articles AS l
WHERE l.linked_on BETWEEN $first AND $last;

-- The days that articles of the range were in a story by: those that are linked anew may have moved.
CREATE OR REPLACE TEMP TABLE link_bounds AS
SELECT
    least($first, min(was_linked_on)) AS first,
    greatest($last, max(was_linked_on)) AS last
FROM link_changed;
