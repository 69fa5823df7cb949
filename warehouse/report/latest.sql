-- The latest story that several voices tell, and the latest article: what a page shows where nobody says what.
SELECT
    (
        SELECT story_id::VARCHAR
        FROM latest_stories
        WHERE len(voices) > 1
        ORDER BY
            last_published_at DESC NULLS LAST,
            articles DESC,
            story_id
        LIMIT 1
    ) AS story_id,
    (
        SELECT article_id::VARCHAR
        FROM current_versions
        ORDER BY
            published_at DESC NULLS LAST,
            article_id
        LIMIT 1
    ) AS article_id
