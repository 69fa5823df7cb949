-- Who is quoted most, over all articles as they read today. Nested quotes count for those who speak in them.
CREATE OR REPLACE VIEW speakers_ranked AS
SELECT
    e.entity_id,
    e.name AS speaker,
    e.label,
    mode(q.speaker_role) AS role,
    count(*) AS quotes,
    count(*) FILTER (q.kind = 'direct') AS direct,
    count(*) FILTER (q.kind = 'mixed') AS mixed,
    count(*) FILTER (q.kind = 'indirect') AS indirect,
    count(*) FILTER (q.stance = 'speech') AS said,
    count(DISTINCT v.article_id) AS articles,
    count(DISTINCT a.outlet_id) AS outlets,
    min(v.published_on) AS first_on,
    max(v.published_on) AS last_on
FROM quotes AS q
JOIN current_versions AS v USING (version_id)
JOIN articles AS a USING (article_id)
JOIN entities AS e ON e.entity_id = q.speaker_entity_id
GROUP BY e.entity_id, e.name, e.label
ORDER BY quotes DESC, speaker, e.entity_id;

COMMENT ON VIEW speakers_ranked IS 'Who is quoted, the most quoted first, over all articles as they read today.';
COMMENT ON COLUMN speakers_ranked.entity_id IS 'The speaker.';
COMMENT ON COLUMN speakers_ranked.speaker IS 'The speaker''s name.';
COMMENT ON COLUMN speakers_ranked.label IS 'PER, ORG, LOC or NORP.';
COMMENT ON COLUMN speakers_ranked.role IS 'The office that articles give the speaker most often.';
COMMENT ON COLUMN speakers_ranked.quotes IS 'How many quotes, of every kind and stance.';
COMMENT ON COLUMN speakers_ranked.direct IS 'How many stand wholly in quote marks.';
COMMENT ON COLUMN speakers_ranked.mixed IS 'How many stand in quote marks in part.';
COMMENT ON COLUMN speakers_ranked.indirect IS 'How many stand in none.';
COMMENT ON COLUMN speakers_ranked.said IS 'How many were said, not believed or intended.';
COMMENT ON COLUMN speakers_ranked.articles IS 'In how many articles.';
COMMENT ON COLUMN speakers_ranked.outlets IS 'By how many outlets.';
COMMENT ON COLUMN speakers_ranked.first_on IS 'The day of the first of these articles.';
COMMENT ON COLUMN speakers_ranked.last_on IS 'The day of the last of them.';
