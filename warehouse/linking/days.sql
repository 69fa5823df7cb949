-- How many articles are to be linked by which day.
SELECT
    f.linked_on,
    count(*)
FROM link_changed AS c
JOIN article_features AS f USING (version_id)
GROUP BY f.linked_on
ORDER BY f.linked_on;
