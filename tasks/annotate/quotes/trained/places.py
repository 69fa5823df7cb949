"""Where each unit of a line stands: in its sentence, between cues, beside passages. Called by `tagger.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from tasks.annotate.quotes.trained.traits import FAR, Columns, code, shape, step_of
from tasks.annotate.quotes.units import Line, Unit
from tasks.model import Role

PLACES = (
    "share", "first", "last", "sentence", "quoted", "left", "leftby", "leftkind", "leftcommas",
    "right", "rightby", "rightkind", "rightcommas", "alone", "before", "behind", "bracket", "line", "commas",
)  # fmt: skip
# Shares of its uses in which a word is a cue, as steps; from this step on a word is a strong cue.
SHARES = (0.02, 0.08, 0.2, 0.4, 0.6, 0.8)
STRONG = 5
MOST_COMMAS = 3
SHORT_LINE = 12  # units
# Words behind a cue that tell what it takes.
TELLING = frozenset({"that", "to", ",", ":", "."})
TELLING_LEFT = TELLING | {"a", "the"}
NO_CUE = (0, FAR, code("0"), MOST_COMMAS + 1)


def places(line: Line, shares: Mapping[int, int]) -> Columns:
    """The place of each unit; `shares` is the step of SHARES of a word that is ever a cue, by its hash."""
    units = line.units
    steps = [shares.get(code(unit.lower), 0) if unit.passage is None else 0 for unit in units]
    kind = _kind_of_line(line)
    found: Columns = []
    for number, (low, high) in enumerate(line.sentences):
        sentence = min(number, 3) * 2 + (number == len(line.sentences) - 1)
        found += _Sentence(units, low, high, steps).columns(sentence, kind)
    return found


def _kind_of_line(line: Line) -> int:
    """How a paragraph looks: whether a passage opens it, a title, short, with passages."""
    passages = [unit.passage is not None for unit in line.units]
    opens = bool(passages) and passages[0]
    return opens + 2 * (line.role is Role.TITLE) + 4 * (len(line.units) < SHORT_LINE) + 8 * any(passages)


class _Sentence:
    """One sentence: units [low, high) of a line."""

    def __init__(self, units: Sequence[Unit], low: int, high: int, steps: Sequence[int]) -> None:
        self.units, self.low, self.high, self.steps = units, low, high, steps
        self.commas = [0, *accumulate(unit.text == "," for unit in units[low:high])]
        self.passages = [unit.passage is not None for unit in units[low:high]]

    def columns(self, sentence: int, kind: int) -> Columns:
        """The columns of its units."""
        low, size = self.low, self.high - self.low
        strong = [self.steps[low + at] >= STRONG for at in range(size)]
        left, right = nearest(strong)
        before, behind = nearest(self.passages)
        brackets = self._brackets()
        quoted = self._quoted()
        found: Columns = []
        for at in range(size):
            to_left, to_right = left[at], right[at]
            found.append(
                (
                    self.steps[low + at],
                    step_of(at),
                    step_of(size - 1 - at),
                    sentence,
                    quoted,
                    *(NO_CUE if to_left is None else self._to_left(to_left, at)),
                    *(NO_CUE if to_right is None else self._to_right(to_right, at)),
                    (to_left is None) * 2 + (to_right is None),
                    _distance(before[at], at),
                    _distance(behind[at], at),
                    brackets[at],
                    kind,
                    min(self.commas[at], MOST_COMMAS),
                )
            )
        return found

    def _quoted(self) -> int:
        """How many passages the sentence has, and whether it has any other words."""
        units = self.units[self.low : self.high]
        words = any(unit.passage is None and unit.lower[:1].isalnum() for unit in units)
        return min(sum(self.passages), 2) * 2 + (not words)

    def _brackets(self) -> list[int]:
        """Whether each unit stands in brackets, and whether between dashes."""
        found, state = [], 0
        for unit in self.units[self.low : self.high]:
            if unit.text == "(":
                state = 1
            elif unit.text == ")":
                state = 0
            elif unit.text in {"—", "–", "-", "--"}:
                state ^= 2
            found.append(state)
        return found

    def _to_left(self, cue: int, at: int) -> tuple[int, int, int, int]:
        """The cue to the left: the word, its distance, what follows it, commas in between."""
        kind = _kind(self.units, self.low + cue + 1, TELLING_LEFT)
        commas = min(self.commas[at] - self.commas[cue], MOST_COMMAS)
        return code(self.units[self.low + cue].lower), step_of(at - cue), kind, commas

    def _to_right(self, cue: int, at: int) -> tuple[int, int, int, int]:
        """The same of the cue to the right."""
        kind = _kind(self.units, self.low + cue + 1, TELLING)
        commas = min(self.commas[cue] - self.commas[at], MOST_COMMAS)
        return code(self.units[self.low + cue].lower), step_of(cue - at), kind, commas


def _distance(other: int | None, at: int) -> int:
    return FAR if other is None else step_of(abs(at - other))


def _kind(units: Sequence[Unit], at: int, telling: frozenset[str]) -> int:
    """What a unit behind a cue is like."""
    if at >= len(units):
        return code(".")
    unit = units[at]
    if unit.passage is not None:
        return code("passage")
    return code(unit.lower if unit.lower in telling else shape(unit.text))


def nearest(those: Sequence[bool]) -> tuple[list[int | None], list[int | None]]:
    """For each place the nearest of those before it and behind it, itself left out."""
    return _running(those, range(len(those))), _running(those, range(len(those) - 1, -1, -1))


def _running(those: Sequence[bool], order: range) -> list[int | None]:
    found: list[int | None] = [None] * len(those)
    last: int | None = None
    for at in order:
        found[at] = last
        if those[at]:
            last = at
    return found
