"""The labels of units, and the features by which the chain tells them. Shared by tagger and training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tasks.annotate.quotes.attribution import Attribution
from tasks.annotate.quotes.trained.features import FeatureNumbers, Rows, templates, window
from tasks.annotate.quotes.trained.places import PLACES, places
from tasks.annotate.quotes.trained.traits import FORM, NAMED, RULED, Columns, forms, named, ruled, sheet
from tasks.annotate.quotes.units import Line
from tasks.model import Mention

# A source or a content that begins before its cue is told from one that begins behind it: that is half of
# what links them.
KINDS = ("cue", "source<", "source>", "content<", "content>")
OUTSIDE = 0
LABELS = ("outside", *(f"{place} {kind}" for kind in KINDS for place in ("first", "further")))
COLUMNS = (*FORM, "tag", *PLACES, *RULED, *NAMED)
TEMPLATES = templates(
    *window("lower", 3), "word", "end3", "end2", "shape", "shape-1 shape shape+1", "end3-1", "end3+1",
    "lower-1 lower", "lower lower+1", "lower+1 lower+2", "lower-2 lower-1", "lower-1 lower+1",
    *window("class", 2), *window("cue", 2), *window("share", 2),
    "class-1 class class+1", "class class+1 class+2", "class-2 class-1 class",
    "lower class+1", "class-1 lower", "lower-1 class", "class lower+1",
    *(f"passage{at} ending{at} length{at}" for at in ("-2", "-1", "", "+1", "+2")),
    "passage quoted line", "passage-1 passage passage+1 share", "passage ending length quoted line",
    "passage ending first last", "first passage", "last passage", "sentence passage",
    "first lower", "last lower",
    "left passage", "leftby leftkind", "leftkind leftcommas passage", "left leftkind", "left leftby",
    "left leftkind leftcommas class", "right passage", "rightby rightkind",
    "rightkind rightcommas passage alone",
    "right rightkind", "right rightby", "rightkind rightcommas alone class", "alone passage line quoted",
    "before passage lower", "behind passage lower", "before alone", "behind alone",
    *window("ruled", 2), "ruled-1 ruled ruled+1", "ruled rule", "ruled lower", "ruled class",
    "ruled-1 ruled class-1 class", "ruled rule lower+1", "ruled cue",
    "name-1 part-1", "name part", "name+1 part+1", "name part class+1 share+1", "name-1 part-1 lower",
    "name part ruled", "bracket passage", "commas passage lower",
    "cue class+1", "cue lower+1", "cue class-1", "cue lower-1", "cue-1 lower", "cue+1 lower",
    "cue passage+1 passage-1",
    *window("tag", 2), "tag-1 tag tag+1", "tag lower", "tag tag+1 tag+2", "tag-2 tag-1 tag", "tag cue",
    "tag-1 tag cue", "tag leftkind leftcommas", "tag rightkind rightcommas", "tag ruled",
)  # fmt: skip
NUMBERS = FeatureNumbers(COLUMNS, TEMPLATES)


class Sheet:
    """The columns of some lines; those of the form come first, so that the tags can be told from them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.forms, self.ranges = sheet(lines, lambda line: forms(line.units), len(FORM))

    def complete(
        self,
        tags: Rows,
        attributions: Sequence[Sequence[Attribution]],
        mentions: Sequence[Mention],
        shares: Mapping[int, int],
    ) -> Rows:
        """All columns; `attributions` are the rules' of each line.

        `shares` tells how often a word is a cue, as a step of SHARES, by the hash of the word.
        """
        found = iter(attributions)

        def others(line: Line) -> Columns:
            parts = (places(line, shares), ruled(line, next(found)), named(line, mentions))
            return [place + rule + name for place, rule, name in zip(*parts, strict=True)]

        rest, _ = sheet(self.lines, others, len(COLUMNS) - len(FORM) - 1)
        return np.hstack([self.forms, tags[:, None], rest])


def runs(labels: Sequence[int]) -> list[tuple[str, int, int]]:
    """The spans of a line: kind, first unit, one past the last."""
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(labels):
        start, label = at, labels[at]
        at += 1
        if label == OUTSIDE:
            continue
        further = label + (label % 2)
        while at < len(labels) and labels[at] == further:
            at += 1
        found.append((KINDS[(label - 1) // 2], start, at))
    return found
