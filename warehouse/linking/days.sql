-- How many articles are to be linked by which day.
SELECT
    linked_on,
    count(*)
FROM link_dated
GROUP BY linked_on
ORDER BY linked_on;
