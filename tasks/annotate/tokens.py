"""Words and sentences with their offsets: the tokens that the entity and quote rules share.

Computed once for a document by `tokenize` and handed to both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tasks.model import Document, Span

# A full stop after these does not end a sentence when a capital follows.
ABBREVIATIONS = (
    "Mr|Mrs|Ms|Mx|Dr|Prof|Hon|Rev|Fr|St|Ste|Sr|Jr|Gen|Lt|Col|Maj|Sgt|Capt|Cmdr|Adm|Brig|Gov|Sen|Sens|Rep|Reps"
    "|Pres|Amb|Supt|Insp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri"
    "|Sat|Sun|Inc|Corp|Co|Ltd|Bros|No|vs|al|Ave|Blvd|Rd|Mt|Ft|approx|est"
)
WORD = re.compile(
    rf"""
      [A-Za-z]\.(?:[A-Za-z]\.)+              # U.S., p.m.
    | (?:{ABBREVIATIONS})\.(?=[\s,;)])       # Nov., Mr.
    | \d+(?:[.,:]\d+)*(?:st|nd|rd|th)?\b     # 1,000.5  22nd  10:30
    | [^\W\d_]\.(?=\s+[A-Z])                 # an initial: J. Smith
    | [^\W_]+(?:[-‐‑][^\W_]+)*               # words, hyphenated ones whole
    | \.{{2,}} | … | --+
    | (?P<mark>[^\w\s.!?…])(?P=mark){{7,}}   # a run of one mark is one token: no prose, and it may be long
    | \S
    """,
    re.VERBOSE,
)
CLITIC = re.compile(r"(?:n['’]t|['’](?:s|S|re|ve|ll|d|m))(?![^\W_])")
WORD_BEFORE_NT = re.compile(r"[^\W\d_]+?(?=n['’]t\b)")
TERMINATORS = frozenset({".", "!", "?", "…"})
# A clitic begins with one of these, and behind a word that ends in "n" before its "'t" stands an apostrophe.
CLITIC_STARTS = frozenset("n'’")
APOSTROPHES = frozenset("'’")
CLOSERS = frozenset("\"'”’»)]")
OPENERS = frozenset("\"'“‘«„([—–-")


class Token(NamedTuple):
    """A word, a number, a clitic ("'s", "n't") or a mark."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Sentence:
    """A sentence with the closing marks that belong to it; it never crosses a line break."""

    tokens: tuple[Token, ...]

    @cached_property
    def span(self) -> Span:
        """From its first token to its last."""
        return Span(self.tokens[0].start, self.tokens[-1].end)


@dataclass(frozen=True)
class Paragraph:
    """One line of the text inside one segment."""

    sentences: tuple[Sentence, ...]

    @cached_property
    def span(self) -> Span:
        """From its first token to its last."""
        return Span(self.sentences[0].span.start, self.sentences[-1].span.end)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens, in order."""
        return tuple(token for sentence in self.sentences for token in sentence.tokens)


def words(text: str, span: Span | None = None) -> list[Token]:
    """The tokens of a stretch of text, clitics apart from their words."""
    start, end = span or Span(0, len(text))
    found: list[Token] = []
    at = start
    while (match := WORD.search(text, at, end)) is not None:
        first, stop = match.span()
        if text[first] in CLITIC_STARTS and (clitic := CLITIC.match(text, first, end)) is not None:
            stop = clitic.end()
        elif text[stop : stop + 1] in APOSTROPHES and (
            stem := WORD_BEFORE_NT.match(text, first, min(end, stop + 2))
        ):
            stop = stem.end()
        found.append(Token(text[first:stop], first, stop))
        at = stop
    return found


def sentences(tokens: Sequence[Token]) -> list[Sentence]:
    """Splits the tokens of one paragraph; a closing mark stays with the sentence it closes."""
    found: list[Sentence] = []
    first = 0
    at = 0
    while at < len(tokens):
        at += 1
        if tokens[at - 1].text not in TERMINATORS and not tokens[at - 1].text.startswith(".."):
            continue
        while at < len(tokens) and _closes(tokens, at):
            at += 1
        if at < len(tokens) and _starts_sentence(tokens, at):
            found.append(Sentence(tuple(tokens[first:at])))
            first = at
    if first < len(tokens):
        found.append(Sentence(tuple(tokens[first:])))
    return found


def _closes(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token is a closing mark glued to what stands before it."""
    return tokens[at].text in CLOSERS and tokens[at].start == tokens[at - 1].end


def _starts_sentence(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sentence may begin here: after a blank, with a capital, a number or an opening mark."""
    word = tokens[at].text
    if tokens[at].start == tokens[at - 1].end:
        return False
    if word in OPENERS and at + 1 < len(tokens):
        return not tokens[at + 1].text[0].islower()
    return word[0].isupper() or word[0].isdigit()


def paragraphs(document: Document) -> list[Paragraph]:
    """The paragraphs of every segment that is read, in order; none crosses a segment."""
    lines = (line for segment in document.readable() for line in lines_of(document.text, segment.span))
    read = (words(document.text, line) for line in lines)
    return [Paragraph(tuple(sentences(tokens))) for tokens in read if tokens]


def lines_of(text: str, span: Span) -> list[Span]:
    """The non-empty lines of a stretch of text."""
    found = []
    at = span.start
    while at < span.end:
        end = text.find("\n", at, span.end)
        end = span.end if end < 0 else end
        if text[at:end].strip():
            found.append(Span(at, end))
        at = end + 1
    return found
