-- The weighted terms of the articles of the window that lie within some days of the days that are worked on.
SELECT
    w.place,
    w.linked_on - DATE '1970-01-01' AS day,
    w.outlet,
    w.is_new,
    f.sizes,
    f.terms,
    f.weights,
    f.characters
FROM link_window AS w
JOIN kept.article_features AS f USING (version_id, linked_on)
WHERE f.linked_on BETWEEN (SELECT min(day) FROM link_near_days) AND (SELECT max(day) FROM link_near_days)
  AND w.linked_on IN (FROM link_near_days)
ORDER BY w.place;
