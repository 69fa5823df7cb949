"""Quoted passages, found by their marks alone, whatever the marks are.

Called by `units.py`, which treats a passage as one unit of its sentence. The scan never fails: a mark that
makes no pair is left alone or ends with its paragraph, and each mark is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from tasks.model import Span

DOUBLE = re.compile(r"(?P<run>[\"“”«»„‟＂‘’'`])(?P=run){7,}|[\"“”«»„‟＂]|``|''|‘‘|’’")
OPENING = frozenset({"“", "«", "„", "‟", "``", "‘‘"})
CLOSING = frozenset({"”", "»", "''", "’’"})
# The marks that close what the key opened. Straight marks close anything: typists mix them.
CLOSERS = {
    '"': frozenset({'"', "”", "''"}),
    "＂": frozenset({"＂", '"'}),
    "“": frozenset({"”", '"', "’’", "''"}),
    "”": frozenset({"”", "“", '"'}),
    "„": frozenset({"“", "”", '"'}),
    "‟": frozenset({"”", '"'}),
    "«": frozenset({"»", '"'}),
    "»": frozenset({"«", '"'}),
    "``": frozenset({"''", '"', "”"}),
    "''": frozenset({"''", '"', "”"}),
    "‘‘": frozenset({"’’", "”", '"'}),
}
SINGLE = re.compile(r"(?<!['‘’])['‘’](?!['‘’])|[‚‹›]")
WORD = re.compile(r"[^\W_]")
SINGLE_CLOSERS = {"'": "'’", "‘": "’'", "‚": "‘’", "‹": "›", "›": "‹"}
STRAIGHT = frozenset({'"', "＂"})
OPENS_AGAIN = frozenset("\"“«'`‘„")
ELISION = re.compile(r"(?:\d0s|em|til|tis|twas|cause|bout|cuz|n|round|ere)(?![^\W_])", re.IGNORECASE)
BEFORE_OPENING = frozenset('([{—–-/"“„«‘:,;…')
# Closing marks looked at for one opening single mark, so that a text of nothing but marks stays linear.
SINGLE_REACH = 12


@dataclass(frozen=True, slots=True)
class Passage:
    """A quoted passage with its marks.

    `single` tells ‘…’ from “…”; `closed` is whether its closing mark is there; `continues` says that it goes
    on with a passage left open in the paragraph before; `outer` is the passage it stands in.
    """

    span: Span
    paragraph: int
    single: bool = False
    closed: bool = True
    continues: bool = False
    outer: Span | None = None


def find_passages(text: str, paragraphs: Sequence[Span]) -> list[Passage]:
    """All passages with a word in them, in the order of the text; one inside another follows it."""
    found: list[Passage] = []
    open_before = False
    for number, paragraph in enumerate(paragraphs):
        doubles = _DoubleScan(text, paragraph, number, carried=open_before).run()
        open_before = bool(doubles) and not [p for p in doubles if p.outer is None][-1].closed
        singles = _singles(text, paragraph, number, doubles)
        spoken = [passage for passage in (*doubles, *singles) if WORD.search(text, *passage.span)]
        found += sorted(spoken, key=lambda passage: (passage.span.start, -passage.span.end))
    return found


class _DoubleScan:
    """One paragraph's passages in double marks, mark by mark."""

    def __init__(self, text: str, paragraph: Span, number: int, *, carried: bool) -> None:
        self.text, self.paragraph, self.number = text, paragraph, number
        self.reopened = carried and text[paragraph.start] in OPENS_AGAIN
        self.carried = carried and not self.reopened
        self.opened: int | None = None
        self.opened_by = ""
        self.inner: int | None = None
        self.inner_by = ""
        self.inners: list[Span] = []
        self.found: list[Passage] = []

    def run(self) -> list[Passage]:
        """The passages, the inner ones behind the outer ones that hold them."""
        for match in DOUBLE.finditer(self.text, self.paragraph.start, self.paragraph.end):
            if match["run"]:
                continue  # a run of eight marks or more quotes nothing, and may be as long as the text
            mark, at, after = match.group(), match.start(), match.end()
            if self.opened is None:
                self._outside(mark, at, after)
            elif self.inner is not None and mark in CLOSERS.get(self.inner_by, CLOSING):
                self.inners.append(Span(self.inner, after))
                self.inner = None
            else:
                self._inside(self.opened, mark, at, after)
        if self.opened is not None:
            self._finish(self.opened, self.paragraph.end, closed=False)
        return self.found

    def _outside(self, mark: str, at: int, after: int) -> None:
        if self.carried and _closes_shape(self.text, at, after, self.paragraph):
            self.found.append(Passage(Span(self.paragraph.start, after), self.number, continues=True))
        elif _opens(self.text, mark, at, after, self.paragraph):
            self.opened, self.opened_by = at, mark
        self.carried = False

    def _inside(self, opened: int, mark: str, at: int, after: int) -> None:
        if _begins_inside(
            self.text, mark, self.opened_by, at, after, self.paragraph
        ) or self._is_nested_alike(mark, at, after):
            self.inner, self.inner_by = at, mark
        elif _restarts(self.text, mark, self.opened_by, at, after, self.paragraph):
            self._finish(opened, at, closed=False)
            self.opened, self.opened_by = at, mark
        elif self._closes(mark, at, after):
            self._finish(opened, after, closed=True)

    def _is_nested_alike(self, mark: str, at: int, after: int) -> bool:
        """As in “what he calls “hell” is ours”: the same kind of mark again, and two that close behind it."""
        if mark != self.opened_by or mark not in OPENING:
            return False
        following = _next_marks(self.text, after, self.paragraph, 2)
        closers = CLOSERS[mark] & CLOSING
        return (
            len(following) == 2
            and all(found.group() in closers for found in following)
            and _opens_shape(self.text, at, after, self.paragraph)
        )

    def _closes(self, mark: str, at: int, after: int) -> bool:
        """Whether a mark closes the open passage; also an opening mark that stands like one."""
        if _is_inch(self.text, mark, at, after):
            return False
        if mark in CLOSING or mark in STRAIGHT or mark in CLOSERS.get(self.opened_by, CLOSING):
            return True
        return mark == self.opened_by and _closes_shape(self.text, at, after, self.paragraph)

    def _finish(self, opened: int, end: int, *, closed: bool) -> None:
        span = Span(opened, end)
        continues = self.reopened and opened == self.paragraph.start
        self.found.append(Passage(span, self.number, closed=closed, continues=continues))
        if self.inners:
            self.found += [
                Passage(inner, self.number, outer=span) for inner in self.inners if span.holds(inner)
            ]
            self.inners = []
        self.opened = self.inner = None


def _next_marks(text: str, at: int, paragraph: Span, count: int) -> list[re.Match[str]]:
    return list(islice(DOUBLE.finditer(text, at, paragraph.end), count))


def _before(text: str, at: int, paragraph: Span) -> str:
    return text[at - 1] if at > paragraph.start else " "


def _after(text: str, after: int, paragraph: Span) -> str:
    return text[after] if after < paragraph.end else " "


def _opens_shape(text: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether a mark stands like an opening one: a blank or bracket before it, a word after it."""
    before, following = _before(text, at, paragraph), _after(text, after, paragraph)
    return (before.isspace() or before in BEFORE_OPENING) and (following.isalnum() or following in "‘'$…[#@")


def _closes_shape(text: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether a mark stands like a closing one: glued to what precedes, a blank or a point after it."""
    before, following = _before(text, at, paragraph), _after(text, after, paragraph)
    return not before.isspace() and not following.isalnum()


def _opens(text: str, mark: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether a mark outside any passage opens one."""
    if mark in STRAIGHT:
        if _before(text, at, paragraph).isdigit() or _is_inch(text, mark, at, after):
            return False
        return not _is_orphan(text, at, after, paragraph)
    if mark in OPENING or at == paragraph.start:
        return True
    return _opens_shape(text, at, after, paragraph)  # a mark the wrong way round, or '' for both


def _is_inch(text: str, mark: str, at: int, after: int) -> bool:
    """Whether a straight mark measures a body or a screen: 6'2" tall."""
    if mark != '"' or at < 3 or not text[at - 1].isdigit():
        return False
    return (
        text[max(0, at - 3) : at - 1].rstrip("0123456789")[-1:] in {"'", "’"}
        and text[after : after + 1] != ","
    )


def _is_orphan(text: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether a straight mark closes what was never opened, and the next one opens: its plans" and "more"."""
    if not _closes_shape(text, at, after, paragraph):
        return False
    return any(
        _opens_shape(text, *found.span(), paragraph) and _before(text, found.start(), paragraph).isspace()
        for found in _next_marks(text, after, paragraph, 1)
    )


def _begins_inside(text: str, mark: str, opened_by: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether another kind of mark opens a passage inside the open one."""
    if mark == opened_by or (opened_by == "„" and mark == "“") or (opened_by == "»" and mark == "«"):
        return False
    if mark in OPENING and mark != "‟":
        return _opens_shape(text, at, after, paragraph)
    return mark == '"' and opened_by in OPENING and _opens_shape(text, at, after, paragraph)


def _restarts(text: str, mark: str, opened_by: str, at: int, after: int, paragraph: Span) -> bool:
    """Whether the closing mark of the open passage is missing and the next passage begins."""
    if mark != opened_by or mark in CLOSING:
        return False
    if mark in CLOSERS.get(opened_by, CLOSING):
        return _opens_shape(text, at, after, paragraph) and _before(text, at, paragraph).isspace()
    return not _closes_shape(text, at, after, paragraph)


def _singles(text: str, paragraph: Span, number: int, doubles: Sequence[Passage]) -> Iterable[Passage]:
    """Passages in single marks: inside a double passage, or where both marks clearly quote."""
    marks = [match.start() for match in SINGLE.finditer(text, paragraph.start, paragraph.end)]
    if not marks:
        return
    outers = [passage for passage in doubles if passage.outer is None]
    starts = [passage.span.start for passage in outers]
    closing = [at for at in marks if _closes_shape(text, at, at + 1, paragraph)]
    free = paragraph.start
    for at in marks:
        if at < free or not _opens_single(text, at, paragraph):
            continue
        outer = _holder(outers, starts, at)
        end = _single_end(text, at, closing, outer.span.end if outer else paragraph.end)
        if end is None or (outer is None and _holder(outers, starts, end - 1) is not None):
            continue
        yield Passage(Span(at, end), number, single=True, outer=outer.span if outer else None)
        free = end


def _opens_single(text: str, at: int, paragraph: Span) -> bool:
    if text[at] not in SINGLE_CLOSERS or ELISION.match(text, at + 1):
        return False
    before, following = _before(text, at, paragraph), _after(text, at + 1, paragraph)
    return (before.isspace() or before in BEFORE_OPENING) and (following.isalnum() or following in '“"$…[#@')


def _holder(passages: Sequence[Passage], starts: Sequence[int], at: int) -> Passage | None:
    """The passage that holds a position."""
    index = bisect_right(starts, at) - 1
    return passages[index] if index >= 0 and at < passages[index].span.end else None


def _single_end(text: str, at: int, closing: Sequence[int], end: int) -> int | None:
    """Behind the mark that closes a single passage; a plural's apostrophe only where no other mark does."""
    first = bisect_right(closing, at)
    spare = None
    for position in closing[first : first + SINGLE_REACH]:
        if position >= end:
            break
        if text[position] not in SINGLE_CLOSERS[text[at]]:
            continue
        if text[position - 1] == "s" and text[position + 1 : position + 3].strip().isalpha():
            spare = spare or position + 1
            continue
        return position + 1
    return spare
