"""How like two sayings are, in figures; what the score of variants is made of.

Called by `pairs`. The figures are of the shorter saying in the longer one, so that a part of a long sentence
can be found in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from tasks.link.statements.model import Saying
from tasks.link.statements.words import NEGATIONS, is_content, numbers, stem

LONG_RUN, LONG_SAYING = 12, 20  # words; longer ones tell nothing more
GRAM = 4  # letters

FIGURES = (
    "containment",  # share of the shorter one's words of matter that the longer one has
    "stems",  # the same of all its words, by their stems
    "jaccard",  # words that both have, of the words that any has
    "run",  # longest run of words in common, of LONG_RUN
    "run_share",  # the same, of the shorter one's words
    "in_order",  # longest sequence of words in common, of the shorter one's words
    "grams",  # share of the shorter one's letter 4-grams that the longer one has
    "length",  # words of the shorter one, of LONG_SAYING
    "matter",  # words of matter in common, of LONG_RUN
    "both_marked",  # whether both are given in quote marks
    "same_speaker",
    "other_speaker",  # whether both speakers are known, and are two
    "other_numbers",  # whether one has numbers in digits that the other has not
    "other_names",  # whether each has names, dates or quantities that the other has not
    "negation",  # whether only one denies
)


class Likeness(NamedTuple):
    """The figures of two sayings, in the order of FIGURES."""

    containment: float
    stems: float
    jaccard: float
    run: float
    run_share: float
    in_order: float
    grams: float
    length: float
    matter: float
    both_marked: float
    same_speaker: float
    other_speaker: float
    other_numbers: float
    other_names: float
    negation: float


@dataclass(frozen=True)
class Worded:
    """The words of a saying, prepared for being compared with many.

    `code` has one character for each word, the same for the same word in all that are compared.
    """

    saying: Saying
    code: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words."""
        return frozenset(self.saying.words)

    @cached_property
    def content(self) -> frozenset[str]:
        """Those that carry matter."""
        return frozenset(filter(is_content, self.words))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset(map(stem, self.words))

    @cached_property
    def grams(self) -> frozenset[str]:
        """The letter 4-grams of the words in their order."""
        line = f" {' '.join(self.saying.words)} "
        return frozenset(line[at : at + GRAM] for at in range(len(line) - GRAM + 1))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in digits."""
        return numbers(self.saying.words)

    @cached_property
    def denies(self) -> bool:
        """Whether it has a word of negation."""
        return not self.words.isdisjoint(NEGATIONS)


def worded(sayings: Sequence[Saying]) -> list[Worded]:
    """The sayings prepared for being compared with each other."""
    letters: dict[str, str] = {}
    # Surrogates are no characters that rapidfuzz may get: the letters begin behind them.
    for saying in sayings:
        for word in saying.words:
            if word not in letters:
                letters[word] = chr(0xE000 + len(letters))
    return [Worded(saying, "".join(letters[word] for word in saying.words)) for saying in sayings]


def in_length_order(a: Worded, b: Worded) -> tuple[Worded, Worded]:
    """The shorter of the two first; of two equally long ones the one with the lower key."""
    if (len(b.code), b.saying.key) < (len(a.code), a.saying.key):
        return b, a
    return a, b


def likeness(a: Worded, b: Worded) -> Likeness:
    """The figures of two sayings, whichever comes first."""
    short, long = in_length_order(a, b)
    run = longest_run(short.code, long.code)
    shared = len(short.content & long.content)
    names = short.saying.anchors, long.saying.anchors
    return Likeness(
        containment=shared / max(len(short.content), 1),
        stems=len(short.stems & long.stems) / len(short.stems),
        jaccard=len(short.words & long.words) / len(short.words | long.words),
        run=min(run, LONG_RUN) / LONG_RUN,
        run_share=run / len(short.code),
        in_order=LCSseq.similarity(short.code, long.code) / len(short.code),
        grams=len(short.grams & long.grams) / max(len(short.grams), 1),
        length=min(len(short.code), LONG_SAYING) / LONG_SAYING,
        matter=min(shared, LONG_RUN) / LONG_RUN,
        both_marked=float(short.saying.marked and long.saying.marked),
        same_speaker=float(short.saying.same_speaker(long.saying)),
        other_speaker=float(short.saying.other_speaker(long.saying)),
        other_numbers=float(bool(short.numbers - long.numbers) and bool(long.numbers)),
        other_names=float(bool(names[0] - names[1]) and bool(names[1] - names[0])),
        negation=float(short.denies != long.denies),
    )


def longest_run(short: str, long: str) -> int:
    """The length of the longest run of characters that both have."""
    run = 0
    for start in range(len(short)):
        while start + run < len(short) and short[start : start + run + 1] in long:
            run += 1
    return run
