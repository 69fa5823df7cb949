-- Who and what is named most in some articles, the first of each kind.
SELECT
    e.label,
    e.name,
    count(*) AS mentions,
    count(DISTINCT v.article_id) AS articles
FROM mentions AS m
JOIN current_versions AS v USING (version_id)
JOIN entities AS e USING (entity_id)
WHERE v.article_id IN (SELECT unnest($articles)::UUID)
GROUP BY
    e.entity_id,
    e.label,
    e.name
QUALIFY row_number() OVER (
    PARTITION BY e.label
    ORDER BY articles DESC, mentions DESC, e.name, e.entity_id
) <= $most
ORDER BY
    e.label,
    articles DESC,
    mentions DESC,
    e.name,
    e.entity_id
