-- How many articles are to be grouped anew by which day.
SELECT
    linked_on,
    count(*)
FROM link_seeds
GROUP BY linked_on
ORDER BY linked_on;
