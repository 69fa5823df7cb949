"""How much a stretch of text reads like headlines of other articles, run together or one a line.

Called by `tail`. Two things speak for a headline: it lacks the full stop that the text has everywhere else,
and it shares few words with the text. Two forms speak against it: entries of a list or a table, and prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.clean.cues import SAYS
from tasks.clean.lexicon import words
from tasks.clean.lines import Line
from tasks.model import Span

MIN_WORDS = 4  # words of a lone headline; fewer are a subheading, a signature, an entry
MAX_WORDS = 24  # words of one headline
MIN_SCORE = 0.5  # share of its words of matter that the article has not
MIN_PROSE_SCORE = 0.7  # the same for a short stretch in lower case, which may be a sentence without its stop
MIN_QUESTION_SCORE = 0.75  # the same for many words in lower case that end in "?" or "!"
TITLE_CASE = 0.5  # share of the longer words with a capital; headlines have 0.7 in the median, prose 0.2
TITLE_CASE_STOPPED = 0.8  # the same before a full stop, which headlines seldom have
MANY_WORDS = 25  # so many words without a stop are no sentence whose stop was forgotten

# Entries, addresses, signatures, remarks: they end without a stop, too.
NO_START = re.compile(
    r"""(?x)
    [^\w"'“‘’$€£\#]                          # bullets, dashes, brackets
    | [^:]{1,40}:\s*(?:\S+\s+){0,2}\S+$      # "Balance: internal"
    | [A-Z ]{3,40}:\s*\d                     # "RATING: 4 of 5"
    | [A-Z][a-z]{2,8}\.?\ \d{1,2}\b           # "June 9 – Arena"
    | (?:\S+\s+){0,4}[^\s()]*\([^()]*\)$     # "Thin bezels (Pro only)"
    """
)
NO_END = re.compile(r"[:;,–—-]$|[♦\]]$|↩|[.!?]\s*[–—-]\s?\S+$")
ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|net|co\.uk)\b")
EDGE = 120  # characters of a line at either end that its form is told by
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(]?[^\W_a-z])")
# What a full stop does not end a sentence after.
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.)*[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|St|Jr|Sr|vs|No|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Corp|Co|Ltd|Bros|Mt|Ft|Calif|Fla|Mass|Pa|Va))$"
)


def matter(folded: Sequence[str]) -> list[str]:
    """The words that carry matter."""
    return [word for word in folded if len(word) > 3 and word not in words("function_words")]


def strangeness(line: Line, article: frozenset[str]) -> float:
    """The share of its words of matter that the article does not have, 0 to 1."""
    own = matter(line.folded)
    return sum(word not in article for word in own) / len(own) if own else 0.0


def may_be_headline(line: Line) -> bool:
    """Whether a line has the form of a headline, whatever it speaks of."""
    if not 2 <= len(line.words) <= MAX_WORDS or _is_entry(line.text):
        return False
    if line.is_punctuated:
        return line.text[-1] in "?!'\"’”" and line.capitalised >= TITLE_CASE and not SAYS.search(line.text)
    return not (SAYS.search(line.text) and '"' in line.text) and full_stop(line.text) is None


def _is_entry(text: str) -> bool:
    """Whether it has the form of an entry, an address, a signature or a remark."""
    whole = text if len(text) <= EDGE else text[:EDGE] + " …"
    return bool(NO_START.match(whole) or NO_END.search(text[-EDGE:]) or ADDRESS.search(text))


def headline_score(line: Line, article: frozenset[str]) -> float:
    """How sure it is that a line is a headline of another article, 0 to 1; the line stands for itself."""
    if not may_be_headline(line) or line.is_punctuated or len(line.words) < MIN_WORDS:
        return 0.0
    return _scored(line, article)


def glued_score(rest: Line, article: frozenset[str]) -> float:
    """How sure it is that a stretch without a full stop is headlines run together, 0 to 1."""
    if len(rest.words) < MIN_WORDS or _is_entry(rest.text):
        return 0.0
    if not rest.is_punctuated or (rest.text[-1] in "?!'\"’”" and rest.capitalised >= TITLE_CASE):
        return _scored(rest, article)
    score = strangeness(rest, article) if rest.text[-1] in "?!" and len(rest.words) >= MANY_WORDS else 0.0
    return score if score >= MIN_QUESTION_SCORE else 0.0


def _scored(line: Line, article: frozenset[str]) -> float:
    score = strangeness(line, article)
    is_plain = line.capitalised >= TITLE_CASE or len(line.words) >= MANY_WORDS
    return score if score >= (MIN_SCORE if is_plain else MIN_PROSE_SCORE) else 0.0


def full_stop(text: str) -> int | None:
    """Where what follows the last full stop inside a text begins; None without one."""
    return next((end for end, mark in _ends(text) if mark == "."), None)


def glued(line: Line, article: frozenset[str]) -> tuple[Line, float] | None:
    """The headlines glued to the end of a paragraph, or all of it, with their score; None without any.

    They begin behind a sentence. Going up, headlines that end in marks of their own are taken along.
    """
    ends = _ends(line.text)
    starts = [start for start, _ in ends] + [0]
    first = 0
    while first < len(ends) and _goes_on(
        _piece(line, starts[first + 1], starts[first]), ends[first][1], article
    ):
        first += 1
    rest = _piece(line, starts[first], len(line.text))
    score = glued_score(rest, article)
    return (rest, score) if score else None


def _piece(line: Line, start: int, end: int) -> Line:
    return Line(Span(line.span.start + start, line.span.start + end), line.text[start:end])


def _goes_on(piece: Line, mark: str, article: frozenset[str]) -> bool:
    """Whether a piece with a mark at its end is a headline itself, not the last sentence of the text."""
    if SAYS.search(piece.text) or not piece.words:
        return False
    if mark == ".":
        return piece.capitalised >= TITLE_CASE_STOPPED
    return piece.capitalised >= TITLE_CASE or strangeness(piece, article) >= MIN_PROSE_SCORE


def _ends(text: str) -> list[tuple[int, str]]:
    """Where the sentences inside a text end, the last first: where the next begins, and the mark."""
    found = []
    for match in SENTENCE_END.finditer(text):
        at = match.start()
        if text[at] != "." or not (
            text[at - 1 : at] == "." or ABBREVIATION.search(text[max(0, at - 12) : at])
        ):
            found.append((match.end(), text[at]))
    return found[::-1]
