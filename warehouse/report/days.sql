-- Articles by the day of publication, the last days that have any; a date in the future is a slip of its page.
SELECT
    published_on AS day,
    count(*) AS articles
FROM current_versions
WHERE published_on <= (SELECT max(extracted_at)::DATE + 1 FROM article_versions)
GROUP BY published_on
ORDER BY day DESC
LIMIT $most
