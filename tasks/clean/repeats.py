"""A standfirst that the text repeats: the first copy is a summary, the one in the body stays body.

Called by `text`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from tasks.clean.lines import Line

MIN_WORDS = 8  # shorter paragraphs repeat by chance
REACH = 4  # a standfirst is repeated by one of the next so many paragraphs
SAME = 94.0  # per cent of the letters in common: a last stop, a typo, a typographic mark may differ


def repeats(first: Line, later: Line, later_text: str) -> bool:
    """Whether the later paragraph (from `later_text` on, its dateline left out) begins with the first."""
    if len(first.words) < MIN_WORDS or not later.is_punctuated:
        return False
    length = len(first.text)
    opening = later_text[: length + max(2, length // 50)]
    if len(opening) < length * 0.9 or later.span.start <= first.span.start:
        return False
    return fuzz.ratio(_folded(first.text), _folded(opening[:length])) >= SAME


def _folded(text: str) -> str:
    return text.casefold().strip(" .…!?\"'“”‘’")


def standfirst(paragraphs: Sequence[tuple[Line, str]]) -> int | None:
    """The index of the paragraph among the first that a later one repeats; each comes with its text."""
    for at in range(min(2, len(paragraphs))):
        for line, text in paragraphs[at + 1 : at + 1 + REACH]:
            if repeats(paragraphs[at][0], line, text):
                return at
    return None
