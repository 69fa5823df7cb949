"""How sure it is that all behind a place in a text is headlines of other articles: a trained score.

Called by `tail`. A place is the start of a line or of a sentence near the end. What stands behind it is
described by some forty figures (marks, capitals, words the article has not, words that headlines begin
with), and gradient-boosted trees turn them into a probability. The trees are in `models/tail.json`; they
were made by `training/tail_score.py`, which uses the same figures, and are described in `models/README.md`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tasks.clean.cues import SAYS
from tasks.clean.lexicon import words
from tasks.clean.lines import Line
from tasks.model import Span

ZONE_LINES = 14  # lines from the end in which places are looked for
ZONE_WORDS = 400  # words from the end, likewise: tails have some 75 at most
MAX_PLACES = 40  # places that are looked at
LONG_LINE = 12  # words from which a line should end as a sentence does
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

SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[$€£#]?[^\W_a-z])")
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.)*[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|St|Jr|Sr|vs|No|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Corp|Co|Ltd|Bros|Mt|Ft|Calif|Fla|Mass|Pa|Va))$"
)
PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "we",
        "i",
        "it",
        "him",
        "her",
        "them",
        "his",
        "their",
        "its",
        "our",
        "us",
        "me",
        "my",
    ]
)
DETERMINERS = frozenset(["the", "a", "an", "this", "that", "these", "those"])
PAST = re.compile(r"(?:ed|was|were|had|did)$")
OPENERS = frozenset(
    [
        "how",
        "what",
        "why",
        "when",
        "where",
        "who",
        "which",
        "best",
        "top",
        "new",
        "watch",
        "video",
        "review",
        "opinion",
        "analysis",
        "guide",
    ]
)
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
        found[:0] = _sentences(line, at)
        if budget < 0:
            break
    return found[-MAX_PLACES:]


def _sentences(line: Line, at: int) -> list[Piece]:
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
    last = _sentences(line, 0)[-1]
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
