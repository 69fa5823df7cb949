-- Which indexed versions are the latest of their article; only articles with several versions are looked at.
UPDATE search_documents AS d
SET is_current = t.is_latest
FROM (
    SELECT
        v.version_id,
        c.version_id IS NOT NULL AS is_latest
    FROM article_versions AS v
    SEMI JOIN (
        SELECT article_id
        FROM article_versions
        GROUP BY article_id
        HAVING count(*) > 1
    ) AS several USING (article_id)
    LEFT JOIN current_versions AS c USING (version_id)
) AS t
WHERE t.version_id = d.version_id
  AND t.is_latest <> d.is_current;
