"""The work: read → clean → annotate → stage. Pure functions and the edges to files; no Prefect.

- `model.py`, `errors.py`: the values and the exceptions that everything shares
- `read/`: from inputs on the command line to decoded documents
- `clean/`: from a document to one text with segments and metadata
- `annotate/`: mentions, entities, quotes and speakers
"""
