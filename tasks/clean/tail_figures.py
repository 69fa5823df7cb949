"""The figures of a place near the end of a text, from which the score of tails is made.

Called by `tail_score`, and by the training of its model: both must see the same figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tasks.clean.cues import SAYS
from tasks.clean.lexicon import words
from tasks.clean.lines import Line
from tasks.model import Span

ZONE_LINES = 14  # lines from the end in which places are looked for
ZONE_WORDS = 400  # words from the end, likewise: tails have some 75 at most
MAX_PLACES = 40  # places that are looked at
LONG_LINE = 12  # words from which a line should end as a sentence does

SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[$€£#]?[^\W_a-z])")
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.)*[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|St|Jr|Sr|vs|No|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Corp|Co|Ltd|Bros|Mt|Ft|Calif|Fla|Mass|Pa|Va))$"
)
PRONOUNS = frozenset((
    "he", "she", "they", "we", "i", "it", "him", "her", "them", "his", "their", "its", "our", "us",
    "me", "my",
))  # fmt: skip
DETERMINERS = frozenset(["the", "a", "an", "this", "that", "these", "those"])
PAST = re.compile(r"(?:ed|was|were|had|did)$")
OPENERS = frozenset((
    "how", "what", "why", "when", "where", "who", "which", "best", "top", "new", "watch", "video",
    "review", "opinion", "analysis", "guide",
))  # fmt: skip
JOINT = re.compile(r"(?<=[a-z0-9%)’'?!])\s+(?=[\"“‘'$€£#]?[A-Z0-9])")
ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|net|co\.uk)\b")
BULLET = re.compile(r"[^\w\"'“‘’$€£#(]")
SITE_SUFFIX = re.compile(r"\s[|–—-]\s[A-Z][\w .'&!]{2,40}$")
OPEN_MARKS, CLOSE_MARKS = "“([", "”)]"
FEATURES = (
    "words", "capitals", "strange", "strange_names", "stop", "open_end", "no_end", "quote", "says",
    "pronouns", "function", "determiners", "past", "joints", "commas", "number_first", "opener", "colon",
    "suffix",
    "unbalanced", "lower_first", "bullet", "colon_end", "address", "shouting", "line_start", "long_words",
    "rest_words", "rest_pieces", "rest_lines", "rest_capitals", "rest_strange", "rest_joints", "rest_no_end",
    "rest_stops", "rest_function", "rest_determiners", "rest_past", "rest_pronouns", "rest_says",
    "rest_longest",
    "rest_strange_names", "rest_openers", "before_ended", "before_words", "before_capitals", "before_strange",
    "before_short", "before_bare", "text_ended", "text_bare", "text_line_words", "rest_share", "lead",
    "wording", "rest_wording", "before_wording", "rest_wording_sum",
)  # fmt: skip


REST_WORDS, WORDS, STRANGE, NO_END_MARK, SAYS_SO = map(
    FEATURES.index, ("rest_words", "words", "strange", "no_end", "says")
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line near the end, or a sentence of one."""

    span: Span
    line: int  # its line's number
    is_line_start: bool
    text: str
    words: tuple[str, ...]
    folded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted in a piece, to be added up over pieces."""

    words: int
    long: int
    capitals: int
    joints: int
    function: int
    determiners: int
    past: int
    pronouns: int


def pieces_of(lines: Sequence[Line], end: int) -> list[Piece]:
    """The last lines before `end`, cut into sentences, in order."""
    found: list[Piece] = []
    budget = ZONE_WORDS
    for at in range(end - 1, max(0, end - ZONE_LINES) - 1, -1):
        line = lines[at]
        budget -= len(line.words)
        found[:0] = sentences_of(line, at)
        if budget < 0:
            break
    return found[-MAX_PLACES:]


def sentences_of(line: Line, at: int) -> list[Piece]:
    """The sentences of a line; only the last ones of a long line."""
    shift = max(0, len(line.text) - 6 * ZONE_WORDS)
    text = line.text[shift:]
    starts = [0]
    for match in SENTENCE_END.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if text[match.start()] != "." or not (before.endswith(".") or ABBREVIATION.search(before)):
            starts.append(match.end())
    return [
        _piece(line, at, shift + start, shift + stop)
        for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def _piece(line: Line, at: int, start: int, stop: int) -> Piece:
    part = Line(Span(line.span.start + start, line.span.start + stop), line.text[start:stop].rstrip())
    return Piece(part.span, at, start == 0, part.text, part.words, part.folded)


def places(lines: Sequence[Line], wording: Mapping[str, float]) -> Iterator[tuple[Piece, list[float]]]:
    """Every place with its figures, the last first. `wording` weighs words by how they favour headlines."""
    pieces = pieces_of(lines, len(lines))
    text = TailText(lines, pieces, wording)
    for at in range(len(pieces) - 1, 0, -1):
        yield pieces[at], text.figures(at)


class TailText:
    """A text as the figures see it: its last pieces, and where every word of it occurs first."""

    def __init__(self, lines: Sequence[Line], pieces: Sequence[Piece], wording: Mapping[str, float]) -> None:
        self.pieces = pieces
        self.wording = [sum(wording.get(word, 0.0) for word in piece.folded) for piece in pieces]
        self.counts = [_counted(piece) for piece in pieces]
        self.first: dict[str, int] = {}
        zone = pieces[0].line if pieces else len(lines)
        for line in lines[:zone]:
            for word in line.folded:
                self.first.setdefault(word, -1)
        for at, piece in enumerate(pieces):
            for word in piece.folded:
                self.first.setdefault(word, at)
        self.matter = [_matter(piece) for piece in pieces]
        long = [line.is_punctuated for line in lines if len(line.words) > LONG_LINE]
        self.ended = sum(long) / len(long) if long else 0.0
        self.bare = sum(not line.is_punctuated for line in lines) / max(1, len(lines))
        self.words = sum(len(line.words) for line in lines)
        self.line_words = self.words / max(1, len(lines))

    def figures(self, at: int) -> list[float]:
        """The figures of the place where a piece begins, in the order of `FEATURES`."""
        return [
            *self._of_piece(at),
            *self._of_rest(at),
            *self._before(at),
            *self._of_text(at),
            *self._worded(at),
        ]

    def _of_piece(self, at: int) -> list[float]:
        piece, count = self.pieces[at], self.counts[at]
        size = max(1, count.words)
        text = piece.text
        strange, names = self._strange(at, at + 1, at)
        last = text.rstrip("\"'”’)»]")[-1:] or text[-1:]
        return [
            count.words,
            count.capitals / max(1, count.long),
            strange,
            names,
            last in ".…",
            last in "?!",
            last not in ".…?!:;,",
            any(mark in text for mark in '"“”«'),
            SAYS.search(text) is not None,
            count.pronouns / size,
            count.function / size,
            count.determiners / size,
            count.past / size,
            count.joints / size,
            text.count(",") / size,
            text[:1].isdigit(),
            bool(piece.folded) and piece.folded[0] in OPENERS,
            ":" in text[:-1],
            SITE_SUFFIX.search(text[-60:]) is not None,
            _unbalanced(text),
            text[:1].islower(),
            BULLET.match(text) is not None,
            last in ":;,",
            ADDRESS.search(text) is not None,
            sum(word.isupper() and len(word) > 2 for word in piece.words) / size,
            piece.is_line_start,
            sum(map(len, piece.words)) / size,
        ]

    def _of_rest(self, at: int) -> list[float]:
        rest, counts = self.pieces[at:], self.counts[at:]
        size = max(1, sum(count.words for count in counts))
        strange, names = self._strange(at, len(self.pieces), at)
        ends = [piece.text.rstrip("\"'”’)»]")[-1:] for piece in rest]
        return [
            size,
            len(rest),
            rest[-1].line - rest[0].line + 1,
            sum(count.capitals for count in counts) / max(1, sum(count.long for count in counts)),
            strange,
            sum(count.joints for count in counts) / size,
            sum(mark not in ".…?!:;," for mark in ends) / len(rest),
            sum(mark in ".…" for mark in ends) / len(rest),
            sum(count.function for count in counts) / size,
            sum(count.determiners for count in counts) / size,
            sum(count.past for count in counts) / size,
            sum(count.pronouns for count in counts) / size,
            sum(SAYS.search(piece.text) is not None for piece in rest) / len(rest),
            max(count.words for count in counts),
            names,
            sum(bool(piece.folded) and piece.folded[0] in OPENERS for piece in rest) / len(rest),
        ]

    def _before(self, at: int) -> list[float]:
        piece, count = self.pieces[at - 1], self.counts[at - 1]
        strange, _ = self._strange(at - 1, at, at - 1)
        last = piece.text.rstrip("\"'”’)»]")[-1:]
        above = self.pieces[max(0, at - 4) : at]
        return [
            last in ".…?!",
            count.words,
            count.capitals / max(1, count.long),
            strange,
            sum(len(other.words) < LONG_LINE for other in above) / len(above),
            sum(other.text[-1:] not in ".…?!\"”’'" for other in above) / len(above),
        ]

    def _of_text(self, at: int) -> list[float]:
        rest = sum(count.words for count in self.counts[at:])
        opening = sum(count.words for count in self.counts[:at])
        return [self.ended, self.bare, self.line_words, rest / max(1, self.words), min(opening, 200)]

    def _worded(self, at: int) -> list[float]:
        rest, size = sum(self.wording[at:]), sum(count.words for count in self.counts[at:])
        return [
            self.wording[at] / max(1, self.counts[at].words),
            rest / max(1, size),
            self.wording[at - 1] / max(1, self.counts[at - 1].words),
            rest,
        ]

    def _strange(self, start: int, stop: int, place: int) -> tuple[float, float]:
        """The share of the words of matter, and of the names, that do not stand before the place."""
        matter = [word for piece in self.matter[start:stop] for word in piece]
        names = [word for word, is_name in matter if is_name]
        return (
            sum(self.first[word] >= place for word, _ in matter) / len(matter) if matter else 0.5,
            sum(self.first[word] >= place for word in names) / len(names) if names else 0.5,
        )


def _matter(piece: Piece) -> list[tuple[str, bool]]:
    """The words that carry matter, each with whether it has a capital."""
    plain = words("function_words")
    return [
        (folded, word[0].isupper())
        for word, folded in zip(piece.words, piece.folded, strict=True)
        if len(folded) > 3 and folded not in plain
    ]


def _counted(piece: Piece) -> Counts:
    plain = words("function_words")
    long = [word for word in piece.words if len(word) > 3 and word[0].isalpha()]
    return Counts(
        len(piece.words),
        len(long),
        sum(word[0].isupper() for word in long),
        len(JOINT.findall(piece.text)),
        sum(word in plain for word in piece.folded),
        sum(word in DETERMINERS for word in piece.folded),
        sum(PAST.search(word) is not None for word in piece.folded),
        sum(word in PRONOUNS for word in piece.folded),
    )


def _unbalanced(text: str) -> bool:
    """Whether brackets or typographic quote marks open or close without their other half."""
    return any(
        text.count(one) != text.count(other) for one, other in zip(OPEN_MARKS, CLOSE_MARKS, strict=True)
    )
