-- Forgets the pairs of articles that are linked anew. Who had a pair or a story with them is kept until the stories
-- are made. A pair is kept by the day of the earlier of the two.
CREATE OR REPLACE TEMP TABLE link_former AS
WITH again AS MATERIALIZED (
    SELECT
        article_id,
        was_linked_on
    FROM link_changed
    WHERE was_linked_on IS NOT NULL
),
former_stories AS (
    SELECT DISTINCT story_id
    FROM story_articles
    WHERE article_id IN (SELECT article_id FROM again)
)
SELECT unnest([article_a, article_b]) AS article_id
FROM article_pairs
WHERE linked_on >= (SELECT min(was_linked_on) FROM again) - $days::INTEGER
  AND linked_on <= (SELECT max(was_linked_on) FROM again)
  AND (
      article_a IN (SELECT article_id FROM again)
      OR article_b IN (SELECT article_id FROM again)
  )
UNION
SELECT article_id
FROM story_articles
SEMI JOIN former_stories USING (story_id);

DELETE FROM article_pairs
WHERE article_a IN (SELECT article_id FROM link_changed WHERE was_linked_on IS NOT NULL)
   OR article_b IN (SELECT article_id FROM link_changed WHERE was_linked_on IS NOT NULL);

DELETE FROM linked_articles
WHERE article_id IN (SELECT article_id FROM link_changed WHERE was_linked_on IS NOT NULL);
