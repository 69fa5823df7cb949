"""The trained tagger: a linear-chain CRF in two passes, run by NumPy.

In the order of work:

- `features`: what a word is (lexicons, clusters, form), and what its place in the document says
- `pairs`: features of two and three words together, as buckets of a table
- `model`: the weights, as they are stored and looked up
- `chain`: the most likely labels, and how likely they are
- `consistency`: what the first pass says of a word's other occurrences, for the second pass
- `tagger`: all of it behind the tagger interface
- `crf_training`: how the weights are found (only for the script that trains)
"""
