-- Features that were made of needed versions.
INSERT INTO kept.article_features BY NAME
SELECT
    f.*,
    n.linked_on
FROM link_features AS f
JOIN link_needed AS n USING (version_id)
ORDER BY linked_on, version_id;
