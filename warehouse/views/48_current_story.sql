-- The story that an id leads to today: itself, or the one that it was merged into, however often.
CREATE OR REPLACE MACRO current_story(story_id) AS (
    WITH RECURSIVE followed (story, step) AS (
        SELECT
            try_cast(story_id AS UUID),
            0
        UNION
        SELECT
            r.new_story_id,
            f.step + 1
        FROM followed AS f
        JOIN story_redirects AS r ON r.old_story_id = f.story
        WHERE f.step < 100
          AND NOT EXISTS (FROM stories AS s WHERE s.story_id = f.story)
    )
    SELECT max_by(followed.story, followed.step)
    FROM followed
);

COMMENT ON MACRO current_story IS 'The story that an id leads to today: itself, or the one that it was merged into. current_story(story_id)';
