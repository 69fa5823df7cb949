-- name: duplicate_keys
-- severity: error
-- Two articles that are one: the same natural key.
SELECT natural_key, count(*) AS times
FROM articles
GROUP BY natural_key
HAVING count(*) > 1
