"""From a document to one text with segments that partition it, and its metadata."""
