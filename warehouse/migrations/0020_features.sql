-- What linking compares articles by is kept in a file of its own, beside the build: it can be made again from the
-- texts, and was more than all the rest. What a table leaves free in the file is used by later loads.

DROP TABLE article_features;
UPDATE load_batches
SET rows_total = rows_total - coalesce(article_features, 0)
WHERE article_features > 0;
ALTER TABLE load_batches DROP COLUMN article_features;
