-- Titles, texts, the stretches of the bodies, and names with what they mean, of some versions.
SELECT
    v.version_id,
    v.title,
    v.text,
    s.body,
    m.names
FROM article_versions AS v
SEMI JOIN link_versions USING (version_id)
LEFT JOIN (
    SELECT
        version_id,
        list(row(char_start, char_end) ORDER BY char_start) AS body
    FROM segments
    WHERE role IN ('body', 'summary', 'caption')
      AND version_id IN (FROM link_versions)
    GROUP BY version_id
) AS s USING (version_id)
LEFT JOIN (
    SELECT
        version_id,
        list(row(label, surface, entity_id::VARCHAR) ORDER BY char_start, char_end, label) AS names
    FROM mentions
    WHERE version_id IN (FROM link_versions)
    GROUP BY version_id
) AS m USING (version_id)
ORDER BY v.version_id;
