-- Who is quoted most.
SELECT
    speaker,
    role,
    quotes,
    direct,
    mixed,
    indirect,
    articles,
    outlets
FROM speakers_ranked
ORDER BY
    quotes DESC,
    speaker,
    entity_id
LIMIT $most
