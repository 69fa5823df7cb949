-- What the schema remembers of itself; made before the first migration.
CREATE TABLE schema_migrations (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'The steps that made this schema.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the step.';
COMMENT ON COLUMN schema_migrations.name IS 'File of the step.';
COMMENT ON COLUMN schema_migrations.sha256 IS 'SHA-256 of that file when it was applied.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied.';

CREATE TABLE schema_views (
    name VARCHAR PRIMARY KEY,
    sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE schema_views IS 'The views and macros as they were last made.';
COMMENT ON COLUMN schema_views.name IS 'File of the view or macro.';
COMMENT ON COLUMN schema_views.sha256 IS 'SHA-256 of that file.';
COMMENT ON COLUMN schema_views.applied_at IS 'When it was made.';
