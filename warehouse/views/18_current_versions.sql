-- The latest version of every article (latest_of says which that is), and which stretches of its text are its body
-- and which were cut off.
-- Below current_articles and search: to have the words themselves cut out takes long, so they wait till the end.
CREATE OR REPLACE VIEW current_versions AS
WITH cuts AS (
    SELECT
        version_id,
        list({'char_start': char_start, 'char_end': char_end} ORDER BY char_start)
            FILTER (role = 'body') AS body,
        list({'char_start': char_start, 'char_end': char_end} ORDER BY char_start)
            FILTER (role = 'dropped') AS dropped
    FROM segments
    WHERE role IN ('body', 'dropped')
    GROUP BY version_id
)
SELECT
    v.*,
    c.body AS body_stretches,
    c.dropped AS dropped_stretches
FROM article_versions AS v
SEMI JOIN latest_of('article_versions') USING (version_id)
LEFT JOIN cuts AS c USING (version_id);

COMMENT ON VIEW current_versions IS 'The latest version of every article, with all that is known of it: the one that its outlet was last seen to show; where nothing tells that, the latest date (modified, else published), then the last loaded, then the furthest down in its file. current_articles is easier to read.';
COMMENT ON COLUMN current_versions.version_id IS 'Identity of the version: a function of article, text and extractor.';
COMMENT ON COLUMN current_versions.article_id IS 'The article it is a version of.';
COMMENT ON COLUMN current_versions.title IS 'The headline.';
COMMENT ON COLUMN current_versions.title_source IS 'Where the headline was found: given, h1, og:title, json-ld, twitter:title, title or text.';
COMMENT ON COLUMN current_versions.author IS 'The byline as one line: the persons, then the agencies and desks that are credited.';
COMMENT ON COLUMN current_versions.authors IS 'The persons who wrote it, one by one; never the outlet or its staff.';
COMMENT ON COLUMN current_versions.agencies IS 'The news agencies and the desks that are credited with it, as they are written.';
COMMENT ON COLUMN current_versions.authors_source IS 'Where the authors were found: json-ld, meta or byline.';
COMMENT ON COLUMN current_versions.published_at IS 'When it was published, UTC; midnight where only the day is known.';
COMMENT ON COLUMN current_versions.published_on IS 'The day it was published, as the readers of the outlet saw it: in the zone that the page writes, or by the date it shows; in UTC where neither is known. It may be a day before or after that of published_at.';
COMMENT ON COLUMN current_versions.published_source IS 'Where the time of publication was found: given, json-ld, meta, microdata, time, address, visible (in the text of the page), shown (published anew: the change that the page shows as its date), dateline, byline; text means inferred from the dates in the text.';
COMMENT ON COLUMN current_versions.published_precision IS 'second or day: how exact published_at is.';
COMMENT ON COLUMN current_versions.published_utc_offset IS 'The zone that the time of publication was written in, minutes east of UTC; null where none was written.';
COMMENT ON COLUMN current_versions.modified_at IS 'When the outlet last changed it, UTC, where it says so.';
COMMENT ON COLUMN current_versions.modified_source IS 'Where the time of the last change was found: json-ld, meta or microdata.';
COMMENT ON COLUMN current_versions.modified_utc_offset IS 'The zone that it was written in, minutes east of UTC.';
COMMENT ON COLUMN current_versions.dateline_place IS 'The place that the dateline names.';
COMMENT ON COLUMN current_versions.dateline_agencies IS 'The agencies that the dateline names.';
COMMENT ON COLUMN current_versions.dateline_on IS 'The day that the dateline names.';
COMMENT ON COLUMN current_versions.section IS 'The section of the outlet it stood in.';
COMMENT ON COLUMN current_versions.section_source IS 'Where the section was found: meta or json-ld.';
COMMENT ON COLUMN current_versions.publisher IS 'The house that the page names as its publisher.';
COMMENT ON COLUMN current_versions.publisher_source IS 'Where the publisher was found: json-ld or meta.';
COMMENT ON COLUMN current_versions.canonical_url IS 'The address that the page gives itself.';
COMMENT ON COLUMN current_versions.canonical_url_source IS 'Where it does: canonical link, og:url or json-ld.';
COMMENT ON COLUMN current_versions.outlet_source IS 'Where the name of the outlet was found: given, sources.toml, site name, byline, domain or dateline.';
COMMENT ON COLUMN current_versions.language IS 'Language of the text, ISO 639-1.';
COMMENT ON COLUMN current_versions.language_source IS 'Where the language was found: given, html or detected.';
COMMENT ON COLUMN current_versions.text IS 'The article as it was read. Every offset in this warehouse is a 0-based code point in it, end exclusive: substr(text, char_start + 1, char_end - char_start).';
COMMENT ON COLUMN current_versions.form IS 'text or html: what the input held.';
COMMENT ON COLUMN current_versions.encoding IS 'The character encoding that the input was decoded from.';
COMMENT ON COLUMN current_versions.location IS 'The file, the line of a file or the address it was read from.';
COMMENT ON COLUMN current_versions.source_digest IS 'SHA-256 of what was read, hexadecimal: the same input is known again by it.';
COMMENT ON COLUMN current_versions.extractor IS 'Version of the extraction that made this row and all that points at it.';
COMMENT ON COLUMN current_versions.tagger IS 'Name and version of the tagger of names; null where the language has none.';
COMMENT ON COLUMN current_versions.batch_id IS 'The batch it was loaded with.';
COMMENT ON COLUMN current_versions.extracted_at IS 'When it was loaded here.';
COMMENT ON COLUMN current_versions.body_stretches IS 'The stretches of the text that are the body: {char_start, char_end}.';
COMMENT ON COLUMN current_versions.dropped_stretches IS 'The stretches of the text that were cut off: {char_start, char_end}.';
