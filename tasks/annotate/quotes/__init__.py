"""Who said what: contents, cues and speakers, to the character."""
