-- All shingles of some articles of the window.
SELECT
    w.place,
    f.shingles
FROM link_window AS w
JOIN kept.article_features AS f USING (version_id, linked_on)
WHERE w.place IN (SELECT place FROM wanted_places)
  AND f.linked_on BETWEEN (SELECT min(linked_on) FROM link_window) AND (SELECT max(linked_on) FROM link_window);
