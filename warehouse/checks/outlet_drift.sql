-- name: outlet_drift
-- severity: warning
-- An outlet whose last week came out otherwise than its weeks before: its template may have changed.
WITH enough AS (
    -- Ten articles in the week and thirty before, over two weeks or more: below that a few odd articles make
    -- a jump, and small outlets would flicker.
    SELECT *
    FROM drift_of('checked_weeks')
    WHERE articles >= 10
      AND past_articles >= 30
      AND past_weeks >= 2
),
last_week AS (
    SELECT d.*
    FROM enough AS d
    SEMI JOIN (
        -- Told once: with the run that loads the outlet's articles.
        SELECT a.outlet_id
        FROM articles AS a
        SEMI JOIN checked_versions USING (article_id)
    ) USING (outlet_id)
    -- Of each outlet, the last week that is large enough; the one that has just begun may be not.
    QUALIFY row_number() OVER (PARTITION BY outlet_id ORDER BY week DESC) = 1
),
measured AS (
    SELECT
        outlet,
        week,
        articles,
        unnest([
            -- A list of headlines that leaks into every article is a tenth of it and more.
            {
                'measure': 'dropped_share',
                'now': dropped_share,
                'past': past_dropped_share,
                'departure': dropped_departure,
                'is_large': abs(dropped_share - past_dropped_share) >= 0.10
            },
            -- Half as long or twice: the body is cut short, or what surrounds it is taken for it. What is
            -- written about changes lengths by a third at most.
            {
                'measure': 'typical_length',
                'now': typical_length,
                'past': past_typical_length,
                'departure': length_departure,
                'is_large': NOT typical_length BETWEEN past_typical_length / 2 AND past_typical_length * 2
            },
            -- What is found more often than before needs no look: only losses warn, of 30 points and more.
            {
                'measure': 'without_date_share',
                'now': without_date_share,
                'past': past_without_date_share,
                'departure': without_date_departure,
                'is_large': without_date_share - past_without_date_share >= 0.30
            },
            {
                'measure': 'without_authors_share',
                'now': without_authors_share,
                'past': past_without_authors_share,
                'departure': without_authors_departure,
                'is_large': without_authors_share - past_without_authors_share >= 0.30
            },
            -- Fewer than a third of the quotes: quote marks got lost, or paragraphs.
            {
                'measure': 'quotes_per_article',
                'now': quotes_per_article,
                'past': past_quotes_per_article,
                'departure': quotes_departure,
                'is_large': quotes_per_article < past_quotes_per_article / 3
            }
        ]) AS found
    FROM last_week
)
SELECT
    outlet,
    week,
    articles,
    found.measure AS measure,
    round(found.now, 3) AS now,
    round(found.past, 3) AS past,
    round(found.departure, 1) AS departure
FROM measured
-- Four standard errors, and a large difference besides: chance alone hardly ever has both.
WHERE found.is_large
  AND abs(found.departure) >= 4
