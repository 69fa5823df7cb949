-- The days that are worked on, and all within some days of them: what lies between is left alone.
CREATE OR REPLACE TEMP TABLE link_days AS
SELECT unnest($days::DATE[]) AS day;

CREATE OR REPLACE TEMP TABLE link_near_days AS
SELECT DISTINCT
    day + unnest(generate_series(-$margin::INTEGER, $margin::INTEGER))::INTEGER AS day
FROM link_days;
