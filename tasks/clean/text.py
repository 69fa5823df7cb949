"""A plain text into segments: runs the rules in order and sees to it that they partition the text.

Called by `tasks.clean` for plain text and for the text that was extracted from a page.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tasks.clean.byline import Byline, capitalised, is_person, read_byline
from tasks.clean.dateline import FoundDateline, find_dateline
from tasks.clean.furniture import furniture, listed_credits
from tasks.clean.lines import Line, lines_of, script_start
from tasks.clean.repeats import standfirst
from tasks.clean.tail import PLAIN, Cut, Surroundings, stray_line, tail_cuts
from tasks.clean.title import title_lines
from tasks.clean.title_memory import OtherTitles, Titles
from tasks.model import Role, Segment, Span

HEAD_BYLINES = 8  # bylines stand in the first so many lines
MAX_ABOVE_BYLINE = 2  # lines of text that may stand above a byline: standfirsts
BARE_BEFORE_BODY = 1  # paragraphs of text that may stand above a lone outlet's name
DATELINE_PARAGRAPHS = 3  # a dateline opens one of the first so many paragraphs
INSIDE_FROM = 2  # paragraphs at the start that no rule for lines inside the text looks at
SIGNED_FROM = 4  # lines of a text that somebody signs
MAX_SIGNATURE, MIN_ABOVE_SIGNATURE = 4, 8  # words of a name, and of the paragraph above it
BODY_RULE = "text"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its segments and what they say."""

    segments: tuple[Segment, ...]
    title: str | None
    bylines: tuple[Byline, ...]
    dateline: FoundDateline | None
    paragraphs: tuple[Span, ...]  # of summary and body, in order


class _Piece(NamedTuple):
    """Where a segment begins, and what it is."""

    start: int
    role: Role
    rule: str
    score: float
    linked_article: UUID | None = None


@dataclass(slots=True)
class _Draft:
    """The lines of a text while they get their roles; a line without one is body."""

    text: str
    lines: list[Line]
    end: int  # so many lines are text; what follows is script
    roles: dict[int, tuple[Role, str, float]] = field(default_factory=dict)
    bylines: list[Byline] = field(default_factory=list)
    title: str | None = None
    dateline: FoundDateline | None = None
    dateline_at: int | None = None
    strays: dict[int, Cut] = field(default_factory=dict)  # lines inside the text that lead elsewhere
    tails: list[Cut] = field(default_factory=list)  # what is cut behind the article, in order

    def free(self) -> list[int]:
        """The lines that have no role yet."""
        return [at for at in range(len(self.lines)) if at not in self.roles]


def read_text(
    text: str,
    known_title: str | None = None,
    titles: Sequence[Titles] = (),
    around: Surroundings = PLAIN,
    authors: Sequence[str] = (),
) -> Reading:
    """Finds title, bylines, dateline, summary, furniture and tail of a normalised text that is not blank.

    `titles` are those of other articles, `around` is what is known of the text's page and site, `authors`
    are those that the page names.
    """
    lines = lines_of(text)
    draft = _Draft(text, lines, script_start(lines) if around.of_page else len(lines))
    for at in range(draft.end, len(lines)):
        draft.roles[at] = (Role.DROPPED, "script text", 1.0)
    _titles(draft, known_title)
    _head(draft)
    _furniture(draft, authors)
    if around.of_page and not authors and not draft.bylines:
        _signature(draft)
    _dateline(draft)
    _summary(draft)
    others = _other_titles(draft, known_title, titles)
    _inside(draft, others, of_page=around.of_page)
    _tail(draft, others, around)
    paragraphs = tuple(
        draft.lines[at].span
        for at in range(len(draft.lines))
        if draft.roles.get(at, (Role.BODY,))[0] in {Role.BODY, Role.SUMMARY}
    )
    return Reading(_segments(draft), draft.title, tuple(draft.bylines), draft.dateline, paragraphs)


def _titles(draft: _Draft, known: str | None) -> None:
    for at, rule in title_lines(draft.lines, known):
        draft.roles[at] = (Role.TITLE, rule, 1.0)
        draft.title = draft.title or draft.lines[at].text


def _head(draft: _Draft) -> None:
    """The bylines above the text, or between a standfirst and the text."""
    above = 0
    for at in draft.free():
        if at >= HEAD_BYLINES or above > MAX_ABOVE_BYLINE:
            break
        line = draft.lines[at]
        is_bare_allowed = above <= BARE_BEFORE_BODY and any(
            later.is_punctuated for later in draft.lines[at + 1 :][:3]
        )
        byline = read_byline(line, is_bare_allowed=is_bare_allowed)
        if byline:
            draft.roles[at] = (Role.BYLINE, byline.rule, 1.0)
            draft.bylines.append(byline)
        else:
            above += 1


def _furniture(draft: _Draft, authors: Sequence[str]) -> None:
    for at in listed_credits(draft.lines[: draft.end]):
        draft.roles.setdefault(at, (Role.CREDIT, "list of credits", 1.0))
    people = [*authors, *(name for byline in draft.bylines for name in byline.authors)]
    for at in draft.free():
        found = furniture(draft.lines[at], draft.end - 1 - at, people)
        if found:
            draft.roles[at] = (*found, 1.0)


def _signature(draft: _Draft) -> None:
    """The name of who wrote it as the last line, behind a paragraph."""
    free = draft.free()
    if len(free) < SIGNED_FROM:
        return
    line, above = draft.lines[free[-1]], draft.lines[free[-2]]
    is_name = len(line.words) <= MAX_SIGNATURE and is_person(line.text)
    if is_name and above.is_punctuated and len(above.words) >= MIN_ABOVE_SIGNATURE:
        draft.roles[free[-1]] = (Role.BYLINE, "signature", 1.0)
        draft.bylines.append(Byline("signature", (capitalised(line.text),)))


def _dateline(draft: _Draft) -> None:
    for place, at in enumerate(draft.free()[:DATELINE_PARAGRAPHS]):
        found = find_dateline(draft.lines[at], is_first=place == 0)
        if found:
            draft.dateline, draft.dateline_at = found, at
            return


def _summary(draft: _Draft) -> None:
    """A standfirst that the text repeats; it has no dateline of its own."""
    free = draft.free()[:6]
    paragraphs = [(draft.lines[at], _without_dateline(draft, at)) for at in free]
    found = standfirst(paragraphs)
    if found is not None and free[found] != draft.dateline_at:
        draft.roles[free[found]] = (Role.SUMMARY, "repeated lede", 1.0)


def _without_dateline(draft: _Draft, at: int) -> str:
    """The words of a line, its dateline left out."""
    if draft.dateline is not None and draft.dateline_at == at:
        return draft.text[draft.dateline.end : draft.lines[at].span.end]
    return draft.lines[at].text


def _other_titles(draft: _Draft, known_title: str | None, titles: Sequence[Titles]) -> OtherTitles | None:
    own = [draft.lines[at].text for at, (role, *_) in draft.roles.items() if role is Role.TITLE]
    return OtherTitles(titles, [*own, known_title or ""]) if titles else None


def _inside(draft: _Draft, others: OtherTitles | None, *, of_page: bool) -> None:
    """Lines between paragraphs that lead elsewhere: "Read more: …", calls to action, links."""
    for at in draft.free()[INSIDE_FROM:]:
        found = stray_line(draft.lines[at], others, of_page=of_page)
        if found is not None:
            draft.strays[at] = found


def _tail(draft: _Draft, others: OtherTitles | None, around: Surroundings) -> None:
    draft.tails = tail_cuts(draft.lines, frozenset(draft.roles), others, around)
    first = draft.tails[0].span.start if draft.tails else len(draft.text)
    inside = [cut for cut in draft.strays.values() if cut.span.start < first]
    draft.tails = sorted([*inside, *draft.tails], key=lambda cut: cut.span)


def _segments(draft: _Draft) -> tuple[Segment, ...]:
    """The pieces with the blanks behind them, neighbours of the same kind as one."""
    pieces: list[_Piece] = []
    cuts = deque(draft.tails)
    for at, line in enumerate(draft.lines):
        role, rule, score = draft.roles.get(at, (Role.BODY, BODY_RULE, 1.0))
        start = draft.text.rfind("\n", 0, line.span.start) + 1
        if draft.dateline is not None and draft.dateline_at == at:
            pieces.append(_Piece(start, Role.DATELINE, "dateline", 1.0))
            start = draft.dateline.end
        if not (cuts and cuts[0].span.start <= line.span.start):
            pieces.append(_Piece(start, role, rule, score))
        while cuts and cuts[0].span.start < line.span.end:
            cut = cuts.popleft()
            begin = start if cut.span.start <= line.span.start else cut.span.start
            pieces.append(_Piece(begin, Role.DROPPED, cut.rule, cut.score, cut.article))
    return _partition(pieces, len(draft.text))


def _partition(pieces: Sequence[_Piece], length: int) -> tuple[Segment, ...]:
    """Segments from the first character to the last; each reaches to the start of the next."""
    merged: list[_Piece] = []
    for piece in pieces:
        if not merged or merged[-1][1:] != piece[1:]:
            merged.append(piece)
    starts = [0, *(piece.start for piece in merged[1:]), length]
    return tuple(
        Segment(Span(starts[n], starts[n + 1]), piece.role, piece.rule, piece.score, piece.linked_article)
        for n, piece in enumerate(merged)
    )
