-- Staged rows of $number made articles from number $first on: text of 3.1 kB, 30 mentions and 5 quotes each.
-- Every sentence has 101 characters (NAME said “ten words of seven letters”.), so offsets follow from its place.

CREATE OR REPLACE TEMP TABLE made AS
SELECT
    n,
    md5(concat('article ', n))::UUID AS article_id,
    md5(concat('version ', n))::UUID AS version_id,
    md5(concat('outlet ', n % 200))::UUID AS outlet_id,
    TIMESTAMP '2019-01-01' + to_seconds(n * 86400 // $a_day) AS published_at,
    -- Most events of a day are told once, some by two or three, few by many. One article in five is of an event
    -- of the day before.
    floor(0.7 * $a_day * sqrt((hash(n, 'event') % 1000003) / 1000003.0))::BIGINT
        + (0.7 * $a_day)::BIGINT * (n // $a_day + CASE WHEN hash(n, 'late') % 5 = 0 THEN 0 ELSE 1 END) AS event
FROM range($first, $first + $number) AS t(n);

CREATE OR REPLACE TEMP TABLE sentences AS
SELECT
    m.n,
    m.version_id,
    m.published_at::DATE AS published_on,
    s AS place,
    (p.power * p.power * p.power * $people)::INTEGER AS person,
    concat('Person ', lpad(person::VARCHAR, 6, '0')) AS name,
    f.words
FROM made AS m
CROSS JOIN range(30) AS t(s)
CROSS JOIN LATERAL (SELECT (hash(m.n, s) % 1000003) / 1000003.0 AS power) AS p
-- Of the quotes, every other one is a statement that all articles of the event have.
JOIN fillers AS f
    ON f.k = CASE
        WHEN s % 12 = 0 THEN hash(m.event, s, 'statement') % $fillers
        ELSE hash(m.n, s, 'words') % $fillers
    END
ORDER BY m.n, s;

INSERT INTO outlets BY NAME
SELECT DISTINCT
    outlet_id,
    concat('The Daily ', n % 200) AS name
FROM made;

INSERT INTO articles BY NAME
SELECT
    article_id,
    outlet_id,
    concat('made-', n) AS input_id,
    concat('https://daily', n % 200, '.example/', n) AS url,
    url AS natural_key
FROM made;

INSERT INTO article_versions BY NAME
SELECT
    m.version_id,
    m.article_id,
    concat('Headline ', m.n, ' of ', any_value(s.name)) AS title,
    m.published_at,
    m.published_at::DATE AS published_on,
    'given' AS published_source,
    'second' AS published_precision,
    'en' AS language,
    string_agg(concat(s.name, ' said “', s.words, '”.'), ' ' ORDER BY s.place) AS text,
    'text' AS form,
    concat('made.jsonl:', m.n) AS location,
    md5(concat('digest ', m.n)) AS source_digest,
    'made' AS extractor
FROM made AS m
JOIN sentences AS s ON s.n = m.n
GROUP BY
    m.n,
    m.version_id,
    m.article_id,
    m.published_at
ORDER BY m.n;

INSERT INTO segments BY NAME
SELECT
    version_id,
    0 AS segment_no,
    0 AS char_start,
    30 * 102 - 1 AS char_end,
    'body' AS role,
    'default' AS rule,
    1.0 AS score
FROM made;

INSERT INTO entities BY NAME
SELECT DISTINCT
    md5(name)::UUID AS entity_id,
    'PER' AS label,
    name
FROM sentences;

INSERT INTO entity_aliases BY NAME
SELECT DISTINCT
    md5(name)::UUID AS entity_id,
    name AS alias,
    'full name' AS rule,
    5 AS name_rank
FROM sentences;

INSERT INTO mentions BY NAME
SELECT
    md5(concat('mention ', n, ' ', place))::UUID AS mention_id,
    version_id,
    md5(name)::UUID AS entity_id,
    'PER' AS label,
    name AS surface,
    place * 102 AS char_start,
    place * 102 + 13 AS char_end,
    0.9 AS score,
    'made' AS rule
FROM sentences;

INSERT INTO quotes BY NAME
SELECT
    md5(concat('quote ', n, ' ', place))::UUID AS quote_id,
    version_id,
    'direct' AS kind,
    'speech' AS stance,
    concat('“', words, '”') AS text,
    place * 102 + 19 AS char_start,
    place * 102 + 100 AS char_end,
    'said' AS cue,
    place * 102 + 14 AS cue_start,
    place * 102 + 18 AS cue_end,
    name AS speaker,
    place * 102 AS speaker_start,
    place * 102 + 13 AS speaker_end,
    md5(name)::UUID AS speaker_entity_id,
    0.9 AS score,
    'made' AS rule
FROM sentences
WHERE place % 6 = 0;

INSERT INTO quote_spans BY NAME
SELECT
    quote_id,
    0 AS span_no,
    char_start,
    char_end
FROM quotes;

INSERT INTO article_sayings BY NAME
SELECT
    version_id,
    'sayings 1' AS cutter,
    json_object(
        'quotes',
        list(json_array(md5(concat('quote ', n, ' ', place))::UUID, md5(name)::UUID, lower(name)) ORDER BY place),
        'sayings',
        list(json_array(place // 6, place * 102 + 19, place * 102 + 100, 1, words, []) ORDER BY place),
        'occasions',
        json_object()
    ) AS sayings
FROM sentences
WHERE place % 6 = 0
GROUP BY version_id, n
ORDER BY n;
