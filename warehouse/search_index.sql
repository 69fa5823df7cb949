-- Puts the versions that are not indexed yet into the index of search(). Run by search_index.py, statement by
-- statement, inside one transaction: the next $most versions that were loaded at $since or later.

CREATE OR REPLACE TEMP TABLE unindexed AS
SELECT
    (SELECT coalesce(max(document_no), 0) FROM search_documents)
        + row_number() OVER (ORDER BY extracted_at, version_id) AS document_no,
    version_id,
    extracted_at
FROM article_versions AS v
WHERE extracted_at >= $since
  AND NOT EXISTS (FROM search_documents AS d WHERE d.version_id = v.version_id AND d.extracted_at >= $since)
ORDER BY extracted_at, version_id
LIMIT $most;

CREATE OR REPLACE TEMP TABLE unindexed_terms AS
WITH stretches AS (
    SELECT
        version_id,
        list({'char_start': char_start, 'char_end': char_end} ORDER BY char_start) AS told
    FROM segments
    WHERE role NOT IN ('title', 'dropped')
      AND version_id IN (SELECT version_id FROM unindexed)
    GROUP BY version_id
),
occurrences AS (
    SELECT
        u.document_no,
        true AS is_title,
        unnest(terms(v.title)) AS term
    FROM unindexed AS u
    JOIN article_versions AS v USING (version_id)
    UNION ALL
    SELECT
        u.document_no,
        false AS is_title,
        unnest(terms(joined(v.text, s.told))) AS term
    FROM unindexed AS u
    JOIN article_versions AS v USING (version_id)
    JOIN stretches AS s USING (version_id)
)
SELECT
    document_no,
    term,
    least(count(*) FILTER (is_title), 65535)::USMALLINT AS in_title,
    least(count(*) FILTER (NOT is_title), 65535)::USMALLINT AS in_text
FROM occurrences
GROUP BY document_no, term;

INSERT INTO search_terms
SELECT
    (SELECT coalesce(max(term_no), 0) FROM search_terms) + row_number() OVER (ORDER BY term) AS term_no,
    term,
    stem(term) AS stem
FROM (
    SELECT DISTINCT term
    FROM unindexed_terms
    ANTI JOIN search_terms USING (term)
)
ORDER BY term_no;

INSERT INTO search_postings
SELECT
    t.term_no,
    u.document_no,
    u.in_title,
    u.in_text
FROM unindexed_terms AS u
JOIN search_terms AS t USING (term)
ORDER BY t.term_no, u.document_no;

INSERT INTO search_documents
SELECT
    u.document_no,
    u.version_id,
    u.extracted_at,
    coalesce(n.length, 0) AS length,
    true AS is_current
FROM unindexed AS u
LEFT JOIN (
    SELECT
        document_no,
        sum(in_text)::INTEGER AS length
    FROM unindexed_terms
    GROUP BY document_no
) AS n USING (document_no)
ORDER BY u.document_no;

DROP TABLE unindexed_terms;

DROP TABLE unindexed;
