-- name: ledger_counts
-- severity: error
-- A table that holds other rows than the batches loaded, or a batch whose sum is not that of its tables.
SELECT
    'outlets' AS in_table,
    (SELECT count(*) FROM outlets) AS present,
    coalesce(sum(outlets), 0) AS loaded
FROM load_batches
HAVING (SELECT count(*) FROM outlets) <> coalesce(sum(outlets), 0)
UNION ALL
SELECT
    'articles',
    (SELECT count(*) FROM articles),
    coalesce(sum(articles), 0)
FROM load_batches
HAVING (SELECT count(*) FROM articles) <> coalesce(sum(articles), 0)
UNION ALL
SELECT
    'article_versions',
    (SELECT count(*) FROM article_versions),
    coalesce(sum(article_versions), 0)
FROM load_batches
HAVING (SELECT count(*) FROM article_versions) <> coalesce(sum(article_versions), 0)
UNION ALL
SELECT
    'segments',
    (SELECT count(*) FROM segments),
    coalesce(sum(segments), 0)
FROM load_batches
HAVING (SELECT count(*) FROM segments) <> coalesce(sum(segments), 0)
UNION ALL
SELECT
    'entities',
    (SELECT count(*) FROM entities),
    coalesce(sum(entities), 0)
FROM load_batches
HAVING (SELECT count(*) FROM entities) <> coalesce(sum(entities), 0)
UNION ALL
SELECT
    'entity_aliases',
    (SELECT count(*) FROM entity_aliases),
    coalesce(sum(entity_aliases), 0)
FROM load_batches
HAVING (SELECT count(*) FROM entity_aliases) <> coalesce(sum(entity_aliases), 0)
UNION ALL
SELECT
    'mentions',
    (SELECT count(*) FROM mentions),
    coalesce(sum(mentions), 0)
FROM load_batches
HAVING (SELECT count(*) FROM mentions) <> coalesce(sum(mentions), 0)
UNION ALL
SELECT
    'quotes',
    (SELECT count(*) FROM quotes),
    coalesce(sum(quotes), 0)
FROM load_batches
HAVING (SELECT count(*) FROM quotes) <> coalesce(sum(quotes), 0)
UNION ALL
SELECT
    'quote_spans',
    (SELECT count(*) FROM quote_spans),
    coalesce(sum(quote_spans), 0)
FROM load_batches
HAVING (SELECT count(*) FROM quote_spans) <> coalesce(sum(quote_spans), 0)
UNION ALL
SELECT
    'failures',
    (SELECT count(*) FROM failures),
    coalesce(sum(failures), 0)
FROM load_batches
HAVING (SELECT count(*) FROM failures) <> coalesce(sum(failures), 0)
UNION ALL
SELECT
    'observations',
    (SELECT count(*) FROM observations),
    coalesce(sum(observations), 0)
FROM load_batches
HAVING (SELECT count(*) FROM observations) <> coalesce(sum(observations), 0)
UNION ALL
SELECT
    'article_sayings',
    (SELECT count(*) FROM article_sayings),
    coalesce(sum(article_sayings), 0)
FROM load_batches
HAVING (SELECT count(*) FROM article_sayings) <> coalesce(sum(article_sayings), 0)
UNION ALL
SELECT
    'load_batches',
    count(*),
    0
FROM load_batches
WHERE rows_total <>
    outlets
    + articles
    + article_versions
    + segments
    + entities
    + entity_aliases
    + mentions
    + quotes
    + quote_spans
    + failures
    + coalesce(observations, 0)
    + coalesce(article_sayings, 0)
HAVING count(*) > 0
