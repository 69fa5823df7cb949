-- Some 200 characters of a text around a place in it (1 is the first), cut between words.
CREATE OR REPLACE MACRO excerpt(words, place) AS
    one_line(
        regexp_replace(
            regexp_replace(
                substr(words, greatest(place - 60, 1), 200),
                CASE WHEN place > 61 THEN '^\S*\s+' ELSE '^' END,
                CASE WHEN place > 61 THEN '… ' ELSE '' END
            ),
            CASE WHEN greatest(place - 60, 1) + 200 <= length(words) THEN '\s+\S*$' ELSE '$' END,
            CASE WHEN greatest(place - 60, 1) + 200 <= length(words) THEN ' …' ELSE '' END
        )
    );

COMMENT ON MACRO excerpt IS 'Some 200 characters of a text around a place in it, cut between words. excerpt(words, place)';
