-- What one person (or organisation) is quoted with, by any of the names they go by: a whole alias, or whole
-- words of the canonical name; without case and diacritics.
CREATE OR REPLACE MACRO quotes_by(name) AS TABLE
WITH meant AS (
    SELECT e.entity_id
    FROM entities AS e
    WHERE contains(' ' || folded(e.name) || ' ', ' ' || folded(trim(name)) || ' ')
    UNION
    SELECT a.entity_id
    FROM entity_aliases AS a
    WHERE folded(a.alias) = folded(trim(name))
),
joined AS (
    SELECT e.entity_id
    FROM joined_entities AS e
    WHERE e.joined_entity_id IN (
        SELECT j.joined_entity_id
        FROM joined_entities AS j
        JOIN meant USING (entity_id)
    )
)
SELECT w.*
FROM who_said_what AS w
JOIN quotes AS q USING (quote_id)
WHERE q.speaker_entity_id IN (SELECT joined.entity_id FROM joined)
   OR (q.speaker_entity_id IS NULL AND folded(q.speaker) = folded(trim(name)))
ORDER BY
    w.published_at NULLS LAST,
    w.outlet,
    w.title,
    q.version_id,
    q.char_start;

COMMENT ON MACRO TABLE quotes_by IS 'What somebody is quoted with, by any of their names, whatever the case and diacritics. FROM quotes_by(''name'')';
