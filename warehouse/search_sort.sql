-- Sorts the postings of search() by word, and remembers how many are sorted.
CREATE OR REPLACE TEMP TABLE unsorted_postings AS
FROM search_postings;

DELETE FROM search_postings;

INSERT INTO search_postings
FROM unsorted_postings
ORDER BY
    term_no,
    document_no;

DROP TABLE unsorted_postings;

DELETE FROM search_sorted;

INSERT INTO search_sorted
SELECT count(*) AS postings
FROM search_postings;
