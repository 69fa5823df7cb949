-- Articles by BM25 (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009; k1 = 1.2, b = .75), best
-- first; a word in the title counts as three in the text. Every word must be there, plural or singular, whatever
-- its case and diacritics. "Words in marks" must follow each other; prisone* takes every ending; -word must not be
-- there; title:word must be in the title; outlet:, author:, language:, since: and until: (days) narrow the choice.
CREATE OR REPLACE MACRO search(words, excerpts := 100) AS TABLE
WITH parts AS (
    SELECT
        part_no,
        starts_with(part, '-') AS is_excluded,
        regexp_extract(part, '^-?(?:(title|outlet|author|language|since|until):)?(.*)$', ['field', 'asked']) AS told
    FROM (
        SELECT
            unnest(found) AS part,
            generate_subscripts(found, 1) AS part_no
        FROM (SELECT regexp_extract_all(coalesce(words, ''), '-?(?:[a-z]+:)?(?:"[^"]*"|[^\s"]+)') AS found)
    )
),
filters AS (
    SELECT
        is_excluded,
        told.field AS field,
        trim(told.asked, '"') AS asked
    FROM parts
    WHERE told.field NOT IN ('', 'title')
),
phrases AS (
    SELECT
        is_excluded,
        told.field = 'title' AS is_title,
        concat(' ', array_to_string(terms(told.asked), ' '), ' ') AS phrase
    FROM parts
    WHERE told.field IN ('', 'title')
      AND len(terms(told.asked)) > 1
),
wanted AS (
    SELECT
        row_number() OVER () AS word_no,
        *
    FROM (
        SELECT DISTINCT
            is_excluded,
            is_title,
            form,
            unnest(asked) AS word
        FROM (
            SELECT
                is_excluded,
                told.field = 'title' AS is_title,
                terms(told.asked) AS asked,
                CASE
                    WHEN ends_with(told.asked, '*') THEN 'start'
                    WHEN starts_with(told.asked, '"') OR len(asked) > 1 THEN 'exact'
                    ELSE 'stem'
                END AS form
            FROM parts
            WHERE told.field IN ('', 'title')
        )
        -- Of an excluded phrase no single word is excluded.
        WHERE NOT (is_excluded AND len(asked) > 1)
    )
),
meant AS (
    SELECT
        w.*,
        t.term_no
    FROM wanted AS w
    JOIN search_terms AS t ON t.stem = stem(w.word)
    WHERE w.form = 'stem'
       OR (w.form = 'exact' AND t.term = w.word)
    UNION ALL
    SELECT
        w.*,
        t.term_no
    FROM wanted AS w
    JOIN search_terms AS t ON starts_with(t.term, w.word)
    WHERE w.form = 'start'
),
hits AS (
    SELECT
        m.word_no,
        m.is_excluded,
        p.document_no,
        sum(3 * p.in_title + CASE WHEN m.is_title THEN 0 ELSE p.in_text END) AS weight
    FROM meant AS m
    JOIN search_postings AS p USING (term_no)
    SEMI JOIN (FROM search_documents WHERE is_current) AS d USING (document_no)
    WHERE NOT m.is_title
       OR p.in_title > 0
    GROUP BY ALL
),
collection AS (
    SELECT
        count(*) AS documents,
        greatest(avg(length), 1) AS mean_length
    FROM search_documents
    WHERE is_current
),
rarities AS (
    SELECT
        h.word_no,
        ln(1 + (any_value(c.documents) - count(*) + 0.5) / (count(*) + 0.5)) AS rarity
    FROM hits AS h
    CROSS JOIN collection AS c
    WHERE NOT h.is_excluded
    GROUP BY h.word_no
),
scored AS (
    SELECT
        h.document_no,
        d.version_id,
        sum(
            r.rarity * h.weight * 2.2
                / (h.weight + 1.2 * (0.25 + 0.75 * d.length / c.mean_length))
        ) AS score
    FROM hits AS h
    JOIN rarities AS r USING (word_no)
    JOIN search_documents AS d USING (document_no)
    CROSS JOIN collection AS c
    WHERE NOT h.is_excluded
    GROUP BY h.document_no, d.version_id
    HAVING count(*) = (SELECT count(*) FROM wanted WHERE NOT is_excluded)
),
candidates AS (
    SELECT
        s.score,
        o.name AS outlet,
        v.title,
        v.published_at,
        v.published_on,
        v.author,
        v.language,
        a.url,
        v.article_id,
        s.version_id
    FROM scored AS s
    ANTI JOIN (FROM hits WHERE is_excluded) AS e USING (document_no)
    JOIN article_versions AS v
        ON v.version_id = s.version_id
       AND (first_phrase(words) = '' OR regexp_matches(concat_ws(' ', v.title, v.text), first_phrase(words)))
    JOIN articles AS a ON a.article_id = v.article_id
    LEFT JOIN outlets AS o ON o.outlet_id = a.outlet_id
),
narrowed AS (
    SELECT c.*
    FROM candidates AS c
    WHERE NOT EXISTS (
        FROM filters AS f
        WHERE f.is_excluded = CASE f.field
                WHEN 'outlet' THEN contains(folded(coalesce(c.outlet, '')), folded(f.asked))
                WHEN 'author' THEN contains(folded(coalesce(c.author, '')), folded(f.asked))
                WHEN 'language' THEN coalesce(c.language = lower(f.asked), false)
                WHEN 'since' THEN coalesce(c.published_on >= try_cast(f.asked AS DATE), false)
                ELSE coalesce(c.published_on <= try_cast(f.asked AS DATE), false)
            END
    )
),
bodies AS (
    SELECT
        version_id,
        list({'char_start': char_start, 'char_end': char_end} ORDER BY char_start) AS told
    FROM segments
    WHERE role NOT IN ('title', 'dropped')
      AND version_id IN (SELECT version_id FROM narrowed)
    GROUP BY version_id
),
worded AS (
    SELECT n.*
    FROM narrowed AS n
    WHERE NOT EXISTS (FROM phrases)
       OR n.version_id IN (
           SELECT v.version_id
           FROM article_versions AS v
           JOIN bodies AS b USING (version_id)
           WHERE NOT EXISTS (
               FROM phrases AS p
               WHERE p.is_excluded = (
                   contains(concat(' ', array_to_string(terms(v.title), ' '), ' '), p.phrase)
                   OR NOT p.is_title
                   AND contains(concat(' ', array_to_string(terms(joined(v.text, b.told)), ' '), ' '), p.phrase)
               )
           )
       )
),
ranked AS (
    SELECT
        *,
        row_number() OVER (ORDER BY score DESC, published_at DESC NULLS LAST, article_id) AS place
    FROM worded
),
shown AS (
    SELECT
        r.version_id,
        joined(v.text, b.told) AS body,
        folded(body) AS folded_body,
        (
            SELECT array_to_string(list(CASE form WHEN 'stem' THEN stem(word) ELSE word END), '|')
            FROM wanted
            WHERE NOT is_excluded
        ) AS looked_for
    FROM ranked AS r
    JOIN article_versions AS v USING (version_id)
    JOIN bodies AS b USING (version_id)
    WHERE r.place <= excerpts
)
SELECT
    round(r.score, 2) AS score,
    r.outlet,
    r.title,
    r.published_at,
    r.url,
    excerpt(s.body, greatest(instr(s.folded_body, regexp_extract(s.folded_body, s.looked_for)), 1)) AS excerpt,
    r.article_id,
    r.version_id
FROM ranked AS r
LEFT JOIN shown AS s USING (version_id)
ORDER BY r.place;

COMMENT ON MACRO TABLE search IS 'Articles that hold every word, best first by BM25, whatever the case and diacritics. FROM search(''two words''); "a phrase", start*, -without, title:word, outlet:name, author:name, language:en, since:2024-01-01 and until:2024-12-31 narrow it. Excerpts are of the best 100, or as many as excerpts says.';
