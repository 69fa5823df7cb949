-- The sampled shingles of the articles in the window, in its order.
SELECT
    w.linked_on - DATE '1970-01-01' AS day,
    w.is_new,
    f.fingerprints
FROM link_window AS w
JOIN kept.article_features AS f USING (version_id, linked_on)
WHERE f.linked_on BETWEEN (SELECT min(linked_on) FROM link_window) AND (SELECT max(linked_on) FROM link_window)
ORDER BY w.place;
