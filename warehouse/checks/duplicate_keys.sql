-- name: duplicate_keys
-- severity: error
-- Two articles that are one: the same natural key.
SELECT natural_key, count(*) AS times
FROM articles
SEMI JOIN checked_articles USING (natural_key)
GROUP BY natural_key
HAVING count(*) > 1
