"""Which articles share their text. Called by `story_step.py`.

Candidates share sampled fingerprints; what decides is containment: the share of the shorter text's
five-word shingles that stand in the other (Broder 1997). Likeness of the whole (Jaccard) misses half of the
copies: they are cut short, and other text is put around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.link.window import Ints, ranges

Hashes = NDArray[np.uint32]

COPY_RULE: Final = "containment 1"

# Share of the shorter text, and number of its shingles, that make a copy.
LEAST_CONTAINED: Final = 0.4
LEAST_SHARED: Final = 8
# The same of the sample: lower, so that chance in drawing it costs no copy.
LEAST_SAMPLED: Final = 0.25
LEAST_SAMPLED_SHARED: Final = 2
# Most hashes of a window are of no new article; so many of their bits tell nearly all of these apart. 1 MB.
SEEN_BITS: Final = 20
# New articles whose samples are looked up in one go; if all of a window of 4,000 repeat one text, 100 MB.
ARTICLES_AT_ONCE: Final = 16


def copy_candidates(
    samples: Sequence[Hashes], days: Ints, new: NDArray[np.bool_], window_days: int
) -> Iterator[tuple[int, int]]:
    """Pairs of articles that may be copies, by their numbers; at least one of the two is new."""
    sizes = np.array([len(one) for one in samples], np.int64)
    hashes = np.concatenate([np.zeros(0, np.uint32), *samples])
    owners = np.repeat(np.arange(len(samples)), sizes)
    known = np.flatnonzero(_may_be_in(hashes, hashes[new[owners]]))
    hashes, owners = hashes[known], owners[known]
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    numbers = np.flatnonzero(new)
    for portion in np.split(numbers, np.arange(ARTICLES_AT_ONCE, len(numbers), ARTICLES_AT_ONCE)):
        wanted = np.concatenate([np.zeros(0, np.uint32), *(samples[article] for article in portion)])
        starts = np.searchsorted(hashes, wanted, "left")
        lengths = np.searchsorted(hashes, wanted, "right") - starts
        ones = np.repeat(np.repeat(portion, sizes[portion]), lengths)
        keys, shared = np.unique(ones * len(samples) + owners[ranges(starts, lengths)], return_counts=True)
        ones, others = np.divmod(keys, max(1, len(samples)))
        near = np.abs(days[ones] - days[others]) <= window_days
        enough = shared >= np.maximum(
            LEAST_SAMPLED_SHARED, LEAST_SAMPLED * np.minimum(sizes[ones], sizes[others])
        )
        kept = (ones != others) & near & enough & (~new[others] | (others > ones))
        yield from zip(ones[kept].tolist(), others[kept].tolist(), strict=True)


def _may_be_in(hashes: Hashes, wanted: Hashes) -> NDArray[np.bool_]:
    """Whether each of the hashes is among the wanted ones, or looks like one of them in its last bits."""
    seen = np.zeros(1 << SEEN_BITS, np.bool_)
    seen[wanted & ((1 << SEEN_BITS) - 1)] = True
    found: NDArray[np.bool_] = seen[hashes & ((1 << SEEN_BITS) - 1)]
    return found


def containment(one: Hashes, other: Hashes) -> float:
    """The share of the shorter text that stands in the other, 0 where it is no copy."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    share = shared / max(1, min(len(one), len(other)))
    return share if shared >= LEAST_SHARED and share >= LEAST_CONTAINED else 0.0
