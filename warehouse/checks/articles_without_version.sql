-- name: articles_without_version
-- severity: error
-- An article that nothing was ever read of.
SELECT a.article_id, a.natural_key
FROM checked_articles AS a
ANTI JOIN article_versions AS v USING (article_id)
