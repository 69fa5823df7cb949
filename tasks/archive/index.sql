-- What lies where in the archive's WARC files. Made again from the files where it is missing, so it may be
-- deleted at any time. Moments are ISO 8601, UTC; offsets and lengths are bytes of the file.
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY,
    indexed_to INTEGER NOT NULL,  -- all that lies before is known below
    is_sound INTEGER NOT NULL     -- 0: something in it is broken, so it is not written to any more
);
CREATE TABLE IF NOT EXISTS answers (
    file TEXT NOT NULL,
    position INTEGER NOT NULL,
    length INTEGER NOT NULL,      -- of the record and of the metadata behind it
    record_id TEXT NOT NULL,
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    digest TEXT NOT NULL,         -- of the payload
    keeper_file TEXT,             -- of a revisit: where the payload is kept
    keeper_position INTEGER,
    keeper_length INTEGER,
    is_article INTEGER NOT NULL,  -- 1: it was fetched since it may be one
    hints TEXT,                   -- what a feed said of it, JSON
    PRIMARY KEY (file, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_by_digest ON answers (digest) WHERE keeper_file IS NULL;
CREATE INDEX IF NOT EXISTS answers_by_url ON answers (url, fetched_at);
