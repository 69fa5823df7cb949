-- How much is in the warehouse, by its articles as they read today.
SELECT
    count(*) AS articles,
    count(DISTINCT a.outlet_id) AS outlets,
    (SELECT count(*) FROM quotes SEMI JOIN current_versions USING (version_id)) AS quotes,
    (SELECT count(*) FROM speakers_ranked) AS speakers,
    (SELECT count(*) FROM latest_stories WHERE len(voices) > 1) AS stories,
    count(*) FILTER (v.published_on IS NULL) AS undated,
    coalesce(sum(len(v.dropped_stretches)), 0)::BIGINT AS cuts
FROM current_versions AS v
JOIN articles AS a USING (article_id)
