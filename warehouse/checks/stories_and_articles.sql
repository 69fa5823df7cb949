-- name: stories_and_articles
-- severity: error
-- A linked article that is not in exactly one story, a story that says another number of articles than it has, or a story of none.
SELECT
    l.article_id AS id,
    count(s.story_id) AS stories
FROM checked_linked_articles AS l
LEFT JOIN story_articles AS sa USING (article_id)
LEFT JOIN stories AS s USING (story_id)
GROUP BY l.article_id
HAVING count(s.story_id) <> 1
UNION ALL
SELECT
    s.story_id,
    count(sa.article_id)
FROM checked_stories AS s
LEFT JOIN story_articles AS sa USING (story_id)
GROUP BY s.story_id, s.articles
HAVING count(sa.article_id) <> s.articles
