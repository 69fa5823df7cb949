-- Features of loaded versions: in the place of old ones, or new.
UPDATE article_features AS f
SET features = n.features,
    sizes = n.sizes,
    terms = n.terms,
    weights = n.weights,
    characters = n.characters,
    fingerprints = n.fingerprints,
    shingles = n.shingles
FROM link_features AS n
WHERE n.version_id = f.version_id;

INSERT INTO article_features BY NAME
SELECT
    n.*,
    coalesce(v.published_on, a.first_seen_at::DATE) AS linked_on
FROM link_features AS n
JOIN article_versions AS v USING (version_id)
JOIN articles AS a USING (article_id)
WHERE NOT EXISTS (FROM article_features AS f WHERE f.version_id = n.version_id)
ORDER BY linked_on, version_id;
