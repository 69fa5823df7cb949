-- The articles as they were read, what they are made of, who is named in them and who said what.
-- Every id is a function of content (sha256 → UUID), every *_at is UTC; *_on is a day as the outlet's readers saw it, in UTC
-- where no zone is known.
-- Integrity is watched by warehouse/checks/*.sql instead of keys: indexes cost twice the load time
-- and buy no look-up anything.

CREATE TABLE outlets (
    outlet_id UUID PRIMARY KEY,
    name VARCHAR NOT NULL,
    domain VARCHAR,
    publisher VARCHAR
);
COMMENT ON TABLE outlets IS 'The newspapers, sites and agencies that articles came from.';
COMMENT ON COLUMN outlets.outlet_id IS 'Identity of the outlet.';
COMMENT ON COLUMN outlets.name IS 'The name that readers know it by.';
COMMENT ON COLUMN outlets.domain IS 'Its domain, without www; null where the input names no address.';
COMMENT ON COLUMN outlets.publisher IS 'The house behind it, where known: outlets of one publisher are one voice.';

CREATE TABLE articles (
    article_id UUID NOT NULL,
    outlet_id UUID,
    input_id VARCHAR NOT NULL,
    url VARCHAR,
    natural_key VARCHAR NOT NULL,
    first_seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE articles IS 'One row per article, however often it was read, updated or extracted again.';
COMMENT ON COLUMN articles.article_id IS 'Identity of the article: a function of natural_key.';
COMMENT ON COLUMN articles.outlet_id IS 'The outlet that published it; null where nothing says which.';
COMMENT ON COLUMN articles.input_id IS 'The id that the input gave it, or the name of its file.';
COMMENT ON COLUMN articles.url IS 'Its canonical address, where known.';
COMMENT ON COLUMN articles.natural_key IS 'What makes it the same article when read again: its address, else its given id, else its file and opening line.';
COMMENT ON COLUMN articles.first_seen_at IS 'When it was first loaded here.';

CREATE TABLE article_versions (
    version_id UUID NOT NULL,
    article_id UUID NOT NULL,
    title VARCHAR,
    title_source VARCHAR,
    author VARCHAR,
    authors VARCHAR[],
    agencies VARCHAR[],
    authors_source VARCHAR,
    published_at TIMESTAMP,
    published_on DATE,
    published_source VARCHAR,
    published_precision VARCHAR CHECK (published_precision IN ('second', 'day')),
    published_utc_offset INTEGER,
    modified_at TIMESTAMP,
    modified_source VARCHAR,
    modified_utc_offset INTEGER,
    dateline_place VARCHAR,
    dateline_agencies VARCHAR[],
    dateline_on DATE,
    section VARCHAR,
    section_source VARCHAR,
    publisher VARCHAR,
    publisher_source VARCHAR,
    canonical_url VARCHAR,
    canonical_url_source VARCHAR,
    outlet_source VARCHAR,
    language VARCHAR,
    language_source VARCHAR,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    form VARCHAR NOT NULL,
    encoding VARCHAR,
    location VARCHAR NOT NULL,
    source_digest VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    tagger VARCHAR,
    batch_id UUID NOT NULL,
    extracted_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE article_versions IS 'What was read of an article, each time its text or the extraction changed. Never updated, never deleted; current_articles shows the latest.';
COMMENT ON COLUMN article_versions.version_id IS 'Identity of the version: a function of article, text and extractor.';
COMMENT ON COLUMN article_versions.article_id IS 'The article it is a version of.';
COMMENT ON COLUMN article_versions.title IS 'The headline.';
COMMENT ON COLUMN article_versions.title_source IS 'Where the headline was found: given, h1, og:title, json-ld, twitter:title, title or text.';
COMMENT ON COLUMN article_versions.author IS 'The byline as one line: the persons, then the agencies that are credited.';
COMMENT ON COLUMN article_versions.authors IS 'The persons who wrote it, one by one; never the outlet or its staff.';
COMMENT ON COLUMN article_versions.agencies IS 'The news agencies that are credited with it, as they are written.';
COMMENT ON COLUMN article_versions.authors_source IS 'Where the authors were found: json-ld, meta or byline.';
COMMENT ON COLUMN article_versions.published_at IS 'When it was published, UTC; midnight where only the day is known.';
COMMENT ON COLUMN article_versions.published_on IS 'The day it was published, as the readers of the outlet saw it: in the zone that the page writes, or by the date it shows; in UTC where neither is known. It may be a day before or after that of published_at.';
COMMENT ON COLUMN article_versions.published_source IS 'Where the time of publication was found: given, json-ld, meta, microdata, time, address, visible (in the text of the page), shown (published anew: the change that the page shows as its date), dateline, byline; text means inferred from the dates in the text.';
COMMENT ON COLUMN article_versions.published_precision IS 'second or day: how exact published_at is.';
COMMENT ON COLUMN article_versions.published_utc_offset IS 'The zone that the time of publication was written in, minutes east of UTC; null where none was written.';
COMMENT ON COLUMN article_versions.modified_at IS 'When the outlet last changed it, UTC, where it says so.';
COMMENT ON COLUMN article_versions.modified_source IS 'Where the time of the last change was found: json-ld, meta or microdata.';
COMMENT ON COLUMN article_versions.modified_utc_offset IS 'The zone that it was written in, minutes east of UTC.';
COMMENT ON COLUMN article_versions.dateline_place IS 'The place that the dateline names.';
COMMENT ON COLUMN article_versions.dateline_agencies IS 'The agencies that the dateline names.';
COMMENT ON COLUMN article_versions.dateline_on IS 'The day that the dateline names.';
COMMENT ON COLUMN article_versions.section IS 'The section of the outlet it stood in.';
COMMENT ON COLUMN article_versions.section_source IS 'Where the section was found: meta or json-ld.';
COMMENT ON COLUMN article_versions.publisher IS 'The house that the page names as its publisher.';
COMMENT ON COLUMN article_versions.publisher_source IS 'Where the publisher was found: json-ld or meta.';
COMMENT ON COLUMN article_versions.canonical_url IS 'The address that the page gives itself.';
COMMENT ON COLUMN article_versions.canonical_url_source IS 'Where it does: canonical link, og:url or json-ld.';
COMMENT ON COLUMN article_versions.outlet_source IS 'Where the name of the outlet was found: given, sources.toml, site name, byline, domain or dateline.';
COMMENT ON COLUMN article_versions.language IS 'Language of the text, ISO 639-1.';
COMMENT ON COLUMN article_versions.language_source IS 'Where the language was found: given, html or detected.';
COMMENT ON COLUMN article_versions.text IS 'The article as it was read. Every offset in this warehouse is a 0-based code point in it, end exclusive: substr(text, char_start + 1, char_end - char_start).';
COMMENT ON COLUMN article_versions.form IS 'text or html: what the input held.';
COMMENT ON COLUMN article_versions.encoding IS 'The character encoding that the input was decoded from.';
COMMENT ON COLUMN article_versions.location IS 'The file, the line of a file or the address it was read from.';
COMMENT ON COLUMN article_versions.source_digest IS 'SHA-256 of what was read, hexadecimal: the same input is known again by it.';
COMMENT ON COLUMN article_versions.extractor IS 'Version of the extraction that made this row and all that points at it.';
COMMENT ON COLUMN article_versions.tagger IS 'Name and version of the tagger of names; null where the language has none.';
COMMENT ON COLUMN article_versions.batch_id IS 'The batch it was loaded with.';
COMMENT ON COLUMN article_versions.extracted_at IS 'When it was loaded here.';

CREATE TABLE segments (
    version_id UUID NOT NULL,
    segment_no INTEGER NOT NULL CHECK (segment_no >= 0),
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    role VARCHAR NOT NULL CHECK (
        role IN ('title', 'byline', 'dateline', 'summary', 'body', 'caption', 'credit', 'correction', 'dropped')
    ),
    rule VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    linked_article_id UUID,
    published_on DATE,
    CHECK (char_start < char_end)
);
COMMENT ON TABLE segments IS 'The text of a version, cut into roles without a gap. A cut is a label, not a deletion: what does not belong to the article is there under the role dropped.';
COMMENT ON COLUMN segments.version_id IS 'The version whose text it cuts.';
COMMENT ON COLUMN segments.segment_no IS 'Its place in the text, from 0.';
COMMENT ON COLUMN segments.char_start IS 'First code point, 0-based.';
COMMENT ON COLUMN segments.char_end IS 'One past the last code point.';
COMMENT ON COLUMN segments.role IS 'title, byline, dateline, summary, body, caption, credit, correction, or dropped.';
COMMENT ON COLUMN segments.rule IS 'The rule or model that gave it the role.';
COMMENT ON COLUMN segments.score IS 'How sure that rule is, 0 to 1.';
COMMENT ON COLUMN segments.linked_article_id IS 'The article that a dropped headline belongs to, where it is known.';
COMMENT ON COLUMN segments.published_on IS 'The day the article was published.';

CREATE TABLE entities (
    entity_id UUID NOT NULL,
    label VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    country VARCHAR
);
COMMENT ON TABLE entities IS 'The people, organisations, places and nationalities that mentions mean.';
COMMENT ON COLUMN entities.entity_id IS 'Identity of the entity.';
COMMENT ON COLUMN entities.label IS 'PER, ORG, LOC or NORP.';
COMMENT ON COLUMN entities.name IS 'Its canonical name: the best of its aliases, whatever the order they were loaded in.';
COMMENT ON COLUMN entities.country IS 'The country it is or stands for, ISO 3166-1 alpha-2, where that is certain.';

CREATE TABLE entity_aliases (
    entity_id UUID NOT NULL,
    alias VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    name_rank INTEGER,
    mentions BIGINT NOT NULL DEFAULT 0
);
COMMENT ON TABLE entity_aliases IS 'Every wording that was taken to mean an entity, and by which rule.';
COMMENT ON COLUMN entity_aliases.entity_id IS 'The entity.';
COMMENT ON COLUMN entity_aliases.alias IS 'The wording.';
COMMENT ON COLUMN entity_aliases.rule IS 'The rule that says so; name for a canonical name of one article.';
COMMENT ON COLUMN entity_aliases.name_rank IS 'How good a name to display it is; the highest becomes entities.name. Null: nobody said, so any other is better.';
COMMENT ON COLUMN entity_aliases.mentions IS 'How many mentions of the entity, in all loaded versions, are worded so; the same under every rule. Of names of one rank the most frequent is entities.name.';

CREATE TABLE mentions (
    mention_id UUID NOT NULL,
    version_id UUID NOT NULL,
    entity_id UUID,
    label VARCHAR NOT NULL CHECK (label IN ('PER', 'ORG', 'LOC', 'NORP', 'DATE', 'QUANTITY', 'MONEY')),
    surface VARCHAR NOT NULL,
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    score DOUBLE NOT NULL,
    rule VARCHAR NOT NULL,
    normalized VARCHAR,
    role VARCHAR,
    role_country VARCHAR,
    published_on DATE,
    CHECK (char_start < char_end)
);
COMMENT ON TABLE mentions IS 'The names, dates, quantities and sums of money in the texts.';
COMMENT ON COLUMN mentions.mention_id IS 'Identity of the mention.';
COMMENT ON COLUMN mentions.version_id IS 'The version whose text it stands in.';
COMMENT ON COLUMN mentions.entity_id IS 'What it means; null for dates, quantities, money.';
COMMENT ON COLUMN mentions.label IS 'PER, ORG, LOC, NORP, DATE, QUANTITY or MONEY.';
COMMENT ON COLUMN mentions.surface IS 'The words as they stand in the text.';
COMMENT ON COLUMN mentions.char_start IS 'First code point, 0-based.';
COMMENT ON COLUMN mentions.char_end IS 'One past the last code point.';
COMMENT ON COLUMN mentions.score IS 'How sure the rule is, 0 to 1.';
COMMENT ON COLUMN mentions.rule IS 'The rule or tagger that made it.';
COMMENT ON COLUMN mentions.normalized IS 'An ISO date for a DATE, number and unit for a QUANTITY or MONEY, the ISO 3166 country for a NORP.';
COMMENT ON COLUMN mentions.role IS 'The office that the text gives the person here.';
COMMENT ON COLUMN mentions.role_country IS 'The country of that office, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN mentions.published_on IS 'The day the article was published.';

CREATE TABLE quotes (
    quote_id UUID NOT NULL,
    version_id UUID NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('direct', 'mixed', 'indirect')),
    stance VARCHAR NOT NULL CHECK (stance IN ('speech', 'belief', 'intent')),
    text VARCHAR NOT NULL,
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    cue VARCHAR,
    cue_start INTEGER,
    cue_end INTEGER,
    speaker VARCHAR,
    speaker_start INTEGER,
    speaker_end INTEGER,
    speaker_entity_id UUID,
    speaker_role VARCHAR,
    speaker_null_reason VARCHAR,
    carrier_quote_id UUID,
    score DOUBLE NOT NULL,
    rule VARCHAR NOT NULL,
    published_on DATE,
    CHECK (char_start < char_end)
);
COMMENT ON TABLE quotes IS 'What somebody said, believes or intends, by an article.';
COMMENT ON COLUMN quotes.quote_id IS 'Identity of the quote.';
COMMENT ON COLUMN quotes.version_id IS 'The version whose text it stands in.';
COMMENT ON COLUMN quotes.kind IS 'direct: all of it in quote marks; mixed: in part; indirect: not at all.';
COMMENT ON COLUMN quotes.stance IS 'speech, belief or intent.';
COMMENT ON COLUMN quotes.text IS 'The words from its first to its last, quote marks included; an attribution that interrupts it is in there too (see quote_spans).';
COMMENT ON COLUMN quotes.char_start IS 'First code point, 0-based.';
COMMENT ON COLUMN quotes.char_end IS 'One past the last code point.';
COMMENT ON COLUMN quotes.cue IS 'The word that attributes it: said, according to.';
COMMENT ON COLUMN quotes.cue_start IS 'First code point of the cue.';
COMMENT ON COLUMN quotes.cue_end IS 'One past the last code point of the cue.';
COMMENT ON COLUMN quotes.speaker IS 'The speaker as worded beside the quote: a name, a pronoun, an office.';
COMMENT ON COLUMN quotes.speaker_start IS 'First code point of that wording.';
COMMENT ON COLUMN quotes.speaker_end IS 'One past the last code point of that wording.';
COMMENT ON COLUMN quotes.speaker_entity_id IS 'The canonical speaker.';
COMMENT ON COLUMN quotes.speaker_role IS 'The office that the article gives the speaker.';
COMMENT ON COLUMN quotes.speaker_null_reason IS 'Why there is no canonical speaker: unnamed source, generic, collective, not found.';
COMMENT ON COLUMN quotes.carrier_quote_id IS 'Of a nested quote: the quote it stands in; else null.';
COMMENT ON COLUMN quotes.score IS 'How sure the rule is, 0 to 1.';
COMMENT ON COLUMN quotes.rule IS 'The rule or tagger that made it.';
COMMENT ON COLUMN quotes.published_on IS 'The day the article was published.';

CREATE TABLE quote_spans (
    quote_id UUID NOT NULL,
    span_no INTEGER NOT NULL CHECK (span_no >= 0),
    char_start INTEGER NOT NULL CHECK (char_start >= 0),
    char_end INTEGER NOT NULL,
    CHECK (char_start < char_end)
);
COMMENT ON TABLE quote_spans IS 'The pieces of a quote''s content: more than one where its attribution interrupts it.';
COMMENT ON COLUMN quote_spans.quote_id IS 'The quote.';
COMMENT ON COLUMN quote_spans.span_no IS 'The piece''s place in the quote, from 0.';
COMMENT ON COLUMN quote_spans.char_start IS 'First code point in the text of the version, 0-based.';
COMMENT ON COLUMN quote_spans.char_end IS 'One past the last code point.';
