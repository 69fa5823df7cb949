"""The trained tagger of attributions: a linear-chain CRF over units, with what the rules find as features.

- `traits.py`: what is known of every unit, as whole numbers; `places.py`: those that tell where it stands
- `features.py`: which traits together make a feature, and its number
- `chain.py`: weights, and the best sequence of labels; `speech_parts.py`: parts of speech by the same means
- `phrases.py`, `candidates.py`, `ranking.py`: who may have said a quote, and the likeliest of them
- `linking.py`: labels made into attributions; `tagger.py`: all of it behind the seam of `attribution.py`
"""
