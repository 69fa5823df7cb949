-- What changed between one reading of an article and the next, and who changed it: the outlet, or we.

-- Every reading of an article: which content, when, and as which version by which extraction. A content that
-- was fetched was read at that time; of another it is only known when it was dated, or loaded.
CREATE OR REPLACE VIEW readings AS
SELECT
    o.article_id,
    o.observed_at AS seen_at,
    true AS is_observed,
    o.source_digest,
    v.version_id,
    v.extractor,
    v.extracted_at,
    row(coalesce(try_cast(split_part(o.location, ':', -1) AS BIGINT), -1), o.location) AS place
FROM observations AS o
JOIN article_versions AS v USING (version_id)
UNION ALL
SELECT
    article_id,
    coalesce(
        modified_at,
        published_at,
        min(extracted_at) OVER (PARTITION BY article_id, source_digest)
    ) AS seen_at,
    false AS is_observed,
    source_digest,
    version_id,
    extractor,
    extracted_at,
    row(coalesce(try_cast(split_part(location, ':', -1) AS BIGINT), -1), location) AS place
FROM article_versions
ANTI JOIN observations USING (version_id);

COMMENT ON VIEW readings IS 'Every time an article was read: one row for each content, moment and extraction.';
COMMENT ON COLUMN readings.article_id IS 'The article.';
COMMENT ON COLUMN readings.seen_at IS 'When the outlet showed it so, UTC: when it was fetched; else its date (modified, else published); else when it was loaded.';
COMMENT ON COLUMN readings.is_observed IS 'Whether it was fetched then.';
COMMENT ON COLUMN readings.source_digest IS 'SHA-256 of what was read, hexadecimal: the same content.';
COMMENT ON COLUMN readings.version_id IS 'The version that was made of it.';
COMMENT ON COLUMN readings.extractor IS 'The extraction that made it.';
COMMENT ON COLUMN readings.extracted_at IS 'When the version was loaded.';
COMMENT ON COLUMN readings.place IS 'Where it was read: orders what was read at one time.';

CREATE OR REPLACE VIEW version_changes AS
WITH several AS (
    FROM readings
    SEMI JOIN (
        SELECT article_id
        FROM article_versions
        GROUP BY article_id
        HAVING count(*) > 1
    ) USING (article_id)
),
contents AS (
    SELECT
        article_id,
        seen_at,
        source_digest,
        row_number() OVER (
            PARTITION BY article_id
            ORDER BY seen_at, min(extracted_at), min(place), source_digest
        ) AS step
    FROM several
    GROUP BY article_id, seen_at, source_digest
),
steps AS (
    FROM several
    JOIN contents USING (article_id, seen_at, source_digest)
),
-- What one extraction made of both contents tells what the outlet changed; the latest such extraction is taken.
by_outlet AS (
    SELECT
        n.article_id,
        o.version_id AS old_version_id,
        n.version_id AS new_version_id,
        o.seen_at AS old_seen_at,
        n.seen_at AS new_seen_at,
        CASE WHEN o.extractor = n.extractor THEN 'outlet' ELSE 'outlet or extraction' END AS cause
    FROM steps AS o
    JOIN steps AS n ON n.article_id = o.article_id AND n.step = o.step + 1
    QUALIFY row_number() OVER (
        PARTITION BY n.article_id, n.step
        ORDER BY (o.extractor = n.extractor) DESC, n.extracted_at DESC, o.extracted_at DESC, n.extractor, o.extractor
    ) = 1
),
by_extraction AS (
    SELECT
        article_id,
        lag(version_id) OVER same_content AS old_version_id,
        version_id AS new_version_id,
        seen_at AS old_seen_at,
        seen_at AS new_seen_at,
        'extraction' AS cause
    FROM steps
    WINDOW same_content AS (PARTITION BY article_id, source_digest, seen_at ORDER BY extracted_at, extractor)
)
FROM by_outlet
WHERE old_version_id <> new_version_id
UNION ALL
SELECT
    article_id,
    old_version_id,
    new_version_id,
    min(old_seen_at) AS old_seen_at,
    min(new_seen_at) AS new_seen_at,
    cause
FROM by_extraction
WHERE old_version_id <> new_version_id
GROUP BY ALL;

COMMENT ON VIEW version_changes IS 'Every step from one version of an article to the next, in the order they were seen, and who is behind it.';
COMMENT ON COLUMN version_changes.article_id IS 'The article.';
COMMENT ON COLUMN version_changes.old_version_id IS 'The version before.';
COMMENT ON COLUMN version_changes.new_version_id IS 'The version after.';
COMMENT ON COLUMN version_changes.old_seen_at IS 'When the outlet showed the one before, UTC (readings.seen_at).';
COMMENT ON COLUMN version_changes.new_seen_at IS 'When the outlet showed the one after, UTC: the change was made between the two.';
COMMENT ON COLUMN version_changes.cause IS 'outlet: it changed its article. extraction: the same content, read by another extraction. outlet or extraction: other content and another extraction; onrecord reextract tells them apart.';

CREATE OR REPLACE VIEW text_changes AS
WITH versions AS (
    SELECT DISTINCT unnest([old_version_id, new_version_id]) AS version_id
    FROM version_changes
),
said AS (
    SELECT
        s.version_id,
        s.role,
        s.segment_no,
        unnest(sentences(substr(v.text, s.char_start + 1, s.char_end - s.char_start))) AS sentence
    FROM segments AS s
    JOIN article_versions AS v USING (version_id)
    SEMI JOIN versions USING (version_id)
    WHERE s.role NOT IN ('dropped', 'title')
    UNION ALL
    SELECT
        version_id,
        'title',
        -1,
        title
    FROM article_versions
    SEMI JOIN versions USING (version_id)
    WHERE title IS NOT NULL
),
wordings AS (
    SELECT
        version_id,
        lower(sentence) AS wording,
        any_value(sentence ORDER BY segment_no) AS sentence,
        any_value(role ORDER BY segment_no) AS role,
        min(segment_no) AS place,
        word_set(any_value(sentence ORDER BY segment_no)) AS words
    FROM said
    GROUP BY version_id, lower(sentence)
),
gone AS (
    SELECT c.*, w.* EXCLUDE (version_id)
    FROM version_changes AS c
    JOIN wordings AS w ON w.version_id = c.old_version_id
    ANTI JOIN wordings AS k ON k.version_id = c.new_version_id AND k.wording = w.wording
),
come AS (
    SELECT c.*, w.* EXCLUDE (version_id)
    FROM version_changes AS c
    JOIN wordings AS w ON w.version_id = c.new_version_id
    ANTI JOIN wordings AS k ON k.version_id = c.old_version_id AND k.wording = w.wording
),
-- A sentence was altered where each of the two is the likest to the other and they share half of their words;
-- a title is always altered.
pairs AS (
    SELECT
        g.article_id,
        g.old_version_id,
        g.new_version_id,
        g.old_seen_at,
        g.cause,
        g.wording AS old_wording,
        c.wording AS new_wording,
        likeness(g.words, c.words) + CASE WHEN g.role = 'title' THEN 1 ELSE 0 END AS score
    FROM gone AS g
    JOIN come AS c ON c.old_version_id = g.old_version_id
        AND c.new_version_id = g.new_version_id
        AND c.old_seen_at = g.old_seen_at
        AND (c.role = 'title') = (g.role = 'title')
    WHERE likeness(g.words, c.words) >= 0.5 OR g.role = 'title'
    QUALIFY row_number() OVER (
            PARTITION BY g.old_version_id, g.new_version_id, g.old_seen_at, g.wording
            ORDER BY score DESC, abs(g.place - c.place), c.wording
        ) = 1
        AND row_number() OVER (
            PARTITION BY g.old_version_id, g.new_version_id, g.old_seen_at, c.wording
            ORDER BY score DESC, abs(g.place - c.place), g.wording
        ) = 1
),
told AS (
    SELECT
        coalesce(c.article_id, g.article_id) AS article_id,
        coalesce(c.old_version_id, g.old_version_id) AS old_version_id,
        coalesce(c.new_version_id, g.new_version_id) AS new_version_id,
        coalesce(c.old_seen_at, g.old_seen_at) AS old_seen_at,
        coalesce(c.new_seen_at, g.new_seen_at) AS new_seen_at,
        coalesce(c.cause, g.cause) AS cause,
        CASE WHEN g.wording IS NULL THEN 'added' WHEN c.wording IS NULL THEN 'removed' ELSE 'altered' END AS change,
        coalesce(c.role, g.role) AS role,
        g.sentence AS before,
        c.sentence AS after,
        coalesce(c.place, g.place) AS place
    FROM (
        SELECT
            gone.*,
            p.new_wording
        FROM gone
        LEFT JOIN pairs AS p ON p.old_version_id = gone.old_version_id
            AND p.new_version_id = gone.new_version_id
            AND p.old_seen_at = gone.old_seen_at
            AND p.old_wording = gone.wording
    ) AS g
    FULL JOIN come AS c ON c.old_version_id = g.old_version_id
        AND c.new_version_id = g.new_version_id
        AND c.old_seen_at = g.old_seen_at
        AND c.wording = g.new_wording
)
SELECT
    o.name AS outlet,
    a.url,
    v.title,
    t.change,
    t.role,
    t.before,
    t.after,
    t.cause,
    t.old_seen_at,
    t.new_seen_at,
    t.article_id,
    t.old_version_id,
    t.new_version_id
FROM told AS t
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
JOIN article_versions AS v ON v.version_id = t.new_version_id
ORDER BY
    t.new_seen_at,
    t.article_id,
    t.old_seen_at,
    t.new_version_id,
    t.place,
    t.before,
    t.after;

COMMENT ON VIEW text_changes IS 'Sentence by sentence, what changed from one version of an article to the next; what was cut off as foreign does not count. corrections has those that the outlet made.';
COMMENT ON COLUMN text_changes.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN text_changes.url IS 'The article''s address.';
COMMENT ON COLUMN text_changes.title IS 'Its headline after the change.';
COMMENT ON COLUMN text_changes.change IS 'added, removed or altered.';
COMMENT ON COLUMN text_changes.role IS 'What it is a part of: title, body, correction and so on (segments.role).';
COMMENT ON COLUMN text_changes.before IS 'The sentence before; null where it was added.';
COMMENT ON COLUMN text_changes.after IS 'The sentence after; null where it was removed.';
COMMENT ON COLUMN text_changes.cause IS 'Who changed it: outlet, extraction, or one of the two (version_changes.cause).';
COMMENT ON COLUMN text_changes.old_seen_at IS 'When the outlet showed the version before, UTC.';
COMMENT ON COLUMN text_changes.new_seen_at IS 'When the outlet showed the version after, UTC.';
COMMENT ON COLUMN text_changes.article_id IS 'The article.';
COMMENT ON COLUMN text_changes.old_version_id IS 'The version before.';
COMMENT ON COLUMN text_changes.new_version_id IS 'The version after.';

CREATE OR REPLACE VIEW corrections AS
SELECT
    outlet,
    url,
    title,
    change,
    role,
    before,
    after,
    old_seen_at,
    new_seen_at,
    article_id
FROM text_changes
WHERE cause = 'outlet';

COMMENT ON VIEW corrections IS 'What outlets changed in their articles after they had published them, sentence by sentence.';
COMMENT ON COLUMN corrections.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN corrections.url IS 'The article''s address.';
COMMENT ON COLUMN corrections.title IS 'Its headline after the change.';
COMMENT ON COLUMN corrections.change IS 'added, removed or altered.';
COMMENT ON COLUMN corrections.role IS 'What it is a part of: title, body, and so on; correction for a note that the outlet wrote about its change.';
COMMENT ON COLUMN corrections.before IS 'The sentence before; null where it was added.';
COMMENT ON COLUMN corrections.after IS 'The sentence after; null where it was removed.';
COMMENT ON COLUMN corrections.old_seen_at IS 'When the outlet showed the version before, UTC.';
COMMENT ON COLUMN corrections.new_seen_at IS 'When the outlet showed the version after, UTC: it was changed between the two.';
COMMENT ON COLUMN corrections.article_id IS 'The article.';
