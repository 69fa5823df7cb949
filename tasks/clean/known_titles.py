"""Titles of other articles at the end of a line, read backwards through a memory of titles.

Called by `tail`, for cuts and for the links from a cut to the article whose title it is. Only titles that
stand at the very end count: words in the middle of the text that happen to be a title stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from tasks.clean.lines import WORD, Line
from tasks.clean.title_memory import MAX_WORDS, MIN_LETTERS, MIN_WORDS, Titles, end_mark, title_key
from tasks.model import Span

SURE_WORDS = 7  # words of a title that needs no end of a sentence before it
ZONE_WORDS = 300  # words at the end of a line that are looked at: eight headlines have some 90
# What a title inside a line may follow: the end of a sentence. Without one the text runs on into it.
SENTENCE_END = re.compile(r"[.!?…:;|•·»][\"'”’»)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A known title in a line, with the article it is the title of, where that is known."""

    span: Span
    article: UUID | None

    @property
    def is_page_link(self) -> bool:
        """Whether it is only known because the page links to it."""
        return self.article is None


class _Words:
    """The last words of a line, and which stretches of them are known titles."""

    def __init__(self, line: Line, titles: Titles) -> None:
        matches = list(WORD.finditer(line.text))[-ZONE_WORDS:]
        self.line, self.titles = line, titles
        self.spans = [match.span() for match in matches]
        self.folded = [match[0].casefold().replace("’", "'") for match in matches]

    def title(self, start: int, stop: int) -> FoundTitle | None:
        """The known title from word to word."""
        words = self.folded[start:stop]
        if sum(map(len, words)) < MIN_LETTERS:
            return None
        found = self.titles.find(title_key(words, end_mark(self.between(start, stop))))
        return found and FoundTitle(self.place(start, stop), found.article)

    def between(self, start: int, stop: int) -> str:
        """The text from a word to the start of another, its marks included."""
        last = self.spans[stop][0] if stop < len(self.spans) else len(self.line.text)
        return self.line.text[self.spans[start][0] : last]

    def place(self, start: int, stop: int) -> Span:
        """Where it stands in the text, with the marks around it."""
        first = self.line.span.start + self.opening(start)
        last = self.opening(stop) if stop < len(self.spans) else len(self.line.text)
        return Span(first, self.line.span.start + last)

    def opening(self, at: int) -> int:
        """Where a word begins with the marks that open before it ("‘", "$"), as an offset in the line."""
        start, above = self.spans[at][0], self.spans[at - 1][1] if at else 0
        while start > above and not self.line.text[start - 1].isspace():
            start -= 1
        return start

    def is_boundary(self, at: int, *, is_sure: bool) -> bool:
        """Whether a title may begin at this word: a line does, or a sentence has ended.

        A long title, or several, may also follow a text whose last stop was forgotten.
        """
        start = self.opening(at)
        if is_sure and self.line.text[self.spans[at][0]].isupper():
            return True
        return not self.line.text[:start].strip() or bool(
            SENTENCE_END.search(self.line.text[max(0, start - 12) : start])
        )


def titles_at_end(line: Line, titles: Titles) -> list[FoundTitle]:
    """The known titles that the line ends in, in a chain from its start or from behind a sentence."""
    words = _Words(line, titles)
    chains: dict[int, list[FoundTitle]] = {len(words.folded): []}
    open_ends = [len(words.folded)]
    best: list[FoundTitle] = []
    while open_ends:
        stop = open_ends.pop()
        for start in range(max(0, stop - MAX_WORDS), stop - MIN_WORDS + 1):
            if start in chains or (found := words.title(start, stop)) is None:
                continue
            chains[start] = [found, *chains[stop]]
            open_ends.append(start)
            is_sure = stop < len(words.folded) or stop - start >= SURE_WORDS
            if words.is_boundary(start, is_sure=is_sure) and (
                not best or found.span.start < best[0].span.start
            ):
                best = chains[start]
    return best


def titles_inside(line: Line, titles: Titles) -> list[FoundTitle]:
    """The known titles anywhere in a line that was cut, longest first, none within another."""
    words = _Words(line, titles)
    found, at = [], 0
    while at <= len(words.folded) - MIN_WORDS:
        stops = range(min(len(words.folded), at + MAX_WORDS), at + MIN_WORDS - 1, -1)
        title = next((known for stop in stops if (known := words.title(at, stop))), None)
        if title is None:
            at += 1
            continue
        found.append(title)
        at = next(
            (n for n in range(at, len(words.spans)) if line.span.start + words.spans[n][0] >= title.span.end),
            len(words.spans),
        )
    return found
