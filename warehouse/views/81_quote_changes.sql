-- Quotes that vanished, appeared, changed their words or their speaker between two versions of an article.
CREATE OR REPLACE VIEW quote_changes AS
WITH versions AS (
    SELECT DISTINCT unnest([old_version_id, new_version_id]) AS version_id
    FROM version_changes
),
said AS (
    SELECT
        q.version_id,
        array_to_string(regexp_extract_all(lower(q.text), '[\p{L}\p{N}]+'), ' ') AS wording,
        coalesce(e.name, q.speaker) AS speaker,
        coalesce(q.speaker_entity_id::VARCHAR, lower(q.speaker), '') AS who,
        one_line(q.text) AS quote,
        word_set(q.text) AS words,
        q.kind,
        q.char_start,
        q.quote_id
    FROM quotes AS q
    SEMI JOIN versions USING (version_id)
    LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
    QUALIFY row_number() OVER (PARTITION BY q.version_id, wording, who ORDER BY q.char_start, q.quote_id) = 1
),
gone AS (
    SELECT c.*, s.* EXCLUDE (version_id)
    FROM version_changes AS c
    JOIN said AS s ON s.version_id = c.old_version_id
    ANTI JOIN said AS k ON k.version_id = c.new_version_id AND k.wording = s.wording AND k.who = s.who
),
come AS (
    SELECT c.*, s.* EXCLUDE (version_id)
    FROM version_changes AS c
    JOIN said AS s ON s.version_id = c.new_version_id
    ANTI JOIN said AS k ON k.version_id = c.old_version_id AND k.wording = s.wording AND k.who = s.who
),
-- The same words of another speaker, or like words of the same: each the likest to the other.
pairs AS (
    SELECT
        g.quote_id AS old_quote_id,
        c.quote_id AS new_quote_id,
        g.old_seen_at,
        likeness(g.words, c.words) + CASE WHEN g.wording = c.wording THEN 1 ELSE 0 END AS score
    FROM gone AS g
    JOIN come AS c ON c.old_version_id = g.old_version_id
        AND c.new_version_id = g.new_version_id
        AND c.old_seen_at = g.old_seen_at
    WHERE g.wording = c.wording
        OR g.who = c.who AND likeness(g.words, c.words) >= 0.5
    QUALIFY row_number() OVER (
            PARTITION BY g.old_version_id, g.new_version_id, g.old_seen_at, g.quote_id
            ORDER BY score DESC, abs(g.char_start - c.char_start), c.quote_id
        ) = 1
        AND row_number() OVER (
            PARTITION BY g.old_version_id, g.new_version_id, g.old_seen_at, c.quote_id
            ORDER BY score DESC, abs(g.char_start - c.char_start), g.quote_id
        ) = 1
),
told AS (
    SELECT
        g.article_id,
        g.old_version_id,
        g.new_version_id,
        g.old_seen_at,
        g.new_seen_at,
        g.cause,
        CASE
            WHEN c.quote_id IS NULL THEN 'vanished'
            WHEN c.wording = g.wording THEN 'reattributed'
            ELSE 'reworded'
        END AS change,
        g.speaker AS speaker_before,
        c.speaker AS speaker_after,
        g.quote AS before,
        c.quote AS after,
        g.char_start,
        g.quote_id AS old_quote_id,
        c.quote_id AS new_quote_id
    FROM gone AS g
    LEFT JOIN pairs AS p ON p.old_quote_id = g.quote_id AND p.old_seen_at = g.old_seen_at
    LEFT JOIN come AS c ON c.quote_id = p.new_quote_id
        AND c.old_version_id = g.old_version_id
        AND c.old_seen_at = g.old_seen_at
    UNION ALL
    SELECT
        c.article_id,
        c.old_version_id,
        c.new_version_id,
        c.old_seen_at,
        c.new_seen_at,
        c.cause,
        'appeared',
        NULL,
        c.speaker,
        NULL,
        c.quote,
        c.char_start,
        NULL,
        c.quote_id
    FROM come AS c
    ANTI JOIN pairs AS p ON p.new_quote_id = c.quote_id AND p.old_seen_at = c.old_seen_at
)
SELECT
    o.name AS outlet,
    a.url,
    v.title,
    t.change,
    t.speaker_before,
    t.speaker_after,
    t.before,
    t.after,
    t.cause,
    t.old_seen_at,
    t.new_seen_at,
    t.article_id,
    t.old_version_id,
    t.new_version_id,
    t.old_quote_id,
    t.new_quote_id
FROM told AS t
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
JOIN article_versions AS v ON v.version_id = t.new_version_id
ORDER BY
    t.new_seen_at,
    t.article_id,
    t.old_seen_at,
    t.new_version_id,
    t.char_start,
    t.old_quote_id,
    t.new_quote_id;

COMMENT ON VIEW quote_changes IS 'Quotes that vanished, appeared, were reworded or given to another speaker between two versions of an article. With cause = ''outlet'' it was the outlet that did it.';
COMMENT ON COLUMN quote_changes.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN quote_changes.url IS 'The article''s address.';
COMMENT ON COLUMN quote_changes.title IS 'Its headline after the change.';
COMMENT ON COLUMN quote_changes.change IS 'vanished, appeared, reworded (like words of the same speaker) or reattributed (the same words of another).';
COMMENT ON COLUMN quote_changes.speaker_before IS 'Who had said it.';
COMMENT ON COLUMN quote_changes.speaker_after IS 'Who says it now.';
COMMENT ON COLUMN quote_changes.before IS 'The quote before; null where it appeared.';
COMMENT ON COLUMN quote_changes.after IS 'The quote after; null where it vanished.';
COMMENT ON COLUMN quote_changes.cause IS 'Who changed it: outlet, extraction, or one of the two (version_changes.cause).';
COMMENT ON COLUMN quote_changes.old_seen_at IS 'When the outlet showed the version before, UTC.';
COMMENT ON COLUMN quote_changes.new_seen_at IS 'When the outlet showed the version after, UTC.';
COMMENT ON COLUMN quote_changes.article_id IS 'The article.';
COMMENT ON COLUMN quote_changes.old_version_id IS 'The version before.';
COMMENT ON COLUMN quote_changes.new_version_id IS 'The version after.';
COMMENT ON COLUMN quote_changes.old_quote_id IS 'The quote before.';
COMMENT ON COLUMN quote_changes.new_quote_id IS 'The quote after.';
