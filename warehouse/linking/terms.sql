-- The weighted terms of the articles of some days of the window, in its order.
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
JOIN article_features AS f USING (version_id)
WHERE w.linked_on BETWEEN $first - $days::INTEGER AND $last + $days::INTEGER
  AND f.linked_on BETWEEN $first - $days::INTEGER AND $last + $days::INTEGER
ORDER BY w.place;
