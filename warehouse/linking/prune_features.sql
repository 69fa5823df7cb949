-- Features that were not needed this time.
DELETE FROM kept.article_features
WHERE linked_on NOT IN (SELECT linked_on FROM link_needed);
