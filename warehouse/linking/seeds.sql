-- The articles whose stories are to be made anew: the changed ones, and who had a pair or a story with them.
CREATE OR REPLACE TEMP TABLE link_seeds AS
SELECT
    article_id,
    linked_on,
    true AS is_new
FROM link_dated
UNION ALL
SELECT
    l.article_id,
    l.linked_on,
    false AS is_new
FROM link_former AS f
JOIN linked_articles AS l USING (article_id)
WHERE f.article_id NOT IN (SELECT article_id FROM link_dated);
