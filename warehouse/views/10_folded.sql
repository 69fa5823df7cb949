-- Words as search and look-up compare them: without case, diacritics and typographic apostrophes.
CREATE OR REPLACE MACRO folded(words) AS
    translate(lower(strip_accents(words)), 'ıøłđðþß’‘`', 'iolddts''''''');

COMMENT ON MACRO folded IS 'Words without case, diacritics and typographic apostrophes: what quotes_by and search compare. folded(words)';
