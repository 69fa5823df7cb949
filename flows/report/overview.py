"""The whole warehouse in figures: totals, articles by day, the most quoted, the latest stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from flows.outcome import counted
from flows.report import words
from flows.report.model import Bar, Listed, Overview
from flows.story_command import day
from warehouse.report import OverviewRows

Row = Mapping[str, Any]

FEWEST_DAYS: Final = 7  # a chart of a single day would be one bar from side to side
MOST_DAYS: Final = 30
KINDS: Final = ("direct", "mixed", "indirect")


def overview(rows: OverviewRows, shown: str | None) -> Overview:
    """The figures; `shown` is the id of the story that the page shows whole."""
    return Overview(
        figures=tuple(
            (f"{rows.totals[key]:,}", _plural(rows.totals[key], one, many)) for key, one, many in FIGURES
        ),
        days=days(rows.days),
        undated=rows.totals["undated"],
        speakers=speakers(rows.speakers),
        stories=tuple(_listed(row, shown) for row in rows.stories),
    )


FIGURES: Final = (
    ("articles", "article", "articles"),
    ("outlets", "outlet", "outlets"),
    ("stories", "story told by several", "stories told by several"),
    ("quotes", "quote", "quotes"),
    ("speakers", "speaker", "speakers"),
    ("cuts", "stretch cut as foreign", "stretches cut as foreign"),
)


def days(rows: Sequence[Row]) -> tuple[Bar, ...]:
    """Articles by day up to the last day that has any, a week at least, a month at most."""
    counts: dict[date, int] = {row["day"]: row["articles"] for row in rows}
    if not counts:
        return ()
    last = max(counts)
    span = min(max((last - min(counts)).days + 1, FEWEST_DAYS), MOST_DAYS)
    window = [last - timedelta(days=back) for back in reversed(range(span))]
    most = max(counts.get(one, 0) for one in window)
    return tuple(
        Bar(f"{one:%Y-%m-%d}", number, (("articles", _percent(number, most)),))
        for one in window
        for number in [counts.get(one, 0)]
    )


def speakers(rows: Sequence[Row]) -> tuple[Bar, ...]:
    """The most quoted, with the share of direct, mixed and indirect quotes."""
    most = max((row["quotes"] for row in rows), default=0)
    return tuple(speaker_bar(row["speaker"], row, most) for row in rows)


def speaker_bar(speaker: str | None, kinds: Mapping[str, int], most: int) -> Bar:
    """A bar of somebody's quotes by kind; `most` is the number of the longest bar."""
    pieces = tuple((kind, _percent(kinds[kind], most)) for kind in KINDS if kinds[kind])
    return Bar(words.name(speaker, "Somebody"), sum(kinds[kind] for kind in KINDS), pieces)


def _listed(row: Row, shown: str | None) -> Listed:
    story_id = str(row["story_id"])
    facts = [counted(row["articles"], "article")]
    if row["copies"]:
        facts.append(_plural(row["copies"], "1 copy", f"{row['copies']:,} copies"))
    if row["shared_statements"]:
        facts.append(counted(row["shared_statements"], "shared statement"))
    return Listed(
        story_id=story_id,
        title=words.title(row["title"]),
        days=between(row["first_published_at"], row["last_published_at"]),
        voices=tuple(words.name(voice) for voice in row["voices"]),
        facts=tuple(facts),
        shown=story_id == shown,
    )


def between(first: Any, last: Any) -> str:
    """From the first to the last day."""
    if first is None:
        return "no date"
    return day(first) if last is None or day(first) == day(last) else f"{day(first)} to {day(last)}"


def _percent(number: int, most: int) -> float:
    return round(100 * number / most, 2) if most else 0.0


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many
