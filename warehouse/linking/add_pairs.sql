-- Pairs of the window, by their places in it.
INSERT INTO article_pairs BY NAME
SELECT
    least(a.article_id, b.article_id) AS article_a,
    greatest(a.article_id, b.article_id) AS article_b,
    $kind AS kind,
    p.score,
    least(a.linked_on, b.linked_on) AS linked_on,
    $rule AS rule
FROM found_pairs AS p
JOIN link_window AS a ON a.place = p.one
JOIN link_window AS b ON b.place = p.other
ORDER BY linked_on, article_a, article_b;
