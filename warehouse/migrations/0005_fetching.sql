-- What fetching remembers from run to run: of every attempt, of hosts, of robots.txt files and of feeds.

ALTER TABLE fetches ADD COLUMN kind VARCHAR;
ALTER TABLE fetches ADD COLUMN message VARCHAR;
ALTER TABLE fetches ADD COLUMN source VARCHAR;
ALTER TABLE fetches ADD COLUMN address_key VARCHAR;
COMMENT ON COLUMN fetches.kind IS 'page, feed (any list of articles), robots, or given: an address whose answer did not tell.';
COMMENT ON COLUMN fetches.message IS 'Why it was refused or failed, for people.';
COMMENT ON COLUMN fetches.source IS 'Name of the entry of the source list that it was made for.';
COMMENT ON COLUMN fetches.address_key IS 'What makes two addresses the same article: without fragment and campaign.';
COMMENT ON COLUMN fetches.outcome IS 'fetched (something new), not modified, redirected, refused (nothing was sent) or failed.';
COMMENT ON COLUMN fetches.final_url IS 'The address of this very request, where redirects led to.';

CREATE TABLE fetch_hosts (
    host VARCHAR NOT NULL,
    next_at TIMESTAMP,
    troubles INTEGER NOT NULL,
    last_trouble VARCHAR,
    seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE fetch_hosts IS 'One row per host that was asked: when it may be asked again.';
COMMENT ON COLUMN fetch_hosts.host IS 'Name and port.';
COMMENT ON COLUMN fetch_hosts.next_at IS 'Nothing is asked of it before.';
COMMENT ON COLUMN fetch_hosts.troubles IS 'Times in a row that it did not answer or said that it is too much; three open its circuit.';
COMMENT ON COLUMN fetch_hosts.last_trouble IS 'What the last of them was.';
COMMENT ON COLUMN fetch_hosts.seen_at IS 'When it was last asked.';

CREATE TABLE fetch_robots (
    origin VARCHAR NOT NULL,
    status INTEGER,
    content VARCHAR,
    fetched_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE fetch_robots IS 'One row per site: its robots.txt, which is kept for a day (RFC 9309).';
COMMENT ON COLUMN fetch_robots.origin IS 'Scheme, name and port.';
COMMENT ON COLUMN fetch_robots.status IS 'HTTP status of the answer.';
COMMENT ON COLUMN fetch_robots.content IS 'What it says; empty where everything is allowed, null where the site is closed.';
COMMENT ON COLUMN fetch_robots.fetched_at IS 'When it was read.';

CREATE TABLE fetch_places (
    url VARCHAR NOT NULL,
    source VARCHAR,
    polled_at TIMESTAMP NOT NULL,
    succeeded_at TIMESTAMP,
    next_poll_at TIMESTAMP NOT NULL,
    interval_seconds DOUBLE NOT NULL,
    new_items INTEGER NOT NULL,
    known_items INTEGER NOT NULL,
    failed_items INTEGER NOT NULL,
    reason VARCHAR,
    message VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    source_digest VARCHAR,
    fetched_at TIMESTAMP
);
COMMENT ON TABLE fetch_places IS 'One row per feed, sitemap or list: how it is, and when to look at it again.';
COMMENT ON COLUMN fetch_places.url IS 'Its address.';
COMMENT ON COLUMN fetch_places.source IS 'Name of the entry of the source list that names it.';
COMMENT ON COLUMN fetch_places.polled_at IS 'When it was last looked at.';
COMMENT ON COLUMN fetch_places.succeeded_at IS 'When that last went well.';
COMMENT ON COLUMN fetch_places.next_poll_at IS 'When to look again.';
COMMENT ON COLUMN fetch_places.interval_seconds IS 'How long to wait between two looks: less where there is often something new.';
COMMENT ON COLUMN fetch_places.new_items IS 'Articles that the last look found new.';
COMMENT ON COLUMN fetch_places.known_items IS 'Articles that it found known.';
COMMENT ON COLUMN fetch_places.failed_items IS 'Articles that it named and that could not be fetched.';
COMMENT ON COLUMN fetch_places.reason IS 'Why the last look failed, for machines.';
COMMENT ON COLUMN fetch_places.message IS 'Why the last look failed, for people.';
COMMENT ON COLUMN fetch_places.etag IS 'ETag of its last whole answer.';
COMMENT ON COLUMN fetch_places.last_modified IS 'Last-Modified of its last whole answer.';
COMMENT ON COLUMN fetch_places.source_digest IS 'SHA-256 of its last whole answer.';
COMMENT ON COLUMN fetch_places.fetched_at IS 'When it last answered as a whole.';
