-- What ran, what it loaded, what it could not use, what was checked: the history of the warehouse.

CREATE TABLE failures (
    failure_id UUID NOT NULL,
    input VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    detail VARCHAR,
    source_digest VARCHAR,
    extractor VARCHAR,
    first_seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE failures IS 'One row per document or input that could not be used, and why.';
COMMENT ON COLUMN failures.failure_id IS 'Identity of the failure: the same input failing again in the same way is the same row.';
COMMENT ON COLUMN failures.input IS 'The file, line of a file or address.';
COMMENT ON COLUMN failures.stage IS 'Where it failed: read, clean, annotate, fetch and so on.';
COMMENT ON COLUMN failures.reason IS 'Why, for machines.';
COMMENT ON COLUMN failures.message IS 'Why, and what to do, for people.';
COMMENT ON COLUMN failures.detail IS 'The technical detail, where there is one.';
COMMENT ON COLUMN failures.source_digest IS 'SHA-256 of what was read, where something was.';
COMMENT ON COLUMN failures.extractor IS 'Version of the extraction that could not use it.';
COMMENT ON COLUMN failures.first_seen_at IS 'When it first failed.';

CREATE TABLE fetches (
    fetch_id UUID NOT NULL,
    run_id UUID,
    outlet_id UUID,
    url VARCHAR NOT NULL,
    final_url VARCHAR,
    outcome VARCHAR NOT NULL,
    reason VARCHAR,
    status INTEGER,
    media_type VARCHAR,
    bytes BIGINT,
    etag VARCHAR,
    last_modified VARCHAR,
    source_digest VARCHAR,
    archived_at VARCHAR,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
COMMENT ON TABLE fetches IS 'One row per attempt to fetch an address.';
COMMENT ON COLUMN fetches.fetch_id IS 'Identity of the attempt.';
COMMENT ON COLUMN fetches.run_id IS 'The run that made it.';
COMMENT ON COLUMN fetches.outlet_id IS 'The outlet it was made for.';
COMMENT ON COLUMN fetches.url IS 'The address asked for.';
COMMENT ON COLUMN fetches.final_url IS 'The address that answered, after redirects.';
COMMENT ON COLUMN fetches.outcome IS 'fetched, not modified, refused or failed.';
COMMENT ON COLUMN fetches.reason IS 'Why it was refused or failed, for machines.';
COMMENT ON COLUMN fetches.status IS 'HTTP status of the answer.';
COMMENT ON COLUMN fetches.media_type IS 'Media type of the answer.';
COMMENT ON COLUMN fetches.bytes IS 'Length of the answer''s body in bytes.';
COMMENT ON COLUMN fetches.etag IS 'ETag of the answer, for the next conditional request.';
COMMENT ON COLUMN fetches.last_modified IS 'Last-Modified of the answer, for the next conditional request.';
COMMENT ON COLUMN fetches.source_digest IS 'SHA-256 of the body.';
COMMENT ON COLUMN fetches.archived_at IS 'Where the archive keeps it: file and record.';
COMMENT ON COLUMN fetches.started_at IS 'When the attempt began.';
COMMENT ON COLUMN fetches.ended_at IS 'When the attempt ended.';

CREATE TABLE runs (
    run_id UUID PRIMARY KEY,
    flow_run_id VARCHAR,
    command VARCHAR NOT NULL,
    inputs VARCHAR[] NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    state VARCHAR NOT NULL CHECK (
        state IN (
            'running', 'Completed', 'CompletedWithErrors', 'NoNewArticles', 'Failed', 'QualityFailed', 'crashed'
        )
    ),
    message VARCHAR,
    counts MAP(VARCHAR, BIGINT),
    cpu_seconds DOUBLE,
    cpu_by_stage MAP(VARCHAR, DOUBLE),
    wall_seconds DOUBLE,
    version VARCHAR NOT NULL,
    pid INTEGER NOT NULL,
    host VARCHAR NOT NULL
);
COMMENT ON TABLE runs IS 'What ran on this warehouse and how it ended.';
COMMENT ON COLUMN runs.run_id IS 'Identity of the run.';
COMMENT ON COLUMN runs.flow_run_id IS 'Identity of the Prefect flow run.';
COMMENT ON COLUMN runs.command IS 'The command that was typed or scheduled.';
COMMENT ON COLUMN runs.inputs IS 'The inputs it was given.';
COMMENT ON COLUMN runs.started_at IS 'When it began.';
COMMENT ON COLUMN runs.ended_at IS 'When it ended; null while it runs.';
COMMENT ON COLUMN runs.state IS 'running, Completed, CompletedWithErrors, NoNewArticles, Failed, QualityFailed, or crashed.';
COMMENT ON COLUMN runs.message IS 'How it ended, in one sentence.';
COMMENT ON COLUMN runs.counts IS 'What it brought: rows by table, and whatever else it counted.';
COMMENT ON COLUMN runs.cpu_seconds IS 'CPU time, its worker processes included.';
COMMENT ON COLUMN runs.cpu_by_stage IS 'CPU seconds of read, clean, annotate, stage and load; the rest is start-up, Prefect, checks and publishing.';
COMMENT ON COLUMN runs.wall_seconds IS 'Time on the clock.';
COMMENT ON COLUMN runs.version IS 'Version of the program.';
COMMENT ON COLUMN runs.pid IS 'Its process.';
COMMENT ON COLUMN runs.host IS 'Its machine.';

CREATE TABLE load_batches (
    batch_id UUID PRIMARY KEY,
    outlets BIGINT NOT NULL,
    articles BIGINT NOT NULL,
    article_versions BIGINT NOT NULL,
    segments BIGINT NOT NULL,
    entities BIGINT NOT NULL,
    entity_aliases BIGINT NOT NULL,
    mentions BIGINT NOT NULL,
    quotes BIGINT NOT NULL,
    quote_spans BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    rows_total BIGINT NOT NULL,
    loaded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE load_batches IS 'The ledger: what each batch added, written in the same transaction as its rows. The sums must equal the tables.';
COMMENT ON COLUMN load_batches.batch_id IS 'Identity of the batch.';
COMMENT ON COLUMN load_batches.outlets IS 'Rows it added to outlets.';
COMMENT ON COLUMN load_batches.articles IS 'Rows it added to articles.';
COMMENT ON COLUMN load_batches.article_versions IS 'Rows it added to article_versions.';
COMMENT ON COLUMN load_batches.segments IS 'Rows it added to segments.';
COMMENT ON COLUMN load_batches.entities IS 'Rows it added to entities.';
COMMENT ON COLUMN load_batches.entity_aliases IS 'Rows it added to entity_aliases.';
COMMENT ON COLUMN load_batches.mentions IS 'Rows it added to mentions.';
COMMENT ON COLUMN load_batches.quotes IS 'Rows it added to quotes.';
COMMENT ON COLUMN load_batches.quote_spans IS 'Rows it added to quote_spans.';
COMMENT ON COLUMN load_batches.failures IS 'Rows it added to failures.';
COMMENT ON COLUMN load_batches.rows_total IS 'Rows it added in all.';
COMMENT ON COLUMN load_batches.loaded_at IS 'When it was loaded.';

CREATE TABLE quality_checks (
    run_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('error', 'warning')),
    checked_at TIMESTAMP NOT NULL,
    violations BIGINT NOT NULL,
    sample VARCHAR[] NOT NULL,
    passed BOOLEAN NOT NULL
);
COMMENT ON TABLE quality_checks IS 'What the integrity checks found after each run; passed everywhere in a sound warehouse.';
COMMENT ON COLUMN quality_checks.run_id IS 'The run it was made for.';
COMMENT ON COLUMN quality_checks.name IS 'The check: a file of that name in warehouse/checks.';
COMMENT ON COLUMN quality_checks.severity IS 'error: the run fails; warning: somebody should look.';
COMMENT ON COLUMN quality_checks.checked_at IS 'When it was checked.';
COMMENT ON COLUMN quality_checks.violations IS 'How many rows break the rule.';
COMMENT ON COLUMN quality_checks.sample IS 'The first few of them.';
COMMENT ON COLUMN quality_checks.passed IS 'Whether none does.';

CREATE TABLE snapshot_info (
    created_at TIMESTAMP NOT NULL,
    made_at TIMESTAMP,
    batches BIGINT NOT NULL,
    articles BIGINT NOT NULL,
    article_versions BIGINT NOT NULL
);
COMMENT ON TABLE snapshot_info IS 'One row: how fresh this file is and what it was made from.';
COMMENT ON COLUMN snapshot_info.created_at IS 'When the warehouse was begun.';
COMMENT ON COLUMN snapshot_info.made_at IS 'When this file was published.';
COMMENT ON COLUMN snapshot_info.batches IS 'Batches loaded by then.';
COMMENT ON COLUMN snapshot_info.articles IS 'Articles loaded by then.';
COMMENT ON COLUMN snapshot_info.article_versions IS 'Versions loaded by then.';
