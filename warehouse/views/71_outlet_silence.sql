-- When each outlet last published, and on how many days others have since: one that went silent shows here.

CREATE OR REPLACE VIEW outlet_silence AS
WITH first_days AS (
    SELECT
        a.outlet_id,
        a.article_id,
        -- The day it came out; later versions of it are no sign of life.
        min(v.published_on) AS day
    FROM article_versions AS v
    JOIN articles AS a USING (article_id)
    WHERE a.outlet_id IS NOT NULL
      -- A misread date of the future would keep its outlet alive, and make all others silent.
      AND v.published_on <= v.extracted_at::DATE + 2
    GROUP BY
        a.outlet_id,
        a.article_id
),
outlet_days AS (
    SELECT outlet_id, day, count(*) AS articles
    FROM first_days
    GROUP BY
        outlet_id,
        day
),
spaced AS (
    SELECT
        *,
        day - lag(day) OVER (PARTITION BY outlet_id ORDER BY day) AS gap,
        max(day) OVER (PARTITION BY outlet_id) AS last_on
    FROM outlet_days
),
habits AS (
    -- Eight weeks, as in outlet_drift.
    SELECT
        outlet_id,
        last_on,
        sum(articles)::BIGINT AS articles,
        count(*) AS days,
        max(gap) AS longest_gap
    FROM spaced
    WHERE day > last_on - 56
    GROUP BY
        outlet_id,
        last_on
),
all_days AS (
    SELECT day, sum(articles)::BIGINT AS articles
    FROM outlet_days
    GROUP BY day
)
SELECT
    o.name AS outlet,
    h.outlet_id,
    h.last_on,
    h.articles,
    h.days,
    h.longest_gap,
    count(d.day) AS days_since,
    coalesce(sum(d.articles), 0)::BIGINT AS articles_since,
    max(d.day) AS others_on
FROM habits AS h
JOIN outlets AS o USING (outlet_id)
-- Whatever came out later is of others.
LEFT JOIN all_days AS d ON d.day > h.last_on
GROUP BY
    o.name,
    h.outlet_id,
    h.last_on,
    h.articles,
    h.days,
    h.longest_gap;

COMMENT ON VIEW outlet_silence IS 'When each outlet last published, and on how many days others have since. The check silent_outlets warns of one that published regularly and stopped.';
COMMENT ON COLUMN outlet_silence.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN outlet_silence.outlet_id IS 'The outlet.';
COMMENT ON COLUMN outlet_silence.last_on IS 'The day of its latest article.';
COMMENT ON COLUMN outlet_silence.articles IS 'Its articles of the eight weeks that end with that day.';
COMMENT ON COLUMN outlet_silence.days IS 'On how many days of these it published.';
COMMENT ON COLUMN outlet_silence.longest_gap IS 'The most days that lay between two of them.';
COMMENT ON COLUMN outlet_silence.days_since IS 'On how many days other outlets have published since.';
COMMENT ON COLUMN outlet_silence.articles_since IS 'How many articles they published.';
COMMENT ON COLUMN outlet_silence.others_on IS 'The latest of these days; null where there is none.';
