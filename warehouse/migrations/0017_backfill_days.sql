-- Which days a backfill has done, so that one that was killed goes on behind them.

CREATE TABLE backfill_days (
    backfill_id UUID NOT NULL,
    day DATE NOT NULL,
    extractor VARCHAR NOT NULL,
    origin VARCHAR NOT NULL CHECK (origin IN ('archive', 'web archives', 'sitemaps')),
    inputs VARCHAR[] NOT NULL,
    run_id UUID,
    state VARCHAR NOT NULL,
    documents BIGINT NOT NULL,
    versions BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    UNIQUE (backfill_id, day, extractor)
);
COMMENT ON TABLE backfill_days IS 'The days that backfills have done, each once for an extraction: a backfill that is started again leaves them out. A day that was not over then is not in here.';
COMMENT ON COLUMN backfill_days.backfill_id IS 'Identity of the backfill: a function of where it takes its documents from.';
COMMENT ON COLUMN backfill_days.day IS 'The day (UTC) whose documents were loaded: the day they were fetched or captured, in sitemaps the day they are dated.';
COMMENT ON COLUMN backfill_days.extractor IS 'Version of the extraction it was done with.';
COMMENT ON COLUMN backfill_days.origin IS 'archive: what was fetched; web archives: files of any maker; sitemaps: fetched from the sites now.';
COMMENT ON COLUMN backfill_days.inputs IS 'The folder of the archive, the web archives, or the source lists and addresses.';
COMMENT ON COLUMN backfill_days.run_id IS 'The run that did it; null where there was nothing of that day.';
COMMENT ON COLUMN backfill_days.state IS 'How that run ended; Empty where there was nothing of that day.';
COMMENT ON COLUMN backfill_days.documents IS 'Documents that were looked at.';
COMMENT ON COLUMN backfill_days.versions IS 'Versions of articles that were new.';
COMMENT ON COLUMN backfill_days.failed IS 'Documents that could not be used.';
COMMENT ON COLUMN backfill_days.ended_at IS 'When it was done, UTC.';
