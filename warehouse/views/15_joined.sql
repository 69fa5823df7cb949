-- Stretches of a text as one readable text: blanks at the ends go, paragraphs stay apart by one empty line,
-- and stretches that touch in the text are not torn. `stretches` is a list of {char_start, char_end} in order.
CREATE OR REPLACE MACRO joined(words, stretches) AS
    trim(
        regexp_replace(
            array_to_string(
                list_transform(
                    coalesce(stretches, []),
                    lambda stretch, place:
                        CASE
                            WHEN stretches[place - 1].char_end = stretch.char_start THEN ''
                            ELSE E'\n\n'
                        END
                        || substr(words, stretch.char_start + 1, stretch.char_end - stretch.char_start)
                ),
                ''
            ),
            '[ \t]*\n\s*\n\s*',
            E'\n\n',
            'g'
        ),
        E' \n\t'
    );

COMMENT ON MACRO joined IS 'Stretches of a text as one readable text with paragraphs. joined(words, stretches): stretches is a list of {char_start, char_end}.';
