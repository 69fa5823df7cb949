"""The named occasions on which somebody spoke, as an article tells them: an interview, a hearing.

Called by `reworded`: that two articles name the same occasion is one kind of evidence that they report the
same words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from tasks.link.statements.model import Occasion, Telling
from tasks.link.statements.tellings import NAME
from tasks.model import Span

# What an occasion is called; a preposition and its name (an outlet, a place, a body) follow.
SORTS: Final = {
    "interview": "interview",
    "interviewed": "interview",
    "told": "interview",
    "tells": "interview",
    "telling": "interview",
    "conference": "conference",
    "briefing": "conference",
    "speech": "speech",
    "address": "speech",
    "remarks": "speech",
    "rally": "speech",
    "sermon": "speech",
    "lecture": "speech",
    "hearing": "hearing",
    "testimony": "hearing",
    "testified": "hearing",
    "testifying": "hearing",
    "wrote": "writing",
    "writing": "writing",
    "op-ed": "writing",
    "column": "writing",
    "letter": "writing",
}
TOLD: Final = ("told", "tells", "telling")
OCCASION: Final = re.compile(
    r"\b(?:(?P<told>"
    rf"{'|'.join(TOLD)})|"
    rf"(?P<called>{'|'.join(word for word in SORTS if word not in TOLD)})"
    r"(?:\s[a-z]+)?\s(?:with|to|by|on|for|in|at|before|during|of))\s"
)
# Characters between "interview with" and the name: "the Russian news agency", "state television channel".
REACH = 30
SENTENCE_END: Final = re.compile(r"[.;:!?]\s")


def occasions_of(telling: Telling) -> dict[str, frozenset[Occasion]]:
    """By speaker (key of the name): the occasions that a paragraph names beside that speaker."""
    found: dict[str, set[Occasion]] = {}
    names = sorted(
        (anchor.span, anchor.key.removeprefix(NAME))
        for anchor in telling.anchors
        if anchor.key.startswith(NAME)
    )
    starts = [span.start for span, _ in names]
    for start, end in paragraphs(telling.text):
        inside = names[bisect_left(starts, start) : bisect_left(starts, end)]
        for occasion in named(telling.text, (start, end), inside):
            for _, speaker in inside:
                if speaker != occasion[1]:
                    found.setdefault(speaker, set()).add(occasion)
    return {speaker: frozenset(occasions) for speaker, occasions in found.items()}


def named(text: str, paragraph: tuple[int, int], names: Sequence[tuple[Span, str]]) -> Iterator[Occasion]:
    """The occasions of a paragraph, each with every name that follows soon enough in its sentence."""
    for match in OCCASION.finditer(text, *paragraph):
        sort = SORTS[match["told"] or match["called"]]
        for span, name in names:
            between = text[match.end() : span.start]
            if 0 <= span.start - match.end() <= REACH and not SENTENCE_END.search(between):
                yield sort, name


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """First and last offset of each line with something in it."""
    for line in re.finditer(r"[^\n]+", text):
        yield line.span()
