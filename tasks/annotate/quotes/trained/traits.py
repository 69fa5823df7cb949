"""What is known of every unit of a line, as whole numbers: its form, what the rules and the names say of it.

Made once for an article; `features.py` combines the columns, `places.py` makes those that tell of the place.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np

from tasks.annotate.quotes.attribution import Attribution
from tasks.annotate.quotes.cues import cue_senses, word_class
from tasks.annotate.quotes.trained.features import PADDING, Rows
from tasks.annotate.quotes.units import Line, Unit
from tasks.model import Mention, Span

# The closed classes of words.toml that tell how a word is used.
CLASSES = (
    "determiners", "personal", "pronouns", "prepositions", "conjunctions", "auxiliaries", "adverbs", "times",
    "be", "subordinators", "links", "unnamed", "generic", "plurals", "adjunct_openers",
)  # fmt: skip
# Columns of a unit's form; the first three of a word, the last three of a passage.
FORM = ("word", "lower", "shape", "end3", "end2", "class", "cue", "passage", "ending", "length")
RULED = ("ruled", "rule")
NAMED = ("name", "part")
# Words of a passage from which it is one step longer.
LENGTHS = (2, 4, 7, 15, 30)
# Distances, in units, from which one is a step further.
DISTANCES = (1, 2, 3, 4, 7, 13, 25)
FAR = 9  # the step of what is not there at all
SPEAKING = ("i", "we", "you", "my", "our", "me", "us", "your")
CLITICS = ("'m", "’m", "'ve", "’ve", "'re", "’re", "'ll", "’ll")
FIRST_PERSON = frozenset((*SPEAKING, *(word + clitic for word in SPEAKING[:2] for clitic in CLITICS)))
MOST_WORDS = 60  # of a passage are looked at
SMALL = 3  # letters of words that titles may leave small
MARKS = "\"“”‘’'«»` "
ENDINGS = ",.?!—-…"
CACHE_SIZE = 1 << 16  # distinct words

Columns = list[tuple[int, ...]]


@lru_cache(maxsize=CACHE_SIZE)
def code(words: str) -> int:
    """A number that stands for some words, the same in every process."""
    return zlib.crc32(words.encode("utf-8", "surrogatepass"))


def step_of(distance: int) -> int:
    """A distance in steps that grow with it."""
    return bisect_left(DISTANCES, distance + 1)


def forms(units: Sequence[Unit]) -> Columns:
    """The form of each unit."""
    return [_word(unit.text) if unit.passage is None else _passage(unit) for unit in units]


@lru_cache(maxsize=CACHE_SIZE)
def _word(text: str) -> tuple[int, ...]:
    lower = text.lower()
    classes = "+".join(name for name in CLASSES if lower in word_class(name))
    cues = "/".join(sorted({s.cue_class.name + s.form.value for s in cue_senses().get(lower, ())}))
    words = (text, lower, shape(text), lower[-3:], lower[-2:], classes, cues)
    return (*map(code, words), 0, 0, 0)


def shape(text: str) -> str:
    """Capitals, small letters, a number or a mark."""
    if text.isupper():
        return "X" if len(text) > 1 else "I"
    if text[0].isupper():
        return "C"
    if text.islower():
        return "c"
    if text[0].isdigit():
        return "d"
    return text if len(text) == 1 else "p"


def _passage(unit: Unit) -> tuple[int, ...]:
    """A passage by its length, its ends, and whether its words are those of somebody who speaks."""
    assert unit.passage is not None  # noqa: S101 - the caller has looked
    inside = unit.text.strip(MARKS)
    words = inside.split()
    length = bisect_left(LENGTHS, len(words) + 1)
    ending = inside[-1:] if inside[-1:] in ENDINGS else "w"
    whole = code(f"<{length}{ending}{inside[:1].isupper()}>")
    looks = f"{ending}{unit.passage.closed}{unit.passage.continues}{unit.passage.single}"
    manner = _manner(words)
    first, last = (words[0].lower(), words[-1].strip(ENDINGS).lower()) if words else ("", "")
    return (
        code(f"{first} …"), whole, code(manner), code(f"… {last}"), code(f"{length}{manner}"),
        code("passage"), code(""), 1, code(looks), length + 1,
    )  # fmt: skip


def _manner(words: Sequence[str]) -> str:
    """Whether somebody speaks for themselves in a passage, it has a verb, and it is written as a title."""
    plain = {word.strip(ENDINGS).lower() for word in words[:MOST_WORDS]}
    long = [word for word in words[:MOST_WORDS] if len(word) > SMALL]
    title = len(words) > 1 and bool(long) and all(word[0].isupper() for word in long)
    verb = bool(plain & word_class("auxiliaries")) or any("’" in word or "'" in word for word in plain)
    return f"<{bool(plain & FIRST_PERSON)}{verb}{title}>"


def ruled(line: Line, attributions: Sequence[Attribution]) -> Columns:
    """What the rules take each unit for (first or further of a content, source, cue), and which rule does."""
    starts = [unit.start for unit in line.units]
    found = [(0, 0)] * len(starts)
    for attribution in attributions:
        rule = code(attribution.rule)
        for kind, spans in ((5, attribution.contents), (3, (attribution.source,)), (1, (attribution.cue,))):
            for span in filter(None, spans):
                for number, at in enumerate(_inside(line, starts, span)):
                    found[at] = (kind + (number > 0), rule)
    return list(found)


def _inside(line: Line, starts: Sequence[int], span: Span) -> range:
    """The units that share a character with a span."""
    first = bisect_left(starts, span.start)
    if first and line.units[first - 1].end > span.start:
        first -= 1
    return range(first, bisect_left(starts, span.end))


def named(line: Line, mentions: Sequence[Mention]) -> Columns:
    """The label of the name that each unit is in, and whether it begins it."""
    found: Columns = []
    for unit in line.units:
        if unit.mention is None:
            found.append((0, 0))
        else:
            mention = mentions[unit.mention]
            found.append((code(mention.label.value), 2 if unit.start == mention.span.start else 1))
    return found


def sheet(
    lines: Sequence[Line], columns: Callable[[Line], Columns], width: int
) -> tuple[Rows, list[tuple[int, int]]]:
    """The rows of several lines below each other, padded, and the range of rows of each line."""
    blank = [(0,) * width] * PADDING
    rows: Columns = list(blank)
    ranges = []
    for line in lines:
        start = len(rows)
        rows += columns(line)
        ranges.append((start, len(rows)))
        rows += blank
    flat = np.fromiter(chain.from_iterable(rows), np.uint32, len(rows) * width)
    return flat.reshape(-1, width), ranges
