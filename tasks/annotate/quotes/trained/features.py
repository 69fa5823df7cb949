"""Which traits of neighbouring units together make a feature, and the number of each: hashing, no names.

Feature hashing (Weinberger et al. 2009): a feature is the hash of its template's number and of its traits, so
that a model holds numbers only, and all features of an article are computed column by column.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint32]
Template = tuple[tuple[str, int], ...]

# Rows of zeros between paragraphs, and the furthest that a template looks.
PADDING = 3
BITS = 21  # of a feature's number: two million, for some 500,000 features
# Odd multipliers of well-mixed bits, one for each place in a template (golden ratio; MurmurHash3, xxHash).
MULTIPLIERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1)
LAST = 0x85EBCA6B


def templates(*written: str) -> tuple[Template, ...]:
    """Templates as they are written: "lower-1 lower" is the word before with the word itself."""
    return tuple(tuple(_part(part) for part in line.split()) for line in written)


def _part(written: str) -> tuple[str, int]:
    for mark in "+-":
        name, found, distance = written.partition(mark)
        if found:
            return name, int(mark + distance)
    return written, 0


def window(name: str, reach: int) -> list[str]:
    """A trait of each unit up to so many places away, each a template of its own."""
    return [f"{name}{place:+d}" if place else name for place in range(-reach, reach + 1)]


class FeatureNumbers:
    """The numbers of all features of units that have certain columns of traits."""

    def __init__(self, columns: tuple[str, ...], used: tuple[Template, ...]) -> None:
        place = {name: number for number, name in enumerate(columns)}
        self.parts = [[(place[name], distance) for name, distance in template] for template in used]
        self.shifts = sorted({part for parts in self.parts for part in parts})

    def __call__(self, rows: Rows) -> Rows:
        """One row for each template, one column for each unit; `rows` is padded at both ends."""
        shifted: dict[tuple[int, int], Rows] = {}
        columns = np.ascontiguousarray(rows.T)
        for column, distance in self.shifts:
            trait = columns[column]
            shifted[column, distance] = np.concatenate((trait[distance:], trait[:distance]))
        found = np.empty((len(self.parts), len(rows)), np.uint32)
        high = np.empty(len(rows), np.uint32)
        for number, parts in enumerate(self.parts):
            mixed = found[number]
            mixed[:] = (number + 1) * MULTIPLIERS[0] & 0xFFFFFFFF
            for multiplier, part in zip(MULTIPLIERS, parts, strict=False):
                mixed ^= shifted[part]
                mixed *= np.uint32(multiplier)
                np.right_shift(mixed, 15, out=high)
                mixed ^= high
            mixed *= np.uint32(LAST)
            np.right_shift(mixed, 13, out=high)
            mixed ^= high
        found >>= np.uint32(32 - BITS)
        return found
