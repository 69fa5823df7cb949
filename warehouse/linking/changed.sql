-- The articles that are to be linked: new ones, and those whose latest version (or the linker) is another one
-- than the one that was linked. A function of the loaded rows, so what a killed run left undone is found again.
CREATE OR REPLACE TEMP TABLE link_changed AS
WITH counted AS (
    SELECT
        article_id,
        min(version_id) AS version_id,
        count(*) AS versions
    FROM article_versions
    GROUP BY article_id
),
latest AS (
    SELECT
        article_id,
        version_id
    FROM counted
    WHERE versions = 1
    UNION ALL
    SELECT
        article_id,
        version_id
    FROM current_versions
    WHERE article_id IN (SELECT article_id FROM counted WHERE versions > 1)
)
SELECT
    n.article_id,
    n.version_id,
    l.version_id IS NOT NULL AS was_linked
FROM latest AS n
LEFT JOIN linked_articles AS l USING (article_id)
WHERE l.version_id IS DISTINCT FROM n.version_id
   OR l.linker IS DISTINCT FROM $linker;
