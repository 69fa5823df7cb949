-- The versions that linking compares: those that are to be linked, and all linked ones near them. Who moved to another
-- day (an undated article in a warehouse made anew) is needed by that day.
CREATE OR REPLACE TEMP TABLE link_needed AS
SELECT
    version_id,
    linked_on
FROM link_dated
UNION
SELECT
    version_id,
    linked_on
FROM linked_articles
WHERE linked_on BETWEEN (SELECT min(day) FROM link_near_days) AND (SELECT max(day) FROM link_near_days)
  AND linked_on IN (FROM link_near_days);
