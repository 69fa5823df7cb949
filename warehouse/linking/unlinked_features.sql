-- Versions that are to be linked and whose features were not made by today's arithmetic.
SELECT c.version_id
FROM link_changed AS c
LEFT JOIN article_features AS f ON f.version_id = c.version_id AND f.features = $features
WHERE f.version_id IS NULL
ORDER BY c.version_id;
