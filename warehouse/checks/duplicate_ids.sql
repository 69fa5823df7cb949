-- name: duplicate_ids
-- severity: error
-- An id that is there twice.
SELECT 'articles' AS in_table, article_id AS id, count(*) AS times
FROM articles
SEMI JOIN checked_articles USING (article_id)
GROUP BY article_id
HAVING count(*) > 1
UNION ALL
SELECT 'article_versions', version_id, count(*)
FROM article_versions
SEMI JOIN checked_versions USING (version_id)
GROUP BY version_id
HAVING count(*) > 1
UNION ALL
SELECT 'segments', version_id, count(*)
FROM checked_segments
GROUP BY version_id, segment_no
HAVING count(*) > 1
UNION ALL
SELECT 'entities', entity_id, count(*)
FROM entities
SEMI JOIN checked_entities USING (entity_id)
GROUP BY entity_id
HAVING count(*) > 1
UNION ALL
SELECT 'entity_aliases', entity_id, count(*)
FROM entity_aliases
SEMI JOIN checked_entity_aliases USING (entity_id)
GROUP BY entity_id, alias, rule
HAVING count(*) > 1
UNION ALL
SELECT 'mentions', mention_id, count(*)
FROM checked_mentions
GROUP BY mention_id
HAVING count(*) > 1
UNION ALL
SELECT 'quotes', quote_id, count(*)
FROM checked_quotes
GROUP BY quote_id
HAVING count(*) > 1
UNION ALL
SELECT 'quote_spans', quote_id, count(*)
FROM checked_quote_spans
GROUP BY quote_id, span_no
HAVING count(*) > 1
UNION ALL
SELECT 'failures', failure_id, count(*)
FROM failures
GROUP BY failure_id
HAVING count(*) > 1
UNION ALL
SELECT 'story_articles', article_id, count(*)
FROM story_articles
SEMI JOIN checked_linked_articles USING (article_id)
GROUP BY article_id
HAVING count(*) > 1
