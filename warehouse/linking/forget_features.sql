-- Features of other arithmetic compare with none of today's.
DELETE FROM kept.article_features
WHERE features <> $features;
