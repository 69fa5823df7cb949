"""Paragraphs as the attribution rules read them: words, and whole quoted passages as single units.

Made once for a document by `read_units`; the rules and every other tagger work on it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.annotate.quotes.cues import Form, cue_senses, word_class
from tasks.annotate.quotes.marks import Passage, find_passages
from tasks.annotate.tokens import TERMINATORS, Paragraph, Token
from tasks.model import Document, Mention, Role, Span

# Behind a passage that ends its own sentence, how many units its attribution may take (“…?” Smith asked.).
ATTRIBUTION_REACH = 6
# Units; longer ones are lists or no prose, and are cut so that every search inside a sentence is bounded.
LONGEST_SENTENCE = 400


class Unit(NamedTuple):
    """A word, a mark, or a quoted passage.

    `lower` is the word in small letters ("" for a passage), `mention` the index of the mention it is in.
    """

    start: int
    end: int
    text: str
    lower: str
    passage: Passage | None = None
    mention: int | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.lower[:1].isalpha()

    @property
    def is_name(self) -> bool:
        """Whether it is written with a capital."""
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its units, and the half-open ranges of units that are its sentences.

    `goes_on` says that nothing was dropped between it and the paragraph before.
    """

    number: int
    span: Span
    role: Role
    units: tuple[Unit, ...]
    sentences: tuple[tuple[int, int], ...]
    goes_on: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as units, with all its passages and mentions."""

    text: str
    lines: tuple[Line, ...]
    nested: tuple[Line, ...]  # what stands inside passages that hold others
    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]


def read_units(document: Document, paragraphs: Sequence[Paragraph], mentions: Sequence[Mention]) -> Reading:
    """Reads a document's paragraphs (each inside one readable segment) into units."""
    text = document.text
    spans = [paragraph.span for paragraph in paragraphs]
    passages = find_passages(text, spans)
    outer, inner = _by_paragraph(passages, len(spans))
    roles = _roles(document, spans)
    goes_on = _nothing_dropped_before(document, spans)
    mention_at = _MentionIndex(mentions)
    lines, nested = [], []
    for number, paragraph in enumerate(paragraphs):
        units = _units(text, paragraph.tokens, outer[number], mention_at)
        sentences = tuple(_sentences(text, units))
        lines.append(Line(number, spans[number], roles[number], units, sentences, goes_on[number]))
        for span, held in inner[number].items():
            units = _units(text, _tokens_inside(paragraph.tokens, span), held, mention_at)
            nested.append(Line(number, span, Role.BODY, units, tuple(_sentences(text, units))))
    return Reading(text, tuple(lines), tuple(nested), tuple(passages), tuple(mentions))


def _tokens_inside(tokens: Sequence[Token], span: Span) -> Sequence[Token]:
    """The tokens between a passage's marks."""
    first = bisect_right(tokens, span.start, key=lambda token: token.start)
    return tokens[first : bisect_right(tokens, span.end - 1, key=lambda token: token.end)]


def _by_paragraph(
    passages: Sequence[Passage], count: int
) -> tuple[list[list[Passage]], list[dict[Span, list[Passage]]]]:
    """The outer passages of each paragraph, and those inside them by the passage that holds them."""
    outer: list[list[Passage]] = [[] for _ in range(count)]
    inner: list[dict[Span, list[Passage]]] = [{} for _ in range(count)]
    for passage in passages:
        row = outer[passage.paragraph]
        if passage.outer is not None:
            inner[passage.paragraph].setdefault(passage.outer, []).append(passage)
        elif not _covered(row, passage):
            row.append(passage)
        elif row[-1].span.holds(passage.span):
            inner[passage.paragraph].setdefault(row[-1].span, []).append(passage)
    return outer, inner


def _covered(passages: Sequence[Passage], passage: Passage) -> bool:
    """Whether the passage stands inside the last one (a double inside a single)."""
    return bool(passages) and passages[-1].span.end > passage.span.start


def _roles(document: Document, spans: Sequence[Span]) -> list[Role]:
    starts = [segment.span.start for segment in document.segments]
    return [document.segments[max(0, bisect_right(starts, span.start) - 1)].role for span in spans]


def _nothing_dropped_before(document: Document, spans: Sequence[Span]) -> list[bool]:
    """For each paragraph whether nothing was dropped right before it."""
    dropped = [segment.span.start for segment in document.segments if segment.role is Role.DROPPED]
    before = [bisect_right(dropped, span.start) for span in spans]
    return [number == 0 or before[number] == before[number - 1] for number in range(len(spans))]


class _MentionIndex:
    """Which mention holds a position; mentions in text order."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.order = sorted(range(len(mentions)), key=lambda index: mentions[index].span)
        self.spans = [mentions[index].span for index in self.order]
        self.starts = [span.start for span in self.spans]

    def __call__(self, at: int) -> int | None:
        place = bisect_right(self.starts, at) - 1
        if place >= 0 and at < self.spans[place].end:
            return self.order[place]
        return None


def _units(
    text: str, tokens: Sequence[Token], passages: Sequence[Passage], mention_at: _MentionIndex
) -> tuple[Unit, ...]:
    """Tokens as units, those of a passage folded into one; passages do not overlap."""
    units: list[Unit] = []
    following = 0
    end = -1
    for token in tokens:
        if following < len(passages) and token.end > passages[following].span.start:
            passage = passages[following]
            end = passage.span.end
            units.append(Unit(passage.span.start, end, passage.span.of(text), "", passage))
            following += 1
        if token.start >= end:
            mention = mention_at(token.start)
            units.append(Unit(token.start, token.end, token.text, token.text.lower(), None, mention))
    return tuple(units)


def _sentences(text: str, units: Sequence[Unit]) -> list[tuple[int, int]]:
    """Ranges of units; a passage is never split, and one that ends in a comma ends no sentence."""
    found = []
    first = 0
    for at in range(1, len(units)):
        ends = _ends_sentence(text, units, at - 1) and _starts_sentence(units, at)
        ends = ends and not (units[at - 1].passage is not None and _attribution_follows(units, at))
        if ends or at - first >= LONGEST_SENTENCE:
            found.append((first, at))
            first = at
    if first < len(units):
        found.append((first, len(units)))
    return found


def _ends_sentence(text: str, units: Sequence[Unit], at: int) -> bool:
    unit = units[at]
    if unit.passage is None:
        return unit.text in TERMINATORS or unit.text.startswith("..") or _closes_bracket(units, at)
    last = text[unit.start : unit.end].rstrip("\"”»'’“`")[-1:]
    return last in {".", "?", "!", "…"}


def _attribution_follows(units: Sequence[Unit], at: int) -> bool:
    """Whether the words behind a passage say who spoke it: “…?” Smith asked."""
    for place in range(at, min(len(units) - 1, at + ATTRIBUTION_REACH)):
        if not units[place].lower[:1].isalpha():
            return False
        finite = [s for s in cue_senses().get(units[place].lower, ()) if s.form in {Form.PAST, Form.PRESENT}]
        if place > at and any(sense.cue_class.inverts for sense in finite):
            behind = units[place + 1]
            return behind.text in {".", ",", ":"} or behind.lower in word_class("adjunct_openers")
    return False


def _closes_bracket(units: Sequence[Unit], at: int) -> bool:
    return units[at].text in {")", "]", "”", '"', "’"} and at > 0 and units[at - 1].text in TERMINATORS


def _starts_sentence(units: Sequence[Unit], at: int) -> bool:
    unit, before = units[at], units[at - 1]
    if unit.start == before.end:
        return False
    if unit.passage is not None:
        return True
    return unit.text[0].isupper() or unit.text[0].isdigit() or unit.text in "([—–“‘"


def trimmed_end(units: Sequence[Unit], low: int, high: int) -> int:
    """Where the last unit ends that is no point; offsets in the text."""
    while (
        high - 1 > low
        and units[high - 1].passage is None
        and units[high - 1].text in {".", ",", ";", ":", "—", "–"}
    ):
        high -= 1
    return units[high - 1].end
