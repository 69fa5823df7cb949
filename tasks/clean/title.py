"""Which lines of a text are its title: the first one where it looks like one, and its repetitions.

Called by `text`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from tasks.clean.lines import Line

HEAD_LINES = 6  # a known title is looked for in so many lines
MAX_WORDS = 30  # words of a title
MAX_LENGTH = 250  # characters of a title
MIN_REPEATED_WORDS = 3  # a shorter line may be a title's word by chance
SAME_TITLE = 90.0  # per cent of the letters in common: case, marks and a site's suffix may differ
# A stop at the end of a title belongs to an abbreviation.
ABBREVIATED = re.compile(r"(?:\b(?:[A-Z]\.){2,}|\b(?:Inc|Corp|Ltd|Co|Jr|Sr|St|Rd|Ave|No|vs|etc)\.)$")
ENDS_OPEN = re.compile(r"[?!][\"'”’»)]*$")
CLOSES = re.compile(r"[.,;:…][\"'”’»)]*$|[,.!?][\"'”’»]$")
TITLE_CASE = 0.6  # share of the longer words with a capital; above it a question is a headline


def folded_title(title: str) -> str:
    """A title for comparison: letters and digits, case folded."""
    return re.sub(r"[\W_]+", " ", title.casefold()).strip()


def title_lines(lines: Sequence[Line], known: str | None) -> list[tuple[int, str]]:
    """The lines that are the title, each with the rule that says so; the first is where it stands."""
    first = _known_title(lines, known) if known else _own_title(lines)
    wanted = {folded_title(known)} if known else set()
    if first is not None:
        wanted.add(folded_title(lines[first].text))
    rule = "known title" if known else "first line"
    found = [] if first is None else [(first, rule)]
    return found + [(at, "repeated title") for at in _repeated(lines, wanted) if at != first]


def _known_title(lines: Sequence[Line], known: str) -> int | None:
    """The line of the head that is the known title, give or take a suffix."""
    wanted = folded_title(known)
    for at, line in enumerate(lines[:HEAD_LINES]):
        if len(line.text) <= MAX_LENGTH and fuzz.ratio(folded_title(line.text), wanted) >= SAME_TITLE:
            return at
    return None


def _own_title(lines: Sequence[Line]) -> int | None:
    """The first line, where it reads like a title and a text follows."""
    if len(lines) < 2:
        return None
    first, after = lines[0], lines[1:]
    if not reads_like_title(first) or not any(line.is_punctuated for line in after[:5]):
        return None
    return 0


def reads_like_title(line: Line) -> bool:
    """Short, begun with a capital or a number, and not ended as a sentence is."""
    if not 2 <= len(line.words) <= MAX_WORDS or len(line.text) > MAX_LENGTH or line.words[0][0].islower():
        return False
    if ENDS_OPEN.search(line.text):
        return line.capitalised >= TITLE_CASE
    return not CLOSES.search(line.text) or ABBREVIATED.search(line.text) is not None


def _repeated(lines: Sequence[Line], wanted: set[str]) -> list[int]:
    """The lines that say the title again, in whatever case."""
    return [
        at
        for at, line in enumerate(lines)
        if len(line.text) <= MAX_LENGTH
        and MIN_REPEATED_WORDS <= len(line.words) <= MAX_WORDS
        and folded_title(line.text) in wanted
    ]
