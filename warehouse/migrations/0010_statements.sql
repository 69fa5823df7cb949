-- The statements of a story: what was said, by the wordings that its articles give it.

CREATE TABLE article_sayings (
    version_id UUID NOT NULL,
    cutter VARCHAR NOT NULL,
    sayings VARCHAR NOT NULL
);
COMMENT ON TABLE article_sayings IS 'Every version''s quotes as the matching of statements compares them: sentences, and clauses in marks of their own. A function of the version; for analysts there are statements and statement_wordings.';
COMMENT ON COLUMN article_sayings.version_id IS 'The version.';
COMMENT ON COLUMN article_sayings.cutter IS 'Name and version of what cut them.';
COMMENT ON COLUMN article_sayings.sayings IS 'JSON: quotes [id, speaker, name], sayings [place of the quote, char_start, char_end, marked, words, names and figures in it], occasions [sort, name] by speaker.';

ALTER TABLE load_batches ADD COLUMN article_sayings BIGINT DEFAULT 0;
COMMENT ON COLUMN load_batches.article_sayings IS 'Rows it added to article_sayings.';

ALTER TABLE story_articles ADD COLUMN original_id UUID;
COMMENT ON COLUMN story_articles.original_id IS 'Of a copy: the article that had its text first.';

ALTER TABLE quote_pairs ADD COLUMN story_id UUID;
COMMENT ON TABLE quote_pairs IS 'The same statement in two quotes of a story, of two articles or of one. In a statement that stands in many places, each is paired with its earliest only: count statement_wordings, not pairs.';
COMMENT ON COLUMN quote_pairs.quote_b IS 'Another quote of the story, mostly of another article.';
COMMENT ON COLUMN quote_pairs.kind IS 'same: word for word; fragment: a part of it; variant: edited; reworded: translated or retold, by several kinds of evidence; to be counted apart.';
COMMENT ON COLUMN quote_pairs.story_id IS 'The story that both are told in.';

CREATE TABLE statements (
    statement_id UUID NOT NULL,
    story_id UUID NOT NULL,
    speaker_entity_id UUID,
    text VARCHAR NOT NULL,
    article_id UUID NOT NULL,
    quote_id UUID NOT NULL,
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    marked BOOLEAN NOT NULL,
    reworded_from UUID,
    CHECK (char_start < char_end),
    CHECK (reworded_from <> statement_id)
);
COMMENT ON TABLE statements IS 'What was said in a story of two articles or more: one row a statement, in its fullest wording, also where only one article has it.';
COMMENT ON COLUMN statements.statement_id IS 'Identity of the statement: a function of the article that had it first, of the speaker and of the words there.';
COMMENT ON COLUMN statements.story_id IS 'The story.';
COMMENT ON COLUMN statements.speaker_entity_id IS 'The canonical speaker, by any of its wordings.';
COMMENT ON COLUMN statements.text IS 'Its fullest wording, as the article has it, on one line.';
COMMENT ON COLUMN statements.article_id IS 'The article with that wording.';
COMMENT ON COLUMN statements.quote_id IS 'The quote with that wording.';
COMMENT ON COLUMN statements.char_start IS 'First code point of that wording in the text of the version of the quote.';
COMMENT ON COLUMN statements.char_end IS 'One past its last code point there.';
COMMENT ON COLUMN statements.marked IS 'Whether that wording stands in quote marks.';
COMMENT ON COLUMN statements.reworded_from IS 'The statement that this one seems to translate or retell; null for most. Both stay statements of their own in every count.';

CREATE TABLE statement_wordings (
    statement_id UUID NOT NULL,
    story_id UUID NOT NULL,
    article_id UUID NOT NULL,
    quote_id UUID NOT NULL,
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('head', 'same', 'fragment', 'variant')),
    marked BOOLEAN NOT NULL,
    score DOUBLE NOT NULL,
    CHECK (char_start < char_end)
);
COMMENT ON TABLE statement_wordings IS 'Where a statement stands, and how it is worded there: a sentence of a quote, or a clause in marks of its own.';
COMMENT ON COLUMN statement_wordings.statement_id IS 'The statement.';
COMMENT ON COLUMN statement_wordings.story_id IS 'The story.';
COMMENT ON COLUMN statement_wordings.article_id IS 'The article.';
COMMENT ON COLUMN statement_wordings.quote_id IS 'The quote it is a part of.';
COMMENT ON COLUMN statement_wordings.char_start IS 'First code point in the text of the version of the quote.';
COMMENT ON COLUMN statement_wordings.char_end IS 'One past the last code point.';
COMMENT ON COLUMN statement_wordings.kind IS 'head: the fullest wording; same: its words; fragment: a part of them, or they a part of these; variant: edited.';
COMMENT ON COLUMN statement_wordings.marked IS 'Whether it stands in quote marks.';
COMMENT ON COLUMN statement_wordings.score IS 'How sure it is that this is the statement, 0 to 1.';
