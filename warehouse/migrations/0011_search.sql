-- The index that search(words) ranks by: which word stands in which version, and how often.
-- Its numbers are given in the order of loading, so they mean nothing outside these three tables; what a search
-- finds is a function of the loaded articles all the same.

CREATE TABLE search_terms (
    term_no INTEGER NOT NULL,
    term VARCHAR NOT NULL,
    stem VARCHAR NOT NULL
);
COMMENT ON TABLE search_terms IS 'Every word of the indexed texts, without case and diacritics.';
COMMENT ON COLUMN search_terms.term_no IS 'Its number in search_postings.';
COMMENT ON COLUMN search_terms.term IS 'The word.';
COMMENT ON COLUMN search_terms.stem IS 'The word without the ending of an English plural: words of one stem find each other.';

CREATE TABLE search_documents (
    document_no INTEGER NOT NULL,
    version_id UUID NOT NULL,
    extracted_at TIMESTAMP NOT NULL,
    length INTEGER NOT NULL,
    is_current BOOLEAN NOT NULL
);
COMMENT ON TABLE search_documents IS 'Every indexed version.';
COMMENT ON COLUMN search_documents.document_no IS 'Its number in search_postings.';
COMMENT ON COLUMN search_documents.version_id IS 'The version.';
COMMENT ON COLUMN search_documents.extracted_at IS 'When it was loaded.';
COMMENT ON COLUMN search_documents.length IS 'How many words its text has, without its title and what was dropped.';
COMMENT ON COLUMN search_documents.is_current IS 'Whether it is the latest version of its article: only these are found.';

CREATE TABLE search_postings (
    term_no INTEGER NOT NULL,
    document_no INTEGER NOT NULL,
    in_title USMALLINT NOT NULL,
    in_text USMALLINT NOT NULL
);
COMMENT ON TABLE search_postings IS 'Which word stands how often in which version.';
COMMENT ON COLUMN search_postings.term_no IS 'The word.';
COMMENT ON COLUMN search_postings.document_no IS 'The version.';
COMMENT ON COLUMN search_postings.in_title IS 'How often it stands in the title.';
COMMENT ON COLUMN search_postings.in_text IS 'How often it stands in the text, without its title and what was dropped.';

CREATE TABLE search_sorted (
    postings BIGINT NOT NULL
);
COMMENT ON TABLE search_sorted IS 'How many of the postings lie sorted by word; those that were added later lie behind them.';
COMMENT ON COLUMN search_sorted.postings IS 'Their number, when they were last sorted.';
