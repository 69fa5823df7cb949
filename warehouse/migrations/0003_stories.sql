-- What joins articles: copies of one text, stories told by several outlets, variants of one statement.

CREATE TABLE article_pairs (
    article_a UUID NOT NULL,
    article_b UUID NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('copy', 'story')),
    score DOUBLE NOT NULL,
    CHECK (article_a < article_b)
);
COMMENT ON TABLE article_pairs IS 'Two articles that share their text or tell of the same event.';
COMMENT ON COLUMN article_pairs.article_a IS 'The one with the lower id.';
COMMENT ON COLUMN article_pairs.article_b IS 'The other one.';
COMMENT ON COLUMN article_pairs.kind IS 'copy: one text; story: one event.';
COMMENT ON COLUMN article_pairs.score IS 'How sure that is, 0 to 1.';

CREATE TABLE stories (
    story_id UUID PRIMARY KEY,
    title VARCHAR,
    first_published_at TIMESTAMP,
    last_published_at TIMESTAMP,
    articles INTEGER NOT NULL,
    publishers INTEGER NOT NULL
);
COMMENT ON TABLE stories IS 'Events that one or more outlets reported.';
COMMENT ON COLUMN stories.story_id IS 'Identity of the story; after a merge, story_redirects leads from the old one to the new.';
COMMENT ON COLUMN stories.title IS 'The headline of its most typical article.';
COMMENT ON COLUMN stories.first_published_at IS 'When its first article was published.';
COMMENT ON COLUMN stories.last_published_at IS 'When its last article was published.';
COMMENT ON COLUMN stories.articles IS 'How many articles tell it.';
COMMENT ON COLUMN stories.publishers IS 'How many independent publishers tell it; copies of one text are one voice.';

CREATE TABLE story_articles (
    story_id UUID NOT NULL,
    article_id UUID NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('original', 'copy', 'report')),
    published_on DATE
);
COMMENT ON TABLE story_articles IS 'Which article tells which story.';
COMMENT ON COLUMN story_articles.story_id IS 'The story.';
COMMENT ON COLUMN story_articles.article_id IS 'The article.';
COMMENT ON COLUMN story_articles.role IS 'original: the first of a group of copies; copy: repeats another''s text; report: written by the outlet itself.';
COMMENT ON COLUMN story_articles.published_on IS 'The day the article was published.';

CREATE TABLE story_redirects (
    old_story_id UUID NOT NULL,
    new_story_id UUID NOT NULL,
    merged_at TIMESTAMP NOT NULL,
    CHECK (old_story_id <> new_story_id)
);
COMMENT ON TABLE story_redirects IS 'Where a story went that was merged into another.';
COMMENT ON COLUMN story_redirects.old_story_id IS 'The id that is no more.';
COMMENT ON COLUMN story_redirects.new_story_id IS 'The story that holds its articles now.';
COMMENT ON COLUMN story_redirects.merged_at IS 'When they were merged.';

CREATE TABLE quote_pairs (
    quote_a UUID NOT NULL,
    a_start INTEGER NOT NULL CHECK (a_start >= 0),
    a_end INTEGER NOT NULL,
    quote_b UUID NOT NULL,
    b_start INTEGER NOT NULL CHECK (b_start >= 0),
    b_end INTEGER NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('same', 'fragment', 'variant', 'reworded')),
    score DOUBLE NOT NULL,
    rule VARCHAR NOT NULL,
    CHECK (a_start < a_end AND b_start < b_end)
);
COMMENT ON TABLE quote_pairs IS 'The same statement in two articles of a story.';
COMMENT ON COLUMN quote_pairs.quote_a IS 'A quote.';
COMMENT ON COLUMN quote_pairs.a_start IS 'First code point of the statement in the text of the version of quote_a.';
COMMENT ON COLUMN quote_pairs.a_end IS 'One past its last code point there.';
COMMENT ON COLUMN quote_pairs.quote_b IS 'A quote of another article.';
COMMENT ON COLUMN quote_pairs.b_start IS 'First code point of the statement in the text of the version of quote_b.';
COMMENT ON COLUMN quote_pairs.b_end IS 'One past its last code point there.';
COMMENT ON COLUMN quote_pairs.kind IS 'same: word for word; fragment: a part of it; variant: edited; reworded: translated or retold.';
COMMENT ON COLUMN quote_pairs.score IS 'How sure that is, 0 to 1.';
COMMENT ON COLUMN quote_pairs.rule IS 'The rule or model that paired them.';
