-- Some of what was said in what a load brought: named speakers and spoken words first, each speaker once
-- before anybody twice, quotes of a length that reads well before short and long ones.
WITH said AS (
    SELECT
        w.speaker,
        w.role,
        w.quote,
        w.outlet,
        w.title,
        a.url,
        a.article_id::VARCHAR AS article_id,
        q.quote_id,
        q.speaker_entity_id IS NULL AS is_nobody,
        q.kind = 'indirect' AS is_indirect,
        abs(length(w.quote) - 120) AS oddness
    FROM who_said_what AS w
    JOIN quotes AS q USING (quote_id)
    JOIN article_versions AS v USING (version_id)
    JOIN articles AS a USING (article_id)
    WHERE v.extracted_at = $loaded_at
),
in_turn AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY speaker
            ORDER BY is_indirect, oddness, quote_id
        ) AS turn
    FROM said
)
SELECT
    speaker,
    role,
    quote,
    outlet,
    coalesce(title, '(no title)') AS title,
    url,
    article_id
FROM in_turn
ORDER BY
    is_nobody,
    turn,
    is_indirect,
    oddness,
    quote_id
LIMIT $most
