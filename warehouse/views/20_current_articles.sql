-- Every article as it reads today: its latest version, cut to its body.
CREATE OR REPLACE VIEW current_articles AS
SELECT
    a.article_id,
    v.version_id,
    a.input_id,
    o.name AS outlet,
    a.url,
    v.title,
    v.author,
    v.published_at,
    v.language,
    joined(v.text, v.body_stretches) AS body,
    joined(v.text, v.dropped_stretches) AS dropped
FROM current_versions AS v
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id);

COMMENT ON VIEW current_articles IS 'Every article as it reads today: its latest version, without what was cut off.';
COMMENT ON COLUMN current_articles.article_id IS 'The article.';
COMMENT ON COLUMN current_articles.version_id IS 'Its latest version.';
COMMENT ON COLUMN current_articles.input_id IS 'The id that the input gave it, or the name of its file.';
COMMENT ON COLUMN current_articles.outlet IS 'The outlet''s name.';
COMMENT ON COLUMN current_articles.url IS 'Its address.';
COMMENT ON COLUMN current_articles.title IS 'The headline.';
COMMENT ON COLUMN current_articles.author IS 'The authors.';
COMMENT ON COLUMN current_articles.published_at IS 'When it was published, UTC.';
COMMENT ON COLUMN current_articles.language IS 'Language, ISO 639-1.';
COMMENT ON COLUMN current_articles.body IS 'The article itself, paragraph by paragraph. Offsets do not count in here but in article_versions.text.';
COMMENT ON COLUMN current_articles.dropped IS 'What stood around it and was cut off; empty where nothing was.';
