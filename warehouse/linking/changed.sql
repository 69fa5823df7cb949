-- The articles that are to be linked: new ones, and those whose latest version (or the linker) is another one
-- than the one that was linked. A function of the loaded rows, so what a killed run left undone is found again.
-- In question is who has a version that is not the linked one; most versions are.
CREATE OR REPLACE TEMP TABLE link_asked AS
SELECT DISTINCT v.article_id
FROM article_versions AS v
ANTI JOIN (
    SELECT version_id
    FROM linked_articles
    WHERE linker = $linker
) AS l USING (version_id);

-- Fetched by row numbers: a join would read all columns of all versions.
CREATE OR REPLACE TEMP TABLE link_asked_versions AS
SELECT
    version_id,
    article_id,
    published_at,
    published_on,
    modified_at,
    extracted_at,
    location
FROM article_versions
WHERE rowid IN (
    SELECT v.rowid
    FROM article_versions AS v
    SEMI JOIN link_asked USING (article_id)
);

CREATE OR REPLACE TEMP TABLE link_changed AS
SELECT
    n.article_id,
    n.version_id,
    v.published_on,
    l.linked_on AS was_linked_on
FROM latest_of('link_asked_versions') AS n
JOIN link_asked_versions AS v USING (version_id)
LEFT JOIN linked_articles AS l ON l.article_id = n.article_id
WHERE l.version_id IS DISTINCT FROM n.version_id
   OR l.linker IS DISTINCT FROM $linker;
