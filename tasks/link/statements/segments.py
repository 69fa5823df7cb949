"""Cuts quotes into sayings: the sentences, and clauses in marks, that are looked for in other quotes.

Called by `sayings_of_article`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tasks.annotate.quotes.marks import DOUBLE, SINGLE, find_passages
from tasks.annotate.tokens import Token, sentences, words
from tasks.link.statements.model import Anchor, Saying, Source, Telling
from tasks.link.statements.words import folded, is_content
from tasks.model import Span

# A passage of so many words is a statement of its own ("it was necessary to “prevent fighting in the region”
# and to “restore the country's integrity”"); shorter ones are words of their sentence.
OWN_PASSAGE_WORDS = 4
LEAST_WORDS = 2  # of a saying; one word is said by anybody
# Of what is left of a sentence beside its passages: "he added that it was" says nothing.
LEAST_REST_CONTENT = 2
MARKED_SHARE = 0.8  # of its words must stand in marks for a saying to count as given in the speaker's words


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one sentence: its place, its words, and whether they stand in quote marks."""

    span: Span
    words: tuple[str, ...]
    marked: bool


def sayings_of(telling: Telling, source: Source) -> tuple[Saying, ...]:
    """The sayings of an article in the order of its text.

    Of two quotes over the same stretch (a quote inside a quote) each has its own; the words of a saying never
    cross a line break, an ellipsis or the edge of a longer quoted passage.
    """
    found = {
        (piece.span, quote.quote_id): (piece, quote)
        for quote in telling.quotes
        for span in quote.spans
        for piece in pieces(telling.text, span)
    }
    anchors = AnchorsBySpan(telling.anchors)
    return tuple(
        Saying(
            source,
            quote.quote_id,
            number,
            piece.span,
            piece.words,
            piece.marked,
            quote.speaker,
            quote.speaker_name,
            anchors.inside(piece.span),
        )
        for number, (_, (piece, quote)) in enumerate(sorted(found.items(), key=lambda one: one[0]))
    )


class AnchorsBySpan:
    """The anchors of a text, found by their place."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        self.anchors = sorted(anchors, key=lambda anchor: (anchor.span, anchor.key))
        self.starts = [anchor.span.start for anchor in self.anchors]

    def inside(self, span: Span) -> frozenset[str]:
        """The keys of those that begin in a stretch."""
        first, last = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        return frozenset(anchor.key for anchor in self.anchors[first:last])


def pieces(text: str, span: Span) -> Iterator[Piece]:
    """The stretches of a quote that are compared, without the marks and points at their ends."""
    passages = passages_in(text, span)
    for sentence in sentences(words(text, span)):
        for part in between_ellipses(sentence.tokens):
            for clause, is_rest in clauses(part, passages) if passages else [(part, False)]:
                tokens = without_marks(clause)
                if is_rest:
                    tokens = without_loose_end(tokens)
                said = folded(tokens)
                content = sum(map(is_content, said))
                if len(said) >= LEAST_WORDS and content >= (LEAST_REST_CONTENT if is_rest else 1):
                    place = Span(tokens[0].start, tokens[-1].end)
                    yield Piece(place, said, bool(passages) and are_marked(tokens, passages))


def passages_in(text: str, span: Span) -> list[Span]:
    """The passages in quote marks, without those inside another."""
    if not DOUBLE.search(text, *span) and not SINGLE.search(text, *span):
        return []
    return [passage.span for passage in find_passages(text, [span]) if passage.outer is None]


def between_ellipses(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """The stretches between the points that stand for words left out."""
    first = 0
    for at, token in enumerate(tokens):
        if token.text == "…" or token.text.startswith(".."):
            yield tokens[first:at]
            first = at + 1
    yield tokens[first:]


def clauses(tokens: tuple[Token, ...], passages: Sequence[Span]) -> Iterator[tuple[tuple[Token, ...], bool]]:
    """The longer quoted passages of a sentence, and what stands between them; with whether it is a rest."""
    if within_one(tokens, passages):
        yield tokens, False
        return
    of = [next((at for at, p in enumerate(passages) if p.holds(token.span)), None) for token in tokens]
    own = {at for at in set(of) - {None} if spoken(tokens, of, at) >= OWN_PASSAGE_WORDS}
    if not own or own.issuperset(of):
        yield tokens, False
        return
    for at, run in groupby(range(len(tokens)), key=lambda place: of[place] if of[place] in own else None):
        places = list(run)
        yield tokens[places[0] : places[-1] + 1], at is None


def within_one(tokens: Sequence[Token], passages: Sequence[Span]) -> bool:
    """Whether all of the tokens stand in one passage."""
    if not tokens:
        return True
    start, end = tokens[0].start, tokens[-1].end
    return any(passage.start <= start and end <= passage.end for passage in passages)


def spoken(tokens: Sequence[Token], of: Sequence[int | None], passage: int | None) -> int:
    """How many words of a sentence stand in one passage."""
    return len(folded(token for token, at in zip(tokens, of, strict=True) if at == passage))


def without_marks(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without what is no word at both ends; a saying begins and ends with words."""
    first, last = 0, len(tokens)
    while first < last and not has_word(tokens[first]):
        first += 1
    while last > first and not has_word(tokens[last - 1]):
        last -= 1
    return tokens[first:last]


def without_loose_end(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without the words before a passage that say nothing without it: "… due to the fact that the"."""
    last = len(tokens)
    while last and not any(map(is_content, folded(tokens[last - 1 : last]))):
        last -= 1
    return tokens[:last]


def has_word(token: Token) -> bool:
    """Whether a token has a letter or digit; clitics begin with an apostrophe."""
    return token.text[0].isalnum() or any(map(str.isalnum, token.text))


def are_marked(tokens: Sequence[Token], passages: Sequence[Span]) -> bool:
    """Whether nearly all of the tokens stand in quote marks."""
    if within_one(tokens, passages):
        return True
    inside = sum(any(passage.holds(token.span) for passage in passages) for token in tokens)
    return inside >= MARKED_SHARE * len(tokens)
