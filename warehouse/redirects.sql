-- What an alias table joins; run by redirects.py, one statement after the other. The rows of the table are in wanted_aliases (label, name, alias;
-- each name is an alias of itself). Of the entities of one name, all are joined with one: with the one that bears
-- the name, else the one that others were joined with before, else the one with most mentions.
WITH counted AS (
    SELECT
        entity_id,
        count(*) AS mentions,
        count(DISTINCT version_id) AS articles
    FROM mentions
    WHERE entity_id IS NOT NULL
    GROUP BY entity_id
),
named AS (
    SELECT
        w.label,
        w.name,
        min(w.alias) AS alias,
        e.entity_id,
        e.name AS own_name,
        coalesce(any_value(c.mentions), 0) AS mentions,
        coalesce(any_value(c.articles), 0) AS articles,
        bool_or(folded(w.alias) = folded(w.name)) AS bears_name
    FROM wanted_aliases AS w
    JOIN entities AS e
        ON e.label = w.label
        AND folded(e.name) = folded(w.alias)
    LEFT JOIN counted AS c USING (entity_id)
    GROUP BY w.label, w.name, e.entity_id, e.name
),
chosen AS (
    SELECT
        n.*,
        first_value(n.entity_id) OVER (
            PARTITION BY n.label, n.name
            ORDER BY
                n.bears_name DESC,
                EXISTS (
                    FROM entity_redirects AS r
                    WHERE r.new_entity_id = n.entity_id
                      AND r.ended_at IS NULL
                ) DESC,
                n.mentions DESC,
                n.entity_id
        ) AS target_id
    FROM named AS n
)
SELECT
    c.entity_id,
    c.target_id,
    c.label,
    c.name,
    c.alias,
    c.own_name,
    c.mentions,
    c.articles,
    NOT EXISTS (
        FROM entity_redirects AS r
        WHERE r.old_entity_id = c.entity_id
          AND r.new_entity_id = c.target_id
          AND r.name = c.name
          AND r.ended_at IS NULL
    ) AS is_new
FROM chosen AS c
WHERE c.entity_id <> c.target_id
ORDER BY c.label, c.name, c.mentions DESC, c.own_name, c.entity_id;

-- What is joined today and no longer would be; what would be is in joined_now.
SELECT
    r.old_entity_id,
    e.name,
    r.name
FROM entity_redirects AS r
JOIN entities AS e ON e.entity_id = r.old_entity_id
ANTI JOIN joined_now AS j ON j.old_entity_id = r.old_entity_id
WHERE r.ended_at IS NULL
ORDER BY r.name, e.name, r.old_entity_id;

-- Names of the table of which one entity alone is loaded, under an alias: nothing is there to join it with.
SELECT
    w.label,
    w.name,
    any_value(e.name) AS own_name,
    count(DISTINCT m.mention_id) AS mentions,
    count(DISTINCT m.version_id) AS articles
FROM wanted_aliases AS w
JOIN entities AS e
    ON e.label = w.label
    AND folded(e.name) = folded(w.alias)
LEFT JOIN mentions AS m USING (entity_id)
GROUP BY w.label, w.name
HAVING count(DISTINCT e.entity_id) = 1
   AND NOT bool_or(folded(e.name) = folded(w.name))
ORDER BY w.label, w.name;
