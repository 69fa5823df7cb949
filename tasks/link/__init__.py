"""Which articles tell of the same event, which repeat another's text, and which statements they share.

What a worker computes of each article by itself:

- `words.py`: words of matter, their stems, how rare they are
- `features.py`: an article as weighted terms, ready to be compared
- `fingerprints.py`: its five-word shingles

What the loader makes of the articles in a window (`window.py`):

- `candidates.py`: pairs that are worth a closer look
- `pair_figures.py`, `pair_score.py`: how likely two articles tell of the same event
- `copies.py`: which share their text
- `clustering.py`: pairs → groups, whatever the order of the articles
- `stories.py`: groups → stories that keep their ids; `origins.py`: who had a text first
- `statements/`: the same statement in several wordings

`story_step.py` and `statement_step.py` are the edges: they read from and write into the open warehouse, in
one transaction, after a load. `models/` holds the figures that were learnt, and how.
"""
