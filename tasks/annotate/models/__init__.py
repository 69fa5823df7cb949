"""What the taggers of entities and quotes know of single words, and the script that makes it (README.md)."""
