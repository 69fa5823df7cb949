-- How old the file is that somebody has opened.
CREATE OR REPLACE VIEW snapshot AS
SELECT
    made_at,
    -- The clock in UTC, as all times here are; without a look at time zones, which is an extension elsewhere.
    make_timestamp(epoch_us(now())) - made_at AS age,
    batches,
    articles,
    article_versions
FROM snapshot_info;

COMMENT ON VIEW snapshot IS 'How old this file is, and what it was made from: one row.';
COMMENT ON COLUMN snapshot.made_at IS 'When it was published, UTC.';
COMMENT ON COLUMN snapshot.age IS 'How long ago that is.';
COMMENT ON COLUMN snapshot.batches IS 'Batches loaded by then.';
COMMENT ON COLUMN snapshot.articles IS 'Articles loaded by then.';
COMMENT ON COLUMN snapshot.article_versions IS 'Versions loaded by then.';
