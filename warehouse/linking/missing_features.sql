-- The needed versions whose features are not kept.
SELECT n.version_id
FROM link_needed AS n
ANTI JOIN kept.article_features AS f
    ON f.version_id = n.version_id
    AND f.linked_on = n.linked_on
ORDER BY n.version_id;
