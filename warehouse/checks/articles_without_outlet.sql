-- name: articles_without_outlet
-- severity: error
-- An article of an outlet that is not there.
SELECT a.article_id, a.outlet_id
FROM checked_articles AS a
ANTI JOIN outlets AS o USING (outlet_id)
WHERE a.outlet_id IS NOT NULL
