-- How an outlet's articles come out week by week, beside its own weeks before: a changed template shows here.

-- How many standard errors a week's mean lies from the mean of the weeks before. `least` is the least spread
-- that is taken for natural: an outlet that was always the same may differ by a little now.
CREATE OR REPLACE MACRO departure(n, total, past_n, past_total, past_squares, least) AS
    (total / n - past_total / past_n)
    / (
        greatest(sqrt(greatest(past_squares / past_n - (past_total / past_n) ** 2, 0)), least)
        * sqrt(1 / n + 1 / past_n)
    );

COMMENT ON MACRO departure IS 'How many standard errors a mean lies from an earlier one. departure(n, total, past_n, past_total, past_squares, least): least is the least spread that counts as natural.';

-- Of the articles in `versions`, the name of a table like article_versions.
CREATE OR REPLACE MACRO drift_of(versions) AS TABLE
WITH latest AS (
    SELECT version_id
    FROM latest_of(versions)
),
shown AS (
    SELECT
        v.version_id,
        a.outlet_id,
        v.published_on,
        v.extracted_at,
        coalesce(len(v.authors), 0) = 0 AS has_no_authors
    FROM query_table(versions) AS v
    SEMI JOIN latest USING (version_id)
    JOIN articles AS a USING (article_id)
    WHERE a.outlet_id IS NOT NULL
),
lengths AS (
    SELECT
        version_id,
        coalesce(sum(char_end - char_start) FILTER (role = 'dropped'), 0) / sum(char_end - char_start) AS dropped,
        coalesce(sum(char_end - char_start) FILTER (role <> 'dropped'), 0) AS kept
    FROM segments
    SEMI JOIN shown USING (version_id)
    GROUP BY version_id
),
said AS (
    SELECT version_id, count(*) AS quotes
    FROM quotes
    SEMI JOIN shown USING (version_id)
    GROUP BY version_id
),
placed AS (
    SELECT
        *,
        -- An article without a date is taken to be as old as the outlet's articles it was loaded with: those of
        -- a daily run are of that day, those of an archive are not all of the day it was loaded.
        date_trunc(
            'week',
            coalesce(
                published_on,
                quantile_disc(published_on, 0.5) OVER (PARTITION BY outlet_id, extracted_at),
                extracted_at::DATE
            )
        )::DATE AS week
    FROM shown
),
weeks AS (
    SELECT
        p.outlet_id,
        p.week,
        count(*) AS articles,
        median(l.kept) AS median_length,
        sum(l.dropped) AS dropped,
        sum(l.dropped ** 2) AS dropped_squares,
        sum(ln(1 + l.kept)) AS log_length,
        sum(ln(1 + l.kept) ** 2) AS log_length_squares,
        count_if(p.published_on IS NULL) AS without_date,
        count_if(p.has_no_authors) AS without_authors,
        sum(coalesce(s.quotes, 0)) AS quotes,
        sum(coalesce(s.quotes, 0) ** 2) AS quotes_squares
    FROM placed AS p
    JOIN lengths AS l USING (version_id)
    LEFT JOIN said AS s USING (version_id)
    GROUP BY
        p.outlet_id,
        p.week
),
compared AS (
    SELECT
        *,
        count(*) OVER past AS past_weeks,
        sum(articles) OVER past AS past_articles,
        sum(dropped) OVER past AS past_dropped,
        sum(dropped_squares) OVER past AS past_dropped_squares,
        sum(log_length) OVER past AS past_log_length,
        sum(log_length_squares) OVER past AS past_log_length_squares,
        sum(without_date) OVER past AS past_without_date,
        sum(without_authors) OVER past AS past_without_authors,
        sum(quotes) OVER past AS past_quotes,
        sum(quotes_squares) OVER past AS past_quotes_squares
    FROM weeks
    -- Eight weeks: long enough for a steady mean, short enough to forget the template before the last one.
    WINDOW past AS (PARTITION BY outlet_id ORDER BY week ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING)
)
SELECT
    o.name AS outlet,
    c.outlet_id,
    c.week,
    c.articles,
    c.dropped / c.articles AS dropped_share,
    c.median_length,
    exp(c.log_length / c.articles) - 1 AS typical_length,
    c.without_date / c.articles AS without_date_share,
    c.without_authors / c.articles AS without_authors_share,
    c.quotes / c.articles AS quotes_per_article,
    c.past_weeks,
    coalesce(c.past_articles, 0)::BIGINT AS past_articles,
    c.past_dropped / c.past_articles AS past_dropped_share,
    exp(c.past_log_length / c.past_articles) - 1 AS past_typical_length,
    c.past_without_date / c.past_articles AS past_without_date_share,
    c.past_without_authors / c.past_articles AS past_without_authors_share,
    c.past_quotes / c.past_articles AS past_quotes_per_article,
    departure(c.articles, c.dropped, c.past_articles, c.past_dropped, c.past_dropped_squares, 0.02)
        AS dropped_departure,
    departure(c.articles, c.log_length, c.past_articles, c.past_log_length, c.past_log_length_squares, 0.2)
        AS length_departure,
    departure(c.articles, c.without_date, c.past_articles, c.past_without_date, c.past_without_date, 0.05)
        AS without_date_departure,
    departure(c.articles, c.without_authors, c.past_articles, c.past_without_authors, c.past_without_authors, 0.05)
        AS without_authors_departure,
    departure(c.articles, c.quotes, c.past_articles, c.past_quotes, c.past_quotes_squares, 0.5)
        AS quotes_departure
FROM compared AS c
JOIN outlets AS o USING (outlet_id);

COMMENT ON MACRO TABLE drift_of IS 'The rows of outlet_drift that follow from the articles in a table of versions.';

CREATE OR REPLACE VIEW outlet_drift AS
FROM drift_of('article_versions');

COMMENT ON VIEW outlet_drift IS 'How an outlet''s articles come out, by week of publication, beside its eight weeks before: a changed template shows as a jump. The check of the same name warns of one.';
COMMENT ON COLUMN outlet_drift.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN outlet_drift.outlet_id IS 'The outlet.';
COMMENT ON COLUMN outlet_drift.week IS 'The Monday of the week. An article without a date counts with those of its outlet that were loaded with it.';
COMMENT ON COLUMN outlet_drift.articles IS 'Articles of that week, each in its latest version.';
COMMENT ON COLUMN outlet_drift.dropped_share IS 'Share of the characters that was cut off, the mean over its articles, 0 to 1.';
COMMENT ON COLUMN outlet_drift.median_length IS 'Characters that were kept, the median over its articles.';
COMMENT ON COLUMN outlet_drift.typical_length IS 'Characters that were kept, the geometric mean over its articles.';
COMMENT ON COLUMN outlet_drift.without_date_share IS 'Share of its articles for which no day of publication was found.';
COMMENT ON COLUMN outlet_drift.without_authors_share IS 'Share of its articles for which no author was found.';
COMMENT ON COLUMN outlet_drift.quotes_per_article IS 'Quotes, the mean over its articles.';
COMMENT ON COLUMN outlet_drift.past_weeks IS 'How many weeks before it is compared with, at most eight.';
COMMENT ON COLUMN outlet_drift.past_articles IS 'Articles of those weeks.';
COMMENT ON COLUMN outlet_drift.past_dropped_share IS 'dropped_share of those weeks.';
COMMENT ON COLUMN outlet_drift.past_typical_length IS 'typical_length of those weeks.';
COMMENT ON COLUMN outlet_drift.past_without_date_share IS 'without_date_share of those weeks.';
COMMENT ON COLUMN outlet_drift.past_without_authors_share IS 'without_authors_share of those weeks.';
COMMENT ON COLUMN outlet_drift.past_quotes_per_article IS 'quotes_per_article of those weeks.';
COMMENT ON COLUMN outlet_drift.dropped_departure IS 'How many standard errors dropped_share lies above that of the weeks before.';
COMMENT ON COLUMN outlet_drift.length_departure IS 'The same of the length, in logarithms.';
COMMENT ON COLUMN outlet_drift.without_date_departure IS 'The same of without_date_share.';
COMMENT ON COLUMN outlet_drift.without_authors_departure IS 'The same of without_authors_share.';
COMMENT ON COLUMN outlet_drift.quotes_departure IS 'The same of quotes_per_article.';
