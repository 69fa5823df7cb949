-- Who is quoted beside whom: pairs of speakers of one article, each pair once (speaker_a before speaker_b).
CREATE OR REPLACE VIEW quoted_together AS
WITH speaking AS (
    SELECT
        v.article_id,
        a.outlet_id,
        q.speaker_entity_id AS entity_id,
        e.name,
        count(*) AS quotes
    FROM quotes AS q
    JOIN current_versions AS v USING (version_id)
    JOIN articles AS a USING (article_id)
    JOIN entities AS e ON e.entity_id = q.speaker_entity_id
    GROUP BY v.article_id, a.outlet_id, q.speaker_entity_id, e.name
)
SELECT
    one.name AS speaker_a,
    other.name AS speaker_b,
    count(*) AS articles,
    count(DISTINCT one.outlet_id) AS outlets,
    sum(one.quotes)::BIGINT AS quotes_a,
    sum(other.quotes)::BIGINT AS quotes_b,
    one.entity_id AS entity_a,
    other.entity_id AS entity_b
FROM speaking AS one
JOIN speaking AS other
    ON other.article_id = one.article_id
    AND row(one.name, one.entity_id) < row(other.name, other.entity_id)
GROUP BY ALL
ORDER BY articles DESC, speaker_a, speaker_b, entity_a, entity_b;

COMMENT ON VIEW quoted_together IS 'Pairs of speakers whom the same article quotes, the most frequent pairs first; each pair stands once.';
COMMENT ON COLUMN quoted_together.speaker_a IS 'The one, first in the alphabet.';
COMMENT ON COLUMN quoted_together.speaker_b IS 'The other.';
COMMENT ON COLUMN quoted_together.articles IS 'How many articles quote both.';
COMMENT ON COLUMN quoted_together.outlets IS 'How many outlets do.';
COMMENT ON COLUMN quoted_together.quotes_a IS 'How often these articles quote the one.';
COMMENT ON COLUMN quoted_together.quotes_b IS 'How often they quote the other.';
COMMENT ON COLUMN quoted_together.entity_a IS 'The one''s entity.';
COMMENT ON COLUMN quoted_together.entity_b IS 'The other''s entity.';
