-- Of the staged features those that are needed and not kept yet, each once.
INSERT INTO kept.article_features BY NAME
SELECT
    s.*,
    n.linked_on
FROM read_parquet($files) AS s
JOIN link_needed AS n USING (version_id)
ANTI JOIN kept.article_features AS f
    ON f.version_id = n.version_id
    AND f.linked_on = n.linked_on
WHERE s.features = $features
QUALIFY row_number() OVER (PARTITION BY s.version_id) = 1
ORDER BY linked_on, version_id;
