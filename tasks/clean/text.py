"""A plain text into segments: runs the rules in order and sees to it that they partition the text.

Called by `tasks.clean` for plain text and for the text that was extracted from a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.clean.byline import Byline, read_byline
from tasks.clean.dateline import FoundDateline, find_dateline
from tasks.clean.furniture import furniture
from tasks.clean.lines import Line, lines_of
from tasks.clean.repeats import standfirst
from tasks.clean.tail import tail_cuts
from tasks.clean.title import title_lines
from tasks.model import Role, Segment, Span

HEAD_BYLINES = 8  # bylines stand in the first so many lines
MAX_ABOVE_BYLINE = 2  # lines of text that may stand above a byline: standfirsts
BARE_BEFORE_BODY = 1  # paragraphs of text that may stand above a lone outlet's name
DATELINE_PARAGRAPHS = 3  # a dateline opens one of the first so many paragraphs
BODY_RULE = "text"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its segments and what they say."""

    segments: tuple[Segment, ...]
    title: str | None
    bylines: tuple[Byline, ...]
    dateline: FoundDateline | None
    paragraphs: tuple[Span, ...]  # of summary and body, in order


@dataclass(slots=True)
class _Draft:
    """The lines of a text while they get their roles; a line without one is body."""

    text: str
    lines: list[Line]
    roles: dict[int, tuple[Role, str, float]] = field(default_factory=dict)
    bylines: list[Byline] = field(default_factory=list)
    title: str | None = None
    dateline: FoundDateline | None = None
    dateline_at: int | None = None
    tails: dict[int, tuple[int, str, float]] = field(default_factory=dict)  # line → start, rule, score

    def free(self) -> list[int]:
        """The lines that have no role yet."""
        return [at for at in range(len(self.lines)) if at not in self.roles]


def read_text(text: str, known_title: str | None = None) -> Reading:
    """Finds title, bylines, dateline, summary, furniture and tail of a normalised text that is not blank."""
    draft = _Draft(text, lines_of(text))
    _titles(draft, known_title)
    _head(draft)
    _furniture(draft)
    _dateline(draft)
    _summary(draft)
    _tail(draft)
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


def _furniture(draft: _Draft) -> None:
    for at in draft.free():
        found = furniture(draft.lines[at], len(draft.lines) - 1 - at)
        if found:
            draft.roles[at] = (*found, 1.0)


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


def _tail(draft: _Draft) -> None:
    at_line = {line.span.end: at for at, line in enumerate(draft.lines)}
    for cut in tail_cuts(draft.lines, frozenset(draft.roles)):
        at = at_line[cut.span.end]
        if cut.span.start == draft.lines[at].span.start:
            draft.roles[at] = (Role.DROPPED, cut.rule, cut.score)
        else:
            draft.tails[at] = (cut.span.start, cut.rule, cut.score)


def _segments(draft: _Draft) -> tuple[Segment, ...]:
    """The pieces with the blanks behind them, neighbours of the same kind as one."""
    pieces: list[tuple[int, Role, str, float]] = []
    for at, line in enumerate(draft.lines):
        role, rule, score = draft.roles.get(at, (Role.BODY, BODY_RULE, 1.0))
        start = draft.text.rfind("\n", 0, line.span.start) + 1
        if draft.dateline is not None and draft.dateline_at == at:
            pieces.append((start, Role.DATELINE, "dateline", 1.0))
            start = draft.dateline.end
        pieces.append((start, role, rule, score))
        if at in draft.tails:
            begin, tail_rule, tail_score = draft.tails[at]
            pieces.append((begin, Role.DROPPED, tail_rule, tail_score))
    return _partition(pieces, len(draft.text))


def _partition(pieces: Sequence[tuple[int, Role, str, float]], length: int) -> tuple[Segment, ...]:
    """Segments from the first character to the last; each reaches to the start of the next."""
    merged: list[tuple[int, Role, str, float]] = []
    for piece in pieces:
        if not merged or merged[-1][1:] != piece[1:]:
            merged.append(piece)
    starts = [0, *(piece[0] for piece in merged[1:]), length]
    return tuple(
        Segment(Span(starts[n], starts[n + 1]), role, rule, score)
        for n, (_, role, rule, score) in enumerate(merged)
    )
