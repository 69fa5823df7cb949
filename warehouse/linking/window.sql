-- The features of the articles in the window, in its order.
SELECT
    w.linked_on - DATE '1970-01-01' AS day,
    w.outlet,
    w.is_new,
    f.sizes,
    f.terms,
    f.weights,
    f.characters,
    f.fingerprints
FROM link_window AS w
JOIN article_features AS f USING (version_id)
WHERE f.linked_on BETWEEN (SELECT min(linked_on) FROM link_window) AND (SELECT max(linked_on) FROM link_window)
ORDER BY w.place;
