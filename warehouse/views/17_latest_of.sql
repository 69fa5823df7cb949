-- Which of these versions is the latest of its article; `versions` is the name of a table like article_versions that
-- has all versions of the articles in question.
-- Of two versions that are dated (modified, else published) the later date is the latest. Where the dates are
-- the same, and between the latest dated one and the latest without a date: what was loaded later; of one
-- load, what stood further down (the line number that ends the location), then the location, then the id.
-- Of the versions that were fetched, only the one that the outlet was last seen to show takes part: an article
-- that was changed and changed back reads as it did at first. (Of several extractions of it: the last.)
-- A version that came into force again (version_revivals) counts as loaded then.
-- So it is a function of the set of loaded rows, whatever order they came in.
CREATE OR REPLACE MACRO latest_of(versions) AS TABLE
WITH asked AS (
    SELECT
        version_id,
        article_id,
        modified_at,
        published_at,
        extracted_at,
        location
    FROM query_table(versions)
),
seen AS (
    SELECT
        version_id,
        max(observed_at) AS last_seen_at
    FROM observations
    SEMI JOIN asked USING (version_id)
    GROUP BY version_id
),
revived AS (
    SELECT
        version_id,
        max(revived_at) AS last_revived_at
    FROM version_revivals
    SEMI JOIN asked USING (version_id)
    GROUP BY version_id
),
placed AS (
    SELECT
        v.version_id,
        v.article_id,
        coalesce(v.modified_at, v.published_at) AS dated_at,
        s.last_seen_at,
        row(
            greatest(v.extracted_at, r.last_revived_at),
            coalesce(try_cast(split_part(v.location, ':', -1) AS BIGINT), -1),
            v.location,
            v.version_id
        ) AS place
    FROM asked AS v
    LEFT JOIN seen AS s USING (version_id)
    LEFT JOIN revived AS r USING (version_id)
),
candidates AS (
    SELECT
        article_id,
        unnest(arg_max(
            {'version_id': version_id, 'dated_at': dated_at, 'place': place},
            row(coalesce(last_seen_at, dated_at, TIMESTAMP '0001-01-01'), place)
        ))
    FROM placed
    GROUP BY
        article_id,
        last_seen_at IS NULL,
        last_seen_at IS NULL AND dated_at IS NULL
),
latest_of_kind AS (
    SELECT
        article_id,
        arg_max(version_id, row(coalesce(dated_at, TIMESTAMP '0001-01-01'), place)) AS version_id,
        arg_max(place, row(coalesce(dated_at, TIMESTAMP '0001-01-01'), place)) AS place
    FROM candidates
    GROUP BY article_id, dated_at IS NULL
)
SELECT
    article_id,
    arg_max(version_id, place) AS version_id
FROM latest_of_kind
GROUP BY article_id;

COMMENT ON MACRO TABLE latest_of IS 'Of each article in a table of versions the version that is the latest: the one that its outlet was last seen to show; where nothing tells that, the latest date (modified, else published), then the last loaded, then the furthest down in its file.';
