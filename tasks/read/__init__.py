"""From the inputs on the command line to decoded documents: files, folders, JSONL."""
