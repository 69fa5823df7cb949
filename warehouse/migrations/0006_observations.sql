-- When the outlets were seen to show which version: the order of versions that no date in a page gives.

CREATE TABLE observations (
    version_id UUID NOT NULL,
    article_id UUID NOT NULL,
    observed_at TIMESTAMP NOT NULL,
    source_digest VARCHAR NOT NULL,
    location VARCHAR NOT NULL
);
COMMENT ON TABLE observations IS 'When an article was seen to read as in a version: one row each time it was fetched, or found in a web archive. A version that comes back (a change that was taken back) is seen again, not stored again.';
COMMENT ON COLUMN observations.version_id IS 'The version it read as.';
COMMENT ON COLUMN observations.article_id IS 'The article.';
COMMENT ON COLUMN observations.observed_at IS 'When it was fetched, UTC.';
COMMENT ON COLUMN observations.source_digest IS 'SHA-256 of what was read, hexadecimal; the same in the versions that other extractions made of it.';
COMMENT ON COLUMN observations.location IS 'The record of the web archive that holds it: file and byte.';

ALTER TABLE load_batches ADD COLUMN observations BIGINT DEFAULT 0;
COMMENT ON COLUMN load_batches.observations IS 'Rows it added to observations.';

COMMENT ON COLUMN article_versions.title_source IS 'Where the headline was found: given, h1, og:title, json-ld, twitter:title, title or text; feed, sitemap or news sitemap where the page has none.';
COMMENT ON COLUMN article_versions.authors_source IS 'Where the authors were found: json-ld, meta or byline; feed or news sitemap where the page names none.';
COMMENT ON COLUMN article_versions.published_source IS 'Where the time of publication was found: given, json-ld, meta, microdata, time, address, visible (in the text of the page), shown (published anew: the change that the page shows as its date), feed, sitemap, news sitemap (where the page does not say), dateline, byline; text means inferred from the dates in the text.';
