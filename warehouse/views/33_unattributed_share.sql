-- How much of what an outlet quotes has no canonical speaker, and why.
CREATE OR REPLACE VIEW unattributed_share AS
SELECT
    o.name AS outlet,
    count(DISTINCT v.article_id) AS articles,
    count(*) AS quotes,
    count(*) FILTER (q.speaker_entity_id IS NULL) AS unattributed,
    round(count(*) FILTER (q.speaker_entity_id IS NULL) / count(*), 3) AS share,
    count(*) FILTER (q.speaker_null_reason = 'unnamed source') AS unnamed_source,
    count(*) FILTER (q.speaker_null_reason = 'generic') AS generic,
    count(*) FILTER (q.speaker_null_reason = 'collective') AS collective,
    count(*) FILTER (q.speaker_null_reason = 'not found') AS not_found,
    round(count(*) FILTER (q.speaker_null_reason = 'unnamed source') / count(*), 3) AS unnamed_share
FROM quotes AS q
JOIN current_versions AS v USING (version_id)
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
GROUP BY a.outlet_id, o.name
ORDER BY share DESC, outlet;

COMMENT ON VIEW unattributed_share IS 'For each outlet the share of its quotes without a canonical speaker, and the reasons; the highest share first.';
COMMENT ON COLUMN unattributed_share.outlet IS 'The outlet''s name; null for articles of no known outlet.';
COMMENT ON COLUMN unattributed_share.articles IS 'How many of its articles quote somebody.';
COMMENT ON COLUMN unattributed_share.quotes IS 'How many quotes they hold.';
COMMENT ON COLUMN unattributed_share.unattributed IS 'How many of these have no canonical speaker.';
COMMENT ON COLUMN unattributed_share.share IS 'unattributed / quotes, 0 to 1.';
COMMENT ON COLUMN unattributed_share.unnamed_source IS 'How many are of an unnamed source: a senior official.';
COMMENT ON COLUMN unattributed_share.generic IS 'How many are of nobody in particular: critics.';
COMMENT ON COLUMN unattributed_share.collective IS 'How many are of a group without a name: the two men.';
COMMENT ON COLUMN unattributed_share.not_found IS 'How many have nobody in sight, or a name that is no entity of the article.';
COMMENT ON COLUMN unattributed_share.unnamed_share IS 'unnamed_source / quotes, 0 to 1.';
