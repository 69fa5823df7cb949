-- The latest stories that several voices tell; where there are none, the latest of all.
WITH told AS (
    SELECT
        *,
        len(voices) > 1 AS several,
        max(len(voices)) OVER () > 1 AS any_several
    FROM latest_stories
)
SELECT
    story_id,
    title,
    first_published_at,
    last_published_at,
    articles,
    copies,
    voices,
    statements,
    shared_statements
FROM told
WHERE several = any_several
ORDER BY
    last_published_at DESC NULLS LAST,
    articles DESC,
    story_id
LIMIT $most
