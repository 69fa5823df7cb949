-- What was known of articles that are linked anew: who their pairs were is kept until the stories are made.
CREATE OR REPLACE TEMP TABLE link_former AS
SELECT DISTINCT unnest([article_a, article_b]) AS article_id
FROM article_pairs
WHERE article_a IN (SELECT article_id FROM link_changed WHERE was_linked)
   OR article_b IN (SELECT article_id FROM link_changed WHERE was_linked);

DELETE FROM article_pairs
WHERE article_a IN (SELECT article_id FROM link_changed WHERE was_linked)
   OR article_b IN (SELECT article_id FROM link_changed WHERE was_linked);

DELETE FROM linked_articles
WHERE article_id IN (SELECT article_id FROM link_changed WHERE was_linked);
