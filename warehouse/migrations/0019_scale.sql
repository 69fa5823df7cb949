-- Batches of one run are loaded many at a time: one transaction for each would cost more than its rows.

ALTER TABLE load_batches ADD COLUMN loaded_with UUID;
COMMENT ON COLUMN load_batches.loaded_with IS 'Of batches that were loaded in one transaction: the one whose row counts what all of them added; the others'' rows say 0. Null where a batch was loaded alone.';
COMMENT ON TABLE load_batches IS 'The ledger: what the batches added, written in the same transaction as its rows. The sums must equal the tables.';

-- Checks after a load look at what was loaded; now and then they look at everything.
ALTER TABLE quality_checks ADD COLUMN of_all BOOLEAN DEFAULT true;
COMMENT ON COLUMN quality_checks.of_all IS 'Whether the checks of this run looked at the whole warehouse; else at what was loaded since the ones before, and a check that had failed at everything.';

-- Packed numbers are hardly any smaller compressed. What DuckDB chooses by itself took as long as all the rest of a
-- load; zstd takes a fifth of that.
ALTER TABLE article_features RENAME TO article_features_before;
CREATE TABLE article_features (
    version_id UUID NOT NULL,
    features VARCHAR NOT NULL,
    sizes BLOB NOT NULL,
    terms BLOB NOT NULL USING COMPRESSION zstd,
    weights BLOB NOT NULL USING COMPRESSION zstd,
    characters INTEGER NOT NULL,
    fingerprints BLOB NOT NULL USING COMPRESSION zstd,
    shingles BLOB NOT NULL USING COMPRESSION zstd,
    linked_on DATE NOT NULL
);
INSERT INTO article_features BY NAME
FROM article_features_before
ORDER BY linked_on, version_id;
DROP TABLE article_features_before;
COMMENT ON TABLE article_features IS 'Every version as the linking of stories compares it: weighted terms and five-word shingles, as packed numbers. A function of the version; of no use to analysts.';
COMMENT ON COLUMN article_features.version_id IS 'The version.';
COMMENT ON COLUMN article_features.features IS 'Name and version of the arithmetic that made them.';
COMMENT ON COLUMN article_features.sizes IS 'How many terms each field has: one byte a field.';
COMMENT ON COLUMN article_features.terms IS 'The terms of all fields, hashed: two bytes each, the lower first.';
COMMENT ON COLUMN article_features.weights IS 'Their weights, 4096 being all of it: two bytes each, the lower first.';
COMMENT ON COLUMN article_features.characters IS 'Length of the article without its title and what was dropped, in characters.';
COMMENT ON COLUMN article_features.fingerprints IS 'Every eighth of its shingles, hashed: four bytes each, the lowest first.';
COMMENT ON COLUMN article_features.shingles IS 'All its shingles, hashed: four bytes each, the lowest first.';
COMMENT ON COLUMN article_features.linked_on IS 'The day it is linked by: of publication, else the day it was first seen here.';
