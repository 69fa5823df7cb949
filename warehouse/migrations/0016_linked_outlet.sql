-- The outlet of a linked article beside it, so that linking a day does not look through all articles.

ALTER TABLE linked_articles ADD COLUMN outlet_id UUID;
UPDATE linked_articles AS l
SET outlet_id = a.outlet_id
FROM articles AS a
WHERE a.article_id = l.article_id;
COMMENT ON COLUMN linked_articles.outlet_id IS 'The outlet that it was compared as; null where that is not known.';
