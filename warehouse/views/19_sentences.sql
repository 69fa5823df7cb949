-- A text as the list of its sentences, for comparing two versions of an article. Where a sentence ends is a
-- matter of the same rule on both sides; that it is right in every case is not needed here.

-- U+2024 stands for the stop of an abbreviation or an initial, or before a small letter, until the text is cut.
CREATE OR REPLACE MACRO stops_kept(words) AS
    regexp_replace(
        regexp_replace(
            regexp_replace(words, '\.(\s+\p{Ll})', '․\1', 'g'),
            '\b(Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Maj|Rev|Hon|St|Jr|Sr|No|vs|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.(\s)',
            '\1․\2',
            'g'
        ),
        '\b([A-Z])\.',
        '\1․',
        'g'
    );

COMMENT ON MACRO stops_kept IS 'A text in which the stops of abbreviations and initials are U+2024: what is left ends sentences.';

CREATE OR REPLACE MACRO sentences(words) AS
    list_filter(
        list_transform(
            string_split(
                regexp_replace(
                    regexp_replace(stops_kept(words), '([.!?…]["”’»)\]]*)\s+', '\1' || chr(30), 'g'),
                    '\s*\n\s*',
                    chr(30),
                    'g'
                ),
                chr(30)
            ),
            lambda sentence: trim(regexp_replace(replace(sentence, '․', '.'), '\s+', ' ', 'g'))
        ),
        lambda sentence: sentence <> ''
    );

COMMENT ON MACRO sentences IS 'The sentences of a text, in their order, each on one line.';

CREATE OR REPLACE MACRO word_set(words) AS
    list_distinct(regexp_extract_all(lower(words), '[\p{L}\p{N}]+'));

COMMENT ON MACRO word_set IS 'The distinct words of a text, in lower case.';

-- Dice's coefficient (1945) of the words.
CREATE OR REPLACE MACRO likeness(one, other) AS
    2 * len(list_intersect(one, other)) / greatest(len(one) + len(other), 1);

COMMENT ON MACRO likeness IS 'How much two sets of words have in common, 0 to 1: twice what they share, by what both have.';
