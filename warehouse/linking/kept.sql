-- The features of versions: weighted terms (two bytes each and two for the weight, the fields cut by sizes) and
-- five-word shingles (four bytes each; fingerprints are those that are sampled). Hashes do not compress.
CREATE TABLE IF NOT EXISTS kept.article_features (
    version_id UUID NOT NULL,
    features VARCHAR NOT NULL,
    sizes BLOB NOT NULL,
    terms BLOB NOT NULL USING COMPRESSION uncompressed,
    weights BLOB NOT NULL USING COMPRESSION uncompressed,
    characters INTEGER NOT NULL,
    fingerprints BLOB NOT NULL USING COMPRESSION uncompressed,
    shingles BLOB NOT NULL USING COMPRESSION uncompressed,
    linked_on DATE NOT NULL
);

-- Fails where a file of another program has a table of that name.
SELECT
    version_id,
    features,
    sizes,
    terms,
    weights,
    characters,
    fingerprints,
    shingles,
    linked_on
FROM kept.article_features
LIMIT 0;
