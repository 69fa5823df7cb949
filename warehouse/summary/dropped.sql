-- What was cut from what a load brought, and why.
SELECT
    coalesce(o.name, '(no outlet)') AS outlet,
    s.rule,
    s.score,
    trim(substr(v.text, s.char_start + 1, s.char_end - s.char_start)) AS text
FROM segments AS s
JOIN article_versions AS v USING (version_id)
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
WHERE v.extracted_at = $loaded_at
  AND s.role = 'dropped'
ORDER BY s.score, outlet, v.version_id, s.segment_no
LIMIT $most
