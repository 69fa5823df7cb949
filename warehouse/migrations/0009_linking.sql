-- What joining articles needs to know of each, what it has joined so far, and how sure it is of it.

CREATE TABLE article_features (
    version_id UUID NOT NULL,
    features VARCHAR NOT NULL,
    sizes BLOB NOT NULL,
    terms BLOB NOT NULL,
    weights BLOB NOT NULL,
    characters INTEGER NOT NULL,
    fingerprints BLOB NOT NULL,
    shingles BLOB NOT NULL,
    linked_on DATE NOT NULL
);
COMMENT ON TABLE article_features IS 'Every version as the linking of stories compares it: weighted terms and five-word shingles, as packed numbers. A function of the version; of no use to analysts.';
COMMENT ON COLUMN article_features.version_id IS 'The version.';
COMMENT ON COLUMN article_features.features IS 'Name and version of the arithmetic that made them.';
COMMENT ON COLUMN article_features.sizes IS 'How many terms each field has: one byte a field.';
COMMENT ON COLUMN article_features.terms IS 'The terms of all fields, hashed: two bytes each, the lower first.';
COMMENT ON COLUMN article_features.weights IS 'Their weights, 4096 being all of it: two bytes each, the lower first.';
COMMENT ON COLUMN article_features.characters IS 'Length of the article without its title and what was dropped, in characters.';
COMMENT ON COLUMN article_features.fingerprints IS 'Every eighth of its shingles, hashed: four bytes each, the lowest first.';
COMMENT ON COLUMN article_features.shingles IS 'All its shingles, hashed: four bytes each, the lowest first.';
COMMENT ON COLUMN article_features.linked_on IS 'The day it is linked by: of publication, else the day it was first seen here.';

ALTER TABLE load_batches ADD COLUMN article_features BIGINT DEFAULT 0;
COMMENT ON COLUMN load_batches.article_features IS 'Rows it added to article_features.';

CREATE TABLE linked_articles (
    article_id UUID NOT NULL,
    version_id UUID NOT NULL,
    linked_on DATE NOT NULL,
    dated_by VARCHAR NOT NULL CHECK (dated_by IN ('published', 'first seen')),
    linker VARCHAR NOT NULL
);
COMMENT ON TABLE linked_articles IS 'The articles that were put into stories, and by which version of each. What is not in here is linked next.';
COMMENT ON COLUMN linked_articles.article_id IS 'The article.';
COMMENT ON COLUMN linked_articles.version_id IS 'The version that was compared: the latest then.';
COMMENT ON COLUMN linked_articles.linked_on IS 'The day it was linked by.';
COMMENT ON COLUMN linked_articles.dated_by IS 'published, or first seen: it tells no date, so the day it was first loaded stands in.';
COMMENT ON COLUMN linked_articles.linker IS 'Name and version of what linked it.';

ALTER TABLE article_pairs ADD COLUMN linked_on DATE;
ALTER TABLE article_pairs ADD COLUMN rule VARCHAR;
COMMENT ON COLUMN article_pairs.kind IS 'copy: one holds much of the other''s text; story: they may tell of one event. Which stories there are, story_articles says.';
COMMENT ON COLUMN article_pairs.score IS 'copy: the share of the shorter text (its five-word shingles) that stands in the other; story: how likely it is, by the two articles alone. 0 to 1.';
COMMENT ON COLUMN article_pairs.linked_on IS 'The day of the earlier of the two.';
COMMENT ON COLUMN article_pairs.rule IS 'Name and version of the rule or model that paired them.';

ALTER TABLE story_articles ADD COLUMN role_reason VARCHAR;
ALTER TABLE story_articles ADD COLUMN credited VARCHAR;
ALTER TABLE story_articles ADD COLUMN linked_on DATE;
ALTER TABLE story_articles ADD COLUMN dated_by VARCHAR;
COMMENT ON COLUMN story_articles.role IS 'original: the first of a group of copies; copy: repeats another''s text; report: shares its text with no other article of the story.';
COMMENT ON COLUMN story_articles.role_reason IS 'How the original of a group of copies was told: agency (the outlet is the agency that the others credit), first published, or not told (they are of one day and credit nobody; one of them stands for all). Null for reports.';
COMMENT ON COLUMN story_articles.credited IS 'The news agency that the article credits in dateline or byline, where it does.';
COMMENT ON COLUMN story_articles.linked_on IS 'The day it was linked by.';
COMMENT ON COLUMN story_articles.dated_by IS 'published, or first seen: it tells no date, so the day it was first loaded stands in.';
COMMENT ON COLUMN stories.articles IS 'How many articles tell it; one that was revised counts once.';
COMMENT ON COLUMN stories.publishers IS 'How many independent publishers tell it: outlets of one house are one, and copies speak with the voice of their original.';
COMMENT ON COLUMN stories.title IS 'The headline of its most typical article: the one that is likest to the others.';
