"""What stands behind an article and is none of it: headlines of other articles, calls to action.

Called by `text`. A chain of links that reads from the end upwards, the surest first; each cut carries its
rule and a score:

    legal lines, calls to action, cue lines   `cues`: word lists and forms
    known titles                              `known_titles`: of other articles, of the page's own links
    page boxes                                `layout`: lines that stand outside the article in their page
    site repetition                           `site_lines`: lines that the site repeats on its pages
    cue blocks                                "Related:" and what reads like headlines behind it
    tail score                                `tail_score`: trained; only where the text ends its sentences

It is careful rather than thorough: a text whose paragraphs do not end in full stops, a list, a tour plan,
a table is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tasks.clean.cues import (
    CALL_TO_ACTION,
    SAYS,
    call_rule,
    has_cue,
    is_cue,
    leads_nowhere,
    leftover_rule,
)
from tasks.clean.known_titles import FoundTitle, titles_at_end, titles_inside
from tasks.clean.lines import Line
from tasks.clean.site_lines import SiteLines
from tasks.clean.tail_score import tail_score
from tasks.clean.title_memory import Titles
from tasks.model import Span

MAX_CUE_LINES = 14  # lines that a cue may announce
MAX_TEASER_WORDS = 30  # words of a line behind a cue
MAX_TEASER_STOPS = 0.25  # share of the lines behind a cue that may end in a full stop
MIN_STRAY_WORDS, MAX_STRAY_WORDS = 5, 30  # words of a line inside the text that leads elsewhere
MAX_SCORED_CUT = 0.4  # share of the text that the score alone may drop, in characters
MAX_CUED_CUT = 0.6  # the same behind a cue line

# How sure the rules are that have no score of their own: of 100 cuts on made and real tails, so many held.
CUE_BLOCK, KNOWN_TITLE, PAGE_LINK = "cue block", "known title", "page link"
CALL_SCORE, CUE_BLOCK_SCORE, CUE_LINE_SCORE, TITLE_SCORE, LINK_SCORE = 0.95, 0.97, 0.9, 0.99, 0.97
BOX_SCORE = 0.95
REPEATED, REPEATED_SCORE = "site repetition", 0.93


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch behind the article, the rule that found it, how sure it is (0 to 1), whose title it is."""

    span: Span
    rule: str
    score: float
    article: UUID | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a text's page and site.

    `apart` are the starts of lines that stand outside the article in the page, with the rules that say so,
    `repeated` the lines that the site repeats; `of_page` tells whether it was extracted from a page at all.
    """

    apart: Mapping[int, str] = field(default_factory=dict)
    repeated: SiteLines | None = None
    of_page: bool = False


PLAIN = Surroundings()


def tail_cuts(
    lines: Sequence[Line],
    kept: frozenset[int],
    titles: Titles | None = None,
    around: Surroundings = PLAIN,
) -> list[Cut]:
    """The cuts behind the article, in order.

    `kept` are the lines that have a role of their own (credits, captions, bylines): they are passed over.
    """
    tail = _Tail(lines, kept, titles, around)
    tail.peel()
    while tail.cue_block() or tail.scored():
        tail.peel()
    return sorted(tail.cuts, key=lambda cut: cut.span)


def stray_line(line: Line, titles: Titles | None, *, of_page: bool) -> Cut | None:
    """The cut of a line inside the text that leads to another article or calls to something; else None.

    In a plain text, somebody has left such a line standing: it must announce a known title to be cut.
    """
    found = titles_at_end(line, titles) if titles and has_cue(line) else []
    if has_cue(line) and (found or of_page) and not line.text.endswith("."):
        return Cut(line.span, "cue line", CUE_LINE_SCORE, found[0].article if found else None)
    if not of_page:
        return None
    if len(line.words) <= MAX_STRAY_WORDS and call_rule(line, of_page=True) == CALL_TO_ACTION:
        return Cut(line.span, CALL_TO_ACTION, CALL_SCORE)
    if titles is None or line.is_punctuated or not MIN_STRAY_WORDS <= len(line.words) <= MAX_STRAY_WORDS:
        return None
    found = titles_at_end(line, titles)
    is_whole = bool(found) and found[0].span.start == line.span.start
    return _titled(found[0]) if is_whole and len(found) == 1 else None


class _Tail:
    """The lines of a text, read from the last one upwards; `end` is the line after the last unread."""

    def __init__(
        self, lines: Sequence[Line], kept: frozenset[int], titles: Titles | None, around: Surroundings
    ) -> None:
        self.lines = list(lines)
        self.kept = kept
        self.around = around
        self.titles = titles
        self.end = len(lines)
        self.cuts: list[Cut] = []
        self.length = sum(len(line.text) for line in lines)

    def peel(self) -> None:
        """Takes off what is certain, line by line."""
        while self.end > 1:
            if self.end - 1 not in self.kept and not any(rule() for rule in self._rules()):
                return
            if self.end - 1 in self.kept:
                self.end -= 1

    def _rules(self) -> Iterator[Callable[[], bool]]:
        yield self._call
        yield self._titles
        yield self._cue_line
        yield self._apart
        yield self._repeated
        yield self._leading

    def _call(self) -> bool:
        """A legal line, a call to action, what is left of a gallery or of a list of sources."""
        line = self.lines[self.end - 1]
        rule = call_rule(line, of_page=self.around.of_page)
        if rule is None and self.around.of_page:
            rule = leftover_rule(line, self.cuts[-1].rule if self.cuts else None)
        return rule is not None and self._take([Cut(line.span, rule, CALL_SCORE)])

    def _titles(self) -> bool:
        """Known titles that the line ends in."""
        found = titles_at_end(self.lines[self.end - 1], self.titles) if self.titles else []
        return bool(found) and self._take([_titled(title) for title in found])

    def _cue_line(self) -> bool:
        """A line with a cue and a headline ("Read more: …"), or a cue whose headlines are cut already."""
        line = self.lines[self.end - 1]
        if not has_cue(line) and not (self.cuts and is_cue(line)):
            return False
        return self._take(self._linked(line, "cue line", CUE_LINE_SCORE))

    def _repeated(self) -> bool:
        """A line that the site repeats on its pages."""
        line = self.lines[self.end - 1]
        repeated = self.around.repeated
        is_furniture = repeated is not None and not SAYS.search(line.text) and repeated.holds(line)
        return is_furniture and self._take([Cut(line.span, REPEATED, REPEATED_SCORE)])

    def _leading(self) -> bool:
        """A line that announces what is no text in this page."""
        line = self.lines[self.end - 1]
        is_leading = self.around.of_page and leads_nowhere(line)
        return is_leading and self._take([Cut(line.span, "leads nowhere", CUE_LINE_SCORE)])

    def _apart(self) -> bool:
        """A line that stands outside the article in the page."""
        line = self.lines[self.end - 1]
        rule = self.around.apart.get(line.span.start)
        return rule is not None and self._take(self._linked(line, rule, BOX_SCORE))

    def _take(self, cuts: Sequence[Cut]) -> bool:
        """Cuts the end of the last line, or all of it."""
        self.cuts += cuts
        line, start = self.lines[self.end - 1], cuts[0].span.start
        if start > line.span.start:
            text = line.text[: start - line.span.start].rstrip()
            self.lines[self.end - 1] = Line(Span(line.span.start, line.span.start + len(text)), text)
        else:
            self.end -= 1
        return True

    def cue_block(self) -> bool:
        """Cuts a line such as "Related:" and the headlines behind it."""
        first = max(1, self.end - MAX_CUE_LINES - 1)
        at = next(
            (at for at in range(first, self.end) if at not in self.kept and is_cue(self.lines[at])), None
        )
        if at is None or not _are_teasers(self.lines[at + 1 : self.end]):
            return False
        if self._size(self.lines[at].span.start) > MAX_CUED_CUT * self.length:
            return False
        self._drop(at, 0, CUE_BLOCK, CUE_BLOCK_SCORE)
        return True

    def scored(self) -> bool:
        """Cuts what the trained score takes for headlines."""
        places = [at for at in range(self.end) if at not in self.kept]
        found = tail_score([self.lines[at] for at in places], cut_below=bool(self.cuts))
        if found is None or self._size(found.start) > MAX_SCORED_CUT * self.length:
            return False
        at = places[found.line]
        self._drop(at, found.start - self.lines[at].span.start, "tail score", found.score)
        return True

    def _size(self, start: int) -> int:
        return sum(max(0, line.span.end - max(start, line.span.start)) for line in self.lines[: self.end])

    def _drop(self, at: int, offset: int, rule: str, score: float) -> None:
        """Cuts from a place in a line to the end, but for the lines that have a role."""
        for number in range(self.end - 1, at - 1, -1):
            if number in self.kept:
                self.end = number
                continue
            line = self.lines[number]
            shift = offset if number == at else 0
            part = Line(Span(line.span.start + shift, line.span.end), line.text[shift:])
            self.end = number + 1
            self._take(self._linked(part, rule, score))

    def _linked(self, line: Line, rule: str, score: float) -> list[Cut]:
        """A cut line as cuts: the known titles in it, and what stands between them."""
        cuts, at = [], line.span.start
        for title in titles_inside(line, self.titles) if self.titles else []:
            if line.text[at - line.span.start : title.span.start - line.span.start].strip():
                cuts.append(Cut(Span(at, title.span.start), rule, score))
            cuts.append(_titled(title))
            at = title.span.end
        if line.text[at - line.span.start :].strip():
            cuts.append(Cut(Span(at, line.span.end), rule, score))
        return cuts


def _titled(title: FoundTitle) -> Cut:
    if title.is_page_link:
        return Cut(title.span, PAGE_LINK, LINK_SCORE)
    return Cut(title.span, KNOWN_TITLE, TITLE_SCORE, title.article)


def _are_teasers(behind: Sequence[Line]) -> bool:
    """Whether lines behind a cue are headlines and teasers rather than the article going on."""
    stops = sum(line.text.endswith(".") for line in behind)
    return stops <= MAX_TEASER_STOPS * len(behind) and all(
        len(line.words) <= MAX_TEASER_WORDS and not SAYS.search(line.text) for line in behind
    )
