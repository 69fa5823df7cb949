-- What of a staged batch is new goes into the warehouse. Run by load.py, statement by statement, inside one
-- transaction; $now is the load's clock. The staged rows are in views staged_<table>, without duplicates, and
-- those of the texts in the order of their days.
--
-- Many batches may tell of one outlet, article or entity. Each of their columns is the least of all that was
-- ever told (a name: the best), which no order of loading changes.

CREATE OR REPLACE TEMP TABLE told_outlets AS
SELECT
    outlet_id,
    first(name ORDER BY well_cased(name) DESC, name) AS name,
    min(domain) AS domain,
    min(publisher) AS publisher
FROM staged_outlets
GROUP BY outlet_id;

UPDATE outlets AS o
SET name = CASE
        WHEN row(NOT well_cased(t.name), t.name) < row(NOT well_cased(o.name), o.name) THEN t.name
        ELSE o.name
    END,
    domain = least(o.domain, t.domain),
    publisher = least(o.publisher, t.publisher)
FROM told_outlets AS t
WHERE t.outlet_id = o.outlet_id
  AND (
      row(NOT well_cased(t.name), t.name) < row(NOT well_cased(o.name), o.name)
      OR least(o.domain, t.domain) IS DISTINCT FROM o.domain
      OR least(o.publisher, t.publisher) IS DISTINCT FROM o.publisher
  );

INSERT INTO outlets BY NAME
FROM told_outlets AS t
WHERE NOT EXISTS (FROM outlets AS o WHERE o.outlet_id = t.outlet_id)
ORDER BY outlet_id;

CREATE OR REPLACE TEMP TABLE told_articles AS
SELECT
    article_id,
    min(outlet_id) AS outlet_id,
    min(input_id) AS input_id,
    min(url) AS url,
    min(natural_key) AS natural_key
FROM staged_articles
GROUP BY article_id;

UPDATE articles AS a
SET outlet_id = least(a.outlet_id, t.outlet_id),
    input_id = least(a.input_id, t.input_id),
    url = least(a.url, t.url)
FROM told_articles AS t
WHERE t.article_id = a.article_id
  AND (
      least(a.outlet_id, t.outlet_id) IS DISTINCT FROM a.outlet_id
      OR least(a.input_id, t.input_id) IS DISTINCT FROM a.input_id
      OR least(a.url, t.url) IS DISTINCT FROM a.url
  );

INSERT INTO articles BY NAME
SELECT
    *,
    $now AS first_seen_at
FROM told_articles AS t
WHERE NOT EXISTS (FROM articles AS a WHERE a.article_id = t.article_id)
ORDER BY article_id;

-- All that points into a text comes with its version, or not at all.
CREATE OR REPLACE TEMP TABLE new_versions AS
SELECT
    version_id,
    published_on
FROM staged_article_versions AS s
WHERE NOT EXISTS (FROM article_versions AS v WHERE v.version_id = s.version_id);

-- The same content in a second file is the same version: of its places, too, the least is told.
UPDATE article_versions AS v
SET location = s.location,
    source_digest = s.source_digest,
    form = s.form,
    encoding = s.encoding
FROM staged_article_versions AS s
WHERE s.version_id = v.version_id
  AND row(s.location, s.source_digest) < row(v.location, v.source_digest);

INSERT INTO article_versions BY NAME
SELECT
    s.*,
    $now AS extracted_at
FROM staged_article_versions AS s
SEMI JOIN new_versions USING (version_id);

INSERT INTO segments BY NAME
SELECT s.* REPLACE (n.published_on AS published_on)
FROM staged_segments AS s
JOIN new_versions AS n USING (version_id);

INSERT INTO mentions BY NAME
SELECT s.* REPLACE (n.published_on AS published_on)
FROM staged_mentions AS s
JOIN new_versions AS n USING (version_id);

INSERT INTO quotes BY NAME
SELECT s.* REPLACE (n.published_on AS published_on)
FROM staged_quotes AS s
JOIN new_versions AS n USING (version_id);

INSERT INTO quote_spans BY NAME
SELECT s.*
FROM staged_quote_spans AS s
SEMI JOIN (
    SELECT q.quote_id
    FROM staged_quotes AS q
    SEMI JOIN new_versions USING (version_id)
) AS new_quotes USING (quote_id);

-- What the batches tell of entities, once for each name that they give one.
CREATE OR REPLACE TEMP TABLE told_names AS
SELECT
    entity_id,
    name,
    min(label) AS label,
    min(country) AS country
FROM staged_entities
GROUP BY entity_id, name;

-- An entity's own name is one of its aliases; how good a one, only its alias row tells.
-- Beside each alias the row that it has already, and how good a name that says it is.
CREATE OR REPLACE TEMP TABLE told_aliases AS
SELECT
    t.*,
    a.rowid AS known_row,
    a.name_rank AS known_rank
FROM (
    SELECT
        entity_id,
        alias,
        rule,
        max(name_rank) AS name_rank
    FROM (
        SELECT entity_id, alias, rule, name_rank FROM staged_entity_aliases
        UNION ALL
        SELECT entity_id, name, 'name', NULL FROM told_names
    )
    GROUP BY entity_id, alias, rule
) AS t
LEFT JOIN entity_aliases AS a USING (entity_id, alias, rule);

UPDATE entity_aliases AS a
SET name_rank = t.name_rank
FROM told_aliases AS t
WHERE t.known_row = a.rowid
  AND greatest(t.name_rank, t.known_rank) IS DISTINCT FROM t.known_rank;

-- An alias that a second rule gives has been counted under the first.
INSERT INTO entity_aliases BY NAME
SELECT
    t.* EXCLUDE (known_row, known_rank),
    coalesce(k.mentions, 0) AS mentions
FROM told_aliases AS t
LEFT JOIN (
    SELECT
        a.entity_id,
        a.alias,
        max(a.mentions) AS mentions
    FROM entity_aliases AS a
    SEMI JOIN (FROM told_aliases WHERE known_row IS NULL) AS n USING (entity_id, alias)
    GROUP BY a.entity_id, a.alias
) AS k USING (entity_id, alias)
WHERE t.known_row IS NULL
ORDER BY entity_id, alias, rule;

-- Counted by adding, so that it costs no look at the mentions of earlier batches. Every wording of a mention
-- is an alias in the batch that brings it, too.
CREATE OR REPLACE TEMP TABLE told_mentions AS
SELECT
    entity_id,
    surface,
    count(*) AS mentions
FROM staged_mentions
SEMI JOIN new_versions USING (version_id)
WHERE entity_id IS NOT NULL
GROUP BY entity_id, surface;

UPDATE entity_aliases AS a
SET mentions = a.mentions + t.mentions
FROM told_mentions AS t
WHERE t.entity_id = a.entity_id
  AND t.surface = a.alias;

-- Most entities have one alias: it is the name from the first batch on. Of the others the best is looked for.
CREATE OR REPLACE TEMP TABLE told_entities AS
SELECT
    entity_id,
    min(t.label) AS label,
    min(t.country) AS country,
    min(t.name) AS name,
    any_value(e.rowid) AS known_row,
    any_value(e.label) AS known_label,
    any_value(e.country) AS known_country,
    any_value(e.name) AS known_name
FROM told_names AS t
LEFT JOIN entities AS e USING (entity_id)
GROUP BY entity_id;

CREATE OR REPLACE TEMP TABLE told_best AS
SELECT
    entity_id,
    first(alias ORDER BY name_rank DESC NULLS LAST, mentions DESC, well_cased(alias) DESC, alias) AS name
FROM entity_aliases
SEMI JOIN (
    SELECT a.entity_id
    FROM entity_aliases AS a
    JOIN told_entities AS t USING (entity_id)
    WHERE a.alias <> coalesce(t.known_name, t.name)
) AS several USING (entity_id)
GROUP BY entity_id;

UPDATE entities AS e
SET label = least(t.known_label, t.label),
    name = coalesce(b.name, t.known_name),
    country = least(t.known_country, t.country)
FROM told_entities AS t
LEFT JOIN told_best AS b USING (entity_id)
WHERE t.known_row = e.rowid
  AND (
      t.label < t.known_label
      OR b.name <> t.known_name
      OR least(t.known_country, t.country) IS DISTINCT FROM t.known_country
  );

INSERT INTO entities BY NAME
SELECT
    t.entity_id,
    t.label,
    coalesce(b.name, t.name) AS name,
    t.country
FROM told_entities AS t
LEFT JOIN told_best AS b USING (entity_id)
WHERE t.known_row IS NULL
ORDER BY entity_id;

INSERT INTO failures BY NAME
SELECT
    s.*,
    $now AS first_seen_at
FROM staged_failures AS s
WHERE NOT EXISTS (FROM failures AS f WHERE f.failure_id = s.failure_id)
ORDER BY failure_id;

-- A version seen at one moment may lie in two copies of an archive: the least place is told.
UPDATE observations AS o
SET location = s.location,
    source_digest = s.source_digest
FROM staged_observations AS s
WHERE s.version_id = o.version_id
  AND s.observed_at = o.observed_at
  AND row(s.location, s.source_digest) < row(o.location, o.source_digest);

INSERT INTO observations BY NAME
FROM staged_observations AS s
WHERE NOT EXISTS (
    FROM observations AS o
    WHERE o.version_id = s.version_id
      AND o.observed_at = s.observed_at
)
ORDER BY observed_at, version_id;

INSERT INTO article_sayings BY NAME
SELECT s.*
FROM staged_article_sayings AS s
JOIN new_versions AS n USING (version_id)
ORDER BY n.published_on, s.version_id;

INSERT INTO version_revivals BY NAME
SELECT
    version_id,
    $now AS revived_at
FROM staged_version_revivals
ORDER BY version_id;
