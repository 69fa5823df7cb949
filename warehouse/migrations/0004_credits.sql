-- A byline may credit a desk ("By the Some Daily Staff"): it is kept beside the agencies.
COMMENT ON COLUMN article_versions.author IS 'The byline as one line: the persons, then the agencies and desks that are credited.';
COMMENT ON COLUMN article_versions.agencies IS 'The news agencies and the desks that are credited with it, as they are written.';
