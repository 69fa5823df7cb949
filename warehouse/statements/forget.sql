-- What was known of the touched stories, and of those that are no more.
DELETE FROM quote_pairs
WHERE story_id IN (SELECT story_id FROM touched_stories)
   OR story_id NOT IN (SELECT story_id FROM stories);

DELETE FROM statements
WHERE story_id IN (SELECT story_id FROM touched_stories)
   OR story_id NOT IN (SELECT story_id FROM stories);

DELETE FROM statement_wordings
WHERE story_id IN (SELECT story_id FROM touched_stories)
   OR story_id NOT IN (SELECT story_id FROM stories)
