-- name: quotes_without_carrier
-- severity: error
-- A nested quote whose carrier is not a quote of the same version.
SELECT q.quote_id, q.carrier_quote_id
FROM checked_quotes AS q
ANTI JOIN checked_quotes AS c ON c.quote_id = q.carrier_quote_id AND c.version_id = q.version_id
WHERE q.carrier_quote_id IS NOT NULL
