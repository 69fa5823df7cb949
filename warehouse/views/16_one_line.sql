-- Words on one line, with single blanks.
CREATE OR REPLACE MACRO one_line(words) AS
    CASE
        -- Most quotes are on one line already, and to look is ten times as fast as to replace.
        WHEN contains(words, E'\n') OR contains(words, E'\t') OR contains(words, '  ')
            THEN regexp_replace(words, '\s+', ' ', 'g')
        ELSE words
    END;

COMMENT ON MACRO one_line IS 'Words on one line, with single blanks. one_line(words)';
