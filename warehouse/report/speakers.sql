-- Who is quoted most.
SELECT
    speaker,
    quotes,
    direct,
    mixed,
    indirect
FROM speakers_ranked
ORDER BY
    quotes DESC,
    speaker,
    entity_id
LIMIT $most
