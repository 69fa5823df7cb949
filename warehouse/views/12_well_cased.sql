-- Whether a name has capitals where names have them: some, not all, and no two before a small letter (HIllary).
CREATE OR REPLACE MACRO well_cased(name) AS
    name <> upper(name)
    AND name <> lower(name)
    AND NOT regexp_matches(name, '\p{Lu}{2}\p{Ll}');

COMMENT ON MACRO well_cased IS 'Whether a name has capitals where names have them: some, not all, no slip as in HIllary. well_cased(name)';
