-- What was known of the touched stories.
DELETE FROM quote_pairs
WHERE story_id IN (SELECT story_id FROM touched_stories);

DELETE FROM statements
WHERE story_id IN (SELECT story_id FROM touched_stories);

DELETE FROM statement_wordings
WHERE story_id IN (SELECT story_id FROM touched_stories)
