-- A byline may credit a desk ("By the Some Daily Staff"): it is kept beside the agencies.
COMMENT ON COLUMN article_versions.author IS 'The byline as one line: the persons, then the agencies and desks that are credited.';
COMMENT ON COLUMN article_versions.agencies IS 'The news agencies and the desks that are credited with it, as they are written.';

-- A person may take back what they ordered for an outlet (or install an earlier release): then a version that is
-- there already is the one in force again. Nothing is stored twice; the moment is noted.
CREATE TABLE version_revivals (
    version_id UUID NOT NULL,
    revived_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE version_revivals IS 'Versions that came into force again: the same input was read by the rules that had made them, after others had.';
COMMENT ON COLUMN version_revivals.version_id IS 'The version.';
COMMENT ON COLUMN version_revivals.revived_at IS 'When it was found to be in force again, UTC.';

ALTER TABLE load_batches ADD COLUMN version_revivals BIGINT DEFAULT 0;
COMMENT ON COLUMN load_batches.version_revivals IS 'Rows it added to version_revivals.';
