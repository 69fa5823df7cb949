"""The end of `onrecord ingest` on the terminal: what a newsroom person wants to see, and the next command."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flows.outcome import Outcome, counted
from flows.terminal import plain, shortened, width_of
from tasks.read.warc.articles import told
from warehouse.summary import LoadSummary

if TYPE_CHECKING:
    from rich.table import Table

WIDTH_ELSEWHERE = 110  # columns where the output does not go to a terminal
SPEAKER_COLUMNS = ("speaker", "role", "quotes", "direct", "mixed", "indirect", "outlets")
MOST_STORIES = 3  # stories that are named
SHELL_MARKS = frozenset('"$`\\!')  # what means something to a shell between double quotes
SHORT_ID = 8  # characters of an id, enough to find a story by
MOST_FAILED = 10  # failures that are named; the table `failures` has all


def print_summary(outcome: Outcome, summary: LoadSummary, where: str) -> None:
    """Print what the run brought; `where` is the option that names the warehouse, where it needs one."""
    from rich.console import Console

    width = width_of(sys.stdout, elsewhere=WIDTH_ELSEWHERE)
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    for part in parts(outcome, summary, width):
        console.print(part)
    print(next_commands(summary, where))  # not wrapped: it is there to be copied


def parts(outcome: Outcome, summary: LoadSummary, width: int) -> Iterable[Any]:
    """The summary from top to bottom: strings and tables."""
    yield headline(outcome, summary)
    if summary.articles:
        yield from loaded_parts(summary, width)
    if outcome.skipped:
        records = counted(sum(outcome.skipped.values()), "record")
        yield f"Skipped   {records} of web archives, no articles: {', '.join(told(outcome.skipped))}"
    yield from failed_parts(outcome, width)
    yield from source_parts(outcome, width)
    yield from check_parts(outcome)


def headline(outcome: Outcome, summary: LoadSummary) -> str:
    """The first line: how much, from how many, how long."""
    totals = summary.totals
    if not outcome.loaded.tables.get("article_versions"):
        known = f" ({counted(outcome.known, 'document')} known already)" if outcome.known else ""
        return f"Nothing new{known}, {outcome.wall_seconds:.1f} s."
    corrections = f", {counted(totals['corrections'], 'new version')}" if totals["corrections"] else ""
    known = f", {outcome.known:,} known already" if outcome.known else ""
    outlets = f" of {counted(totals['outlets'], 'outlet')}" if totals["outlets"] else ""
    articles = counted(totals["articles"], "article")
    return f"{articles}{outlets} loaded{corrections}{known} in {outcome.wall_seconds:.1f} s."


def loaded_parts(summary: LoadSummary, width: int) -> Iterable[Any]:
    """Articles, speakers, names and cuts."""
    totals = summary.totals
    yield ""
    yield table(
        ("Outlet", "Published", "Title", "Quotes"),
        [(row["outlet"], published(row), row["title"], row["quotes"]) for row in summary.articles],
        widths={"Title": max(20, width - 50)},
    )
    more = totals["articles"] + totals["corrections"] - len(summary.articles)
    if more > 0:
        yield f"and {counted(more, 'article')} more"
    if any(row["published_source"] == "text" for row in summary.articles):
        yield "* day inferred from the dates in the text"
    if totals["without_annotations"]:
        without = counted(totals["without_annotations"], "article")
        yield f"{without} without names and quotes: in a language that has no model."
    if summary.speakers:
        yield ""
        yield table(
            ("Who said what", "Role", "Quotes", "Direct", "Mixed", "Indirect", "Outlets"),
            [tuple(row[key] for key in SPEAKER_COLUMNS) for row in summary.speakers],
        )
        if totals["quotes_without_speaker"]:
            yield f"{counted(totals['quotes_without_speaker'], 'quote')} without a named speaker."
    yield ""
    named = ", ".join(f"{plain(row['name'])} ({row['mentions']})" for row in summary.entities)
    yield (
        f"Entities  {totals['names']:,} names of {totals['entities']:,} entities: {named}"
        if named
        else "Entities  none"
    )
    yield from story_parts(summary, width)
    yield from dropped_parts(summary, width)


def story_parts(summary: LoadSummary, width: int) -> Iterable[str]:
    """The stories that several articles tell, the most told first."""
    if not summary.stories:
        yield "Stories   none that several articles tell"
        return
    number = counted(summary.stories[0]["stories"], "story").replace("storys", "stories")
    yield f"Stories   {number} told by several articles:"
    for row in summary.stories[:MOST_STORIES]:
        told = f"  {counted(row['articles'], 'article')} of {counted(row['publishers'], 'publisher')}: "
        yield told + shortened(plain(row["title"] or "(no title)"), width - len(told))


def dropped_parts(summary: LoadSummary, width: int) -> Iterable[str]:
    """What was cut, and by which rule."""
    cuts = summary.totals["cuts"]
    yield f"Dropped   {counted(cuts, 'stretch').replace('stretchs', 'stretches') if cuts else 'nothing'}"
    for row in summary.dropped:
        words = len(row["text"].split())
        yield f"  {plain(row['outlet'])}, {words} words, rule {row['rule']} ({row['score']:.2f}):"
        yield f"    {shortened(row['text'], width - 4)}"


def failed_parts(outcome: Outcome, width: int) -> Iterable[str]:
    """What could not be used, and why."""
    if not outcome.failures:
        yield "Failed    nothing"
        return
    yield f"Failed    {counted(len(outcome.failures), 'document')}; each is a row in the table failures:"
    for failure in outcome.failures[:MOST_FAILED]:
        place = shortened(failure.input, width // 2)
        yield f"  {place} ({failure.reason}): {shortened(failure.message, width)}"
    more = len(outcome.failures) - MOST_FAILED
    if more > 0:
        yield f"  and {more:,} more"


def source_parts(outcome: Outcome, width: int) -> Iterable[str]:
    """How the sources are that were looked at, and which of them are in trouble."""
    if not outcome.sources:
        return
    figures = {
        name: sum(getattr(one, name) for one in outcome.sources)
        for name in ("new", "changed", "known", "failed", "postponed")
    }
    told = ", ".join(f"{number:,} {name}" for name, number in figures.items() if number)
    yield f"Sources   {counted(len(outcome.sources), 'source')}: {told or 'nothing listed'}"
    broken = [one for one in outcome.sources if one.why]
    for one in broken[:MOST_FAILED]:
        yield f"  {shortened(f'{one.source}: {one.why}', width - 2)}"
    if len(broken) > MOST_FAILED:
        yield f"  and {len(broken) - MOST_FAILED:,} more in trouble"


def check_parts(outcome: Outcome) -> Iterable[str]:
    """How the integrity checks went."""
    if not outcome.checks:
        return
    broken = [found for found in outcome.checks if not found.passed]
    yield f"Checks    {len(outcome.checks) - len(broken)} of {len(outcome.checks)} passed"
    for found in broken:
        rows = counted(found.violations, "row")
        yield f"  {found.check.name} ({found.check.severity}): {rows}. {found.check.meaning}"


def next_commands(summary: LoadSummary, where: str) -> str:
    """What to type next."""
    lines = [f"onrecord sql{where} 'SELECT * FROM who_said_what'"]  # noqa: S608 - for the person to type
    if summary.speakers:
        last_name = plain(summary.speakers[0]["speaker"]).split()[-1].lower().replace("'", "''")
        asked = in_double_quotes(f"FROM quotes_by('{last_name}')")
        lines.append(f"onrecord sql{where} {asked}")
    if summary.stories:
        lines.append(f"onrecord story {summary.stories[0]['story_id'][:SHORT_ID]}{where}")
        lines.append(f"onrecord report{where}")
    return "\nNext      " + "\n          ".join(lines)


def in_double_quotes(statement: str) -> str:
    """A statement as a word to type; a name of an article could otherwise hold what a shell would run."""
    return shlex.quote(statement) if set(statement) & SHELL_MARKS else f'"{statement}"'


def published(row: dict[str, Any]) -> str:
    """The day, with a star where it was inferred."""
    if row["published_on"] is None:
        return "-"
    return f"{row['published_on']}{'*' if row['published_source'] == 'text' else ''}"


def table(
    header: tuple[str, ...], body: list[tuple[Any, ...]], widths: dict[str, int] | None = None
) -> Table:
    """A table without frame; numbers stand to the right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name, value in zip(header, body[0], strict=True):
        right = isinstance(value, int)
        most = (widths or {}).get(name)
        made.add_column(
            name, justify="right" if right else "left", overflow="ellipsis", no_wrap=True, max_width=most
        )
    for row in body:
        made.add_row(*("" if value is None else plain(str(value)) for value in row))
    return made
