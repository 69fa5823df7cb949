-- A story's articles side by side, in the order of publication. A story that was merged is shown as it is now.
CREATE OR REPLACE MACRO story_board(story_id) AS TABLE
SELECT
    sa.role,
    a.outlet,
    a.title,
    a.published_at,
    a.url,
    count(q.quote_id) AS quotes,
    list(DISTINCT e.name ORDER BY e.name) FILTER (e.name IS NOT NULL) AS speakers,
    sa.article_id,
    sa.story_id
FROM story_articles AS sa
JOIN current_articles AS a ON a.article_id = sa.article_id
LEFT JOIN quotes AS q ON q.version_id = a.version_id
LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
WHERE sa.story_id = coalesce(
    (
        SELECT r.new_story_id
        FROM story_redirects AS r
        WHERE r.old_story_id = try_cast(story_id AS UUID)
        ORDER BY r.merged_at DESC
        LIMIT 1
    ),
    try_cast(story_id AS UUID)
)
GROUP BY ALL
ORDER BY a.published_at NULLS LAST, a.outlet, sa.article_id;

COMMENT ON MACRO TABLE story_board IS 'The articles of a story side by side. FROM story_board(''story id'')';
