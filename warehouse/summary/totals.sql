-- How much a load brought, in one row.
WITH loaded AS (
    SELECT
        v.version_id,
        v.article_id,
        a.outlet_id,
        a.first_seen_at = v.extracted_at AS is_new,
        length(v.text) AS characters,
        v.tagger
    FROM article_versions AS v
    JOIN articles AS a USING (article_id)
    WHERE v.extracted_at = $loaded_at
)
SELECT
    (SELECT count(DISTINCT article_id) FILTER (is_new) FROM loaded) AS articles,
    (SELECT count(*) FROM loaded) - (SELECT count(DISTINCT article_id) FILTER (is_new) FROM loaded) AS corrections,
    (SELECT count(DISTINCT outlet_id) FROM loaded) AS outlets,
    (SELECT count(*) FILTER (tagger IS NULL) FROM loaded) AS without_annotations,
    (SELECT count(*) FROM quotes SEMI JOIN loaded USING (version_id)) AS quotes,
    (
        SELECT count(*)
        FROM quotes
        SEMI JOIN loaded USING (version_id)
        WHERE speaker_entity_id IS NULL
    ) AS quotes_without_speaker,
    (SELECT count(*) FROM mentions SEMI JOIN loaded USING (version_id) WHERE entity_id IS NOT NULL) AS names,
    (SELECT count(DISTINCT entity_id) FROM mentions SEMI JOIN loaded USING (version_id)) AS entities,
    (SELECT count(*) FROM segments SEMI JOIN loaded USING (version_id) WHERE role = 'dropped') AS cuts,
    (SELECT count(*) FROM failures WHERE first_seen_at = $loaded_at) AS failures
