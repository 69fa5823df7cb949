"""What a cleaned document says: tokens, mentions, the document's entities, quotes and their speakers."""
