-- What is known of some articles as they read today, in the order that they are asked for.
SELECT
    a.article_id,
    v.version_id,
    a.input_id,
    o.name AS outlet,
    o.publisher,
    a.url,
    v.title,
    v.author,
    v.published_at,
    v.published_on,
    v.published_source,
    v.modified_at,
    v.language,
    v.section,
    length(v.text) AS characters,
    coalesce(len(v.dropped_stretches), 0) AS cuts
FROM current_versions AS v
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
WHERE a.article_id IN (SELECT unnest($articles)::UUID)
ORDER BY list_position($articles, a.article_id::VARCHAR)
