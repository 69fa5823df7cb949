-- What stories need to know of some articles of the range.
SELECT
    r.place,
    r.article_id,
    s.story_id,
    coalesce(v.published_at, a.first_seen_at) AS seen_at,
    r.linked_on,
    r.dated_by,
    v.published_at,
    v.published_on,
    v.title,
    o.name AS outlet,
    o.publisher,
    list_sort(list_distinct(coalesce(v.dateline_agencies, []) || coalesce(v.agencies, []))) AS agencies
FROM link_range AS r
JOIN article_versions AS v
    ON v.version_id = r.version_id
    AND (v.published_on = r.linked_on OR v.published_on IS NULL)
JOIN articles AS a ON a.article_id = r.article_id
LEFT JOIN outlets AS o USING (outlet_id)
LEFT JOIN story_articles AS s ON s.article_id = r.article_id
WHERE r.place IN (SELECT place FROM wanted_places)
ORDER BY r.place;
