"""How sure it is that all behind a place in a text is headlines of other articles: a trained score.

Called by `tail`. A place is the start of a line or of a sentence near the end. What stands behind it is
described by some forty figures (marks, capitals, words the article has not, words that headlines begin
with), and gradient-boosted trees turn them into a probability. The trees are in `models/tail.json`; they
were made by `models/train_tail.py`, and are described in `models/README.md`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tasks.clean.lines import Line
from tasks.clean.tail_figures import (
    FEATURES,
    LONG_LINE,
    NO_END_MARK,
    REST_WORDS,
    SAYS_SO,
    STRANGE,
    WORDS,
    Piece,
    places,
    sentences_of,
)

MIN_LONG_LINES = 2  # so many are needed to say how a text ends its lines
MIN_ENDED = 0.7  # share of the long lines that do; below it the text says nothing
MIN_WORDS = 3  # words of a lone headline; fewer are a subheading, a signature, an entry
PLAIN_WORDS, PLAIN_CAPITALS = 8, 0.4  # words of a plain sentence, and the most of them with capitals

# Probabilities, set on sites that the trees had not seen: at most 1 article in 200 without a tail is touched.
SURE = 0.8  # for the first place
SURE_ABOVE_CUT = 0.9  # the same where something else was cut, which mostly is all there is
MORE = 0.6  # for more of it further up
MORE_LINES = 0.35  # the same at the start of a line
MORE_STRANGE = 0.1  # the same where the line has no stop and its words of matter are new to the article
VERY_STRANGE = 0.7  # share of them that are
LEAST_BELOW_SHORT = 5  # words of a tail below a short line, which may be the entry of a list
NOT_THIS = 0.1  # below it, a place is a miss; after some of them nothing further up is looked at
MOST_MISSES = 3

# Entries, addresses, signatures, remarks: they end without a stop, too.
NO_START = re.compile(
    r"""(?x)
    [^\w"'“‘’$€£\#(]                         # bullets, dashes
    | [^:]{1,40}:\s*(?:\S+\s+){0,2}\S+$      # "Balance: internal"
    | [A-Z ]{3,40}:\s*\d                     # "RATING: 4 of 5"
    | [A-Z][a-z]{2,8}\.?\ \d{1,2}\s*[–:-]    # "June 9 – Arena"
    | (?:\S+\s+){0,4}[^\s()]*\([^()]*\)$     # "Thin bezels (Pro only)"
    """
)
READER = frozenset(["you", "your", "yours", "us"])
ASKING_CAPITALS = 0.6  # share of the longer words with a capital from which a question is a headline
NO_END = re.compile(r"[:;,–—-]$|[♦\]■●]$|↩|[.!?]\s*[–—-]\s?\S+$")
EDGE = 120  # characters of a line at either end that its form is told by


@dataclass(frozen=True, slots=True)
class Found:
    """Where a tail begins: its line's number, the place in the text; how sure that is, 0 to 1; its words."""

    line: int
    start: int
    score: float
    words: int


def tail_score(lines: Sequence[Line], *, cut_below: bool = False) -> Found | None:
    """The place behind which all is headlines of other articles; None where nothing is that sure.

    `cut_below` says that something was cut behind these lines already.
    """
    if (
        not lines
        or not _ends_its_lines(lines)
        or NO_END.search(lines[-1].text[-EDGE:])
        or _ends_plainly(lines[-1])
    ):
        return None
    model = tail_model()
    sure = SURE_ABOVE_CUT if cut_below else SURE
    found: Found | None = None
    misses = 0
    for piece, figures in places(lines, model.wording):
        if piece.is_line_start and is_short(piece):
            return found if found and found.words >= LEAST_BELOW_SHORT else None
        score = model.probability(figures)
        least = _more(piece, figures) if found else sure
        if score >= least and not is_entry(piece) and (found or not speaks_to_reader(piece)):
            least_score = min(score, found.score) if found else score
            found = Found(piece.line, piece.span.start, round(least_score, 3), int(figures[REST_WORDS]))
        misses = 0 if score >= NOT_THIS else misses + 1
        if misses >= MOST_MISSES:
            break
    return found


def _more(piece: Piece, figures: Sequence[float]) -> float:
    """The least probability for a place above one that was found."""
    if not piece.is_line_start:
        return MORE
    is_bare = figures[NO_END_MARK] and figures[WORDS] >= PLAIN_WORDS and not figures[SAYS_SO]
    return MORE_STRANGE if is_bare and figures[STRANGE] >= VERY_STRANGE else MORE_LINES


def _ends_its_lines(lines: Sequence[Line]) -> bool:
    """Whether the text's paragraphs end as sentences do: where they do not, a missing stop says nothing."""
    long = [line.is_punctuated for line in lines[-60:] if len(line.words) > LONG_LINE]
    return len(long) >= MIN_LONG_LINES and sum(long) >= MIN_ENDED * (len(long) - 1)


def _ends_plainly(line: Line) -> bool:
    """Whether the last line ends in a plain sentence, as nearly every article does: nothing to score."""
    last = sentences_of(line, 0)[-1]
    return bool(
        last.text.endswith((".", '."', ".”"))
        and len(last.words) >= PLAIN_WORDS
        and Line(last.span, last.text).capitalised <= PLAIN_CAPITALS
    )


def is_short(piece: Piece) -> bool:
    """Whether a line is shorter than headlines are: lists have such lines, tails have none."""
    return len(piece.words) < MIN_WORDS and piece.text[-1:] not in "?!"


def is_entry(piece: Piece) -> bool:
    """Whether it has the form of an entry of a list, an address, a signature or a remark."""
    text = piece.text if len(piece.text) <= EDGE else piece.text[:EDGE] + " …"
    return bool(is_short(piece) or NO_START.match(text) or NO_END.search(piece.text[-EDGE:]))


def speaks_to_reader(piece: Piece) -> bool:
    """Whether it asks or bids the reader something, as many articles do at their end."""
    capitals = Line(piece.span, piece.text).capitalised
    return piece.text[-1:] in "?!." and capitals < ASKING_CAPITALS and not READER.isdisjoint(piece.folded)


# --- the trees -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Model:
    """Boosted trees.

    A tree is four rows by node: figure (−1: a leaf), bound, left, right. At most the bound goes left; a
    leaf's bound is its value.
    """

    base: float
    wording: Mapping[str, float]  # how much a word favours a headline (above 0) or running text
    trees: Sequence[tuple[Sequence[int], Sequence[float], Sequence[int], Sequence[int]]]

    def probability(self, figures: Sequence[float]) -> float:
        """How sure it is, 0 to 1."""
        total = self.base
        for feature, bound, left, right in self.trees:
            node = 0
            while (which := feature[node]) >= 0:
                node = left[node] if figures[which] <= bound[node] else right[node]
            total += bound[node]
        return 1 / (1 + math.exp(-total))


@cache
def tail_model() -> Model:
    """The model beside this module, read once."""
    raw = json.loads(resources.files("tasks.clean.models").joinpath("tail.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != FEATURES:
        raise ValueError("The model of tails was trained on other figures; train it again.")
    trees = [(figures, bounds, left, right) for figures, bounds, left, right in raw["trees"]]
    return Model(raw["base"], raw["wording"], trees)
