"""What a person ordered for one outlet in `sources.toml`, done to what was read of a document.

Called by `tasks.clean`; the entries themselves are in `tasks.sources`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.clean.lines import lines_of
from tasks.model import Given, Role, Segment, Sourced, Span
from tasks.sources import SourceRules

SOURCE_LIST = "sources.toml"  # where a value came from
DROP_LINES = "sources.toml: drop_lines"  # the rule of a cut
# Characters of a line that are looked at. Furniture is short, and a person's pattern may be a slow one.
LOOKED_AT = 2_000


def ordered_outlet(given: Given, rules: SourceRules) -> Sourced[str] | None:
    """The outlet's name as the person writes it, unless the input names the outlet itself."""
    return Sourced(rules.outlet, SOURCE_LIST) if rules.outlet and not given.outlet else None


def ordered_publisher(rules: SourceRules) -> Sourced[str] | None:
    """The house that the outlet belongs to, as the person writes it."""
    return Sourced(rules.publisher, SOURCE_LIST) if rules.publisher else None


def without_suffix(title: Sourced[str] | None, suffixes: Sequence[str]) -> Sourced[str] | None:
    """The title less the first of the suffixes that it ends with; never less all of it."""
    if title is None:
        return None
    for suffix in suffixes:
        shorter = title.value.rstrip().removesuffix(suffix.rstrip()).rstrip()
        if shorter and shorter != title.value:
            return replace(title, value=shorter)
    return title


def with_dropped_lines(
    text: str, segments: Sequence[Segment], patterns: Sequence[str]
) -> tuple[Segment, ...]:
    """The segments, with the lines dropped in which one of the patterns is found; a partition still."""
    found = [re.compile(pattern) for pattern in patterns]
    cuts = [
        Span(text.rfind("\n", 0, line.span.start) + 1, line.span.end)
        for line in lines_of(text)
        if any(pattern.search(line.text[:LOOKED_AT]) for pattern in found)
    ]
    return _cut(segments, _joined(text, cuts)) if cuts else tuple(segments)


def _joined(text: str, cuts: Sequence[Span]) -> list[Span]:
    """The stretches with the blanks behind them; those that touch are one."""
    joined: list[Span] = []
    for cut in cuts:
        behind = re.compile(r"\s*").match(text, cut.end)
        end = behind.end() if behind else cut.end
        if joined and joined[-1].end >= cut.start:
            joined[-1] = Span(joined[-1].start, end)
        else:
            joined.append(Span(cut.start, end))
    return joined


def _cut(segments: Sequence[Segment], cuts: Sequence[Span]) -> tuple[Segment, ...]:
    """Both lists are in order; what of a segment lies in a cut becomes part of that cut."""
    pieces = [Segment(cut, Role.DROPPED, DROP_LINES) for cut in cuts]
    at = 0
    for segment in segments:
        start = segment.span.start
        while at < len(cuts) and cuts[at].end <= start:
            at += 1
        place = at
        while start < segment.span.end:
            cut = cuts[place] if place < len(cuts) else None
            if cut is None or cut.start >= segment.span.end:
                pieces.append(replace(segment, span=Span(start, segment.span.end)))
                break
            if cut.start > start:
                pieces.append(replace(segment, span=Span(start, cut.start)))
            start = max(start, cut.end)
            place += 1
    return tuple(sorted(pieces, key=lambda piece: piece.span))
