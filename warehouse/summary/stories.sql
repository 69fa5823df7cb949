-- The stories of what a load brought that more than one article tells, the most told first.
SELECT
    s.title,
    s.articles,
    s.publishers,
    s.story_id::VARCHAR AS story_id,
    count(*) OVER () AS stories
FROM stories AS s
WHERE s.articles > 1
  AND s.story_id IN (
      SELECT sa.story_id
      FROM story_articles AS sa
      JOIN article_versions AS v USING (article_id)
      WHERE v.extracted_at = $loaded_at
  )
ORDER BY
    s.publishers DESC,
    s.articles DESC,
    s.story_id
LIMIT $most
