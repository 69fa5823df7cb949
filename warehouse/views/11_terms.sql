-- The words of a text as they are indexed: folded, one for each run of letters and digits. Scripts that put no
-- blanks between words (the letters of the last alternative) give one word for each sign.
CREATE OR REPLACE MACRO terms(words) AS
    regexp_extract_all(
        folded(coalesce(words, '')),
        '[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\pM\pN\p{Arabic}\p{Hebrew}\p{Hangul}\p{Devanagari}\p{Bengali}\p{Tamil}\p{Telugu}\p{Georgian}\p{Armenian}\p{Ethiopic}]+|\p{Lo}'
    );

COMMENT ON MACRO terms IS 'The words of a text as they are indexed and looked for, without case and diacritics. terms(words)';

-- The S-stemmer (Harman, How effective is suffixing?, JASIS 1991): an English plural finds its singular.
CREATE OR REPLACE MACRO stem(term) AS
    CASE
        WHEN length(term) < 4 OR NOT ends_with(term, 's') THEN term
        WHEN regexp_matches(term, '[^ea]ies$') THEN term[:-4] || 'y'
        WHEN regexp_matches(term, '[^us]s$') THEN term[:-2]
        ELSE term
    END;

COMMENT ON MACRO stem IS 'A word without the ending of an English plural (the S-stemmer). stem(term)';

-- A pattern that every text with the first "phrase" of a search has, and few others: any letter beyond ASCII may
-- stand for any other, and anything but letters between the words. It is looked for before texts are cut and folded,
-- which takes a hundred times as long. Empty where there is no phrase.
CREATE OR REPLACE MACRO first_phrase(words) AS
    CASE
        WHEN regexp_matches(words, '(?:^|\s)"[^"]*[\pL\pN][^"]*"')
            THEN '(?i)' || replace(
                regexp_replace(
                    array_to_string(terms(regexp_extract(words, '(?:^|\s)"([^"]*[\pL\pN][^"]*)"', 1)), ' '),
                    '(ss|[^ ])',
                    '(?:\1|[\\x80-\\x{10FFFF}])\\pM*',
                    'g'
                ),
                ' ',
                '[^\pL\pN]*'
            )
        ELSE ''
    END;

COMMENT ON MACRO first_phrase IS 'What search() looks for first where a phrase is asked for: a regular expression. first_phrase(words)';
