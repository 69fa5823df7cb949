"""What a run leaves in the Prefect UI. Text from articles is escaped: it can never become markup."""

from __future__ import annotations

import html
import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flows.outcome import Outcome, counted
from flows.terminal import plain, shortened
from tasks.fetch.health import SourceHealth
from warehouse.summary import LoadSummary

HEALTH_KEY = "source-health"
REPORT_KEY = "run-report"  # fixed, so that Prefect keeps the history of reports under one name
CELL_WIDTH = 80  # characters of a cell; the table `failures` has the whole
MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|~:@$^="})


def write_run_report(outcome: Outcome, summary: LoadSummary) -> None:
    """Attach the report to the flow run."""
    from prefect.artifacts import create_markdown_artifact

    create_markdown_artifact(
        key=REPORT_KEY, markdown=run_report(outcome, summary), description=outcome.message
    )


def write_source_health(sources: Sequence[SourceHealth]) -> None:
    """Attach the state of every source to the flow run."""
    from prefect.artifacts import create_markdown_artifact

    broken = sum(one.why is not None for one in sources)
    told = f"{counted(len(sources), 'source')}, {broken} in trouble"
    create_markdown_artifact(key=HEALTH_KEY, markdown=health_report(sources), description=told)


def health_report(sources: Sequence[SourceHealth]) -> str:
    """The sources as a Markdown table, the ones in trouble first; moments are UTC."""
    header = ["Source", "Last success", "New", "Changed", "Known", "Failed", "Postponed", "Why", "Next poll"]
    body = [
        (
            *(one.source, moment(one.last_success), one.new, one.changed, one.known),
            *(one.failed, one.postponed, one.why, moment(one.next_poll)),
        )
        for one in sources
    ]
    return table("Sources", header, body)


def moment(value: datetime | None) -> str:
    """A moment to the minute."""
    return f"{value:%Y-%m-%d %H:%M}" if value else "never"


def run_report(outcome: Outcome, summary: LoadSummary) -> str:
    """The report as Markdown: what was loaded, who was quoted, what was dropped and what failed, the time."""
    parts = [
        f"# {escaped(outcome.message)}",
        looked_at(outcome),
        page_of(outcome),
        found_in(summary),
        table("Articles", ["Outlet", "Published", "Quotes", "Title"], rows(summary.articles, ARTICLES)),
        table("Who said what", ["Speaker", "Role", "Quotes", "Direct"], rows(summary.speakers, SPEAKERS)),
        table("Most named", ["Name", "Kind", "Mentions", "Articles"], rows(summary.entities, ENTITIES)),
        table("Dropped", ["Outlet", "Rule", "Score", "Text"], rows(summary.dropped, DROPPED)),
        table(
            "Failed",
            ["Input", "Stage", "Reason", "What happened"],
            [(failed.input, failed.stage, failed.reason, failed.message) for failed in outcome.failures],
        ),
        table(
            "Checks",
            ["Check", "Severity", "Violations"],
            [
                (one.check.name, one.check.severity, one.violations)
                for one in outcome.checks
                if not one.passed
            ],
        ),
        table(
            "CPU time by stage",
            ["Stage", "Seconds"],
            [(stage, f"{seconds:.2f}") for stage, seconds in outcome.cpu_seconds.items()],
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def looked_at(outcome: Outcome) -> str:
    """How much the run had to do, and where it went."""
    documents = counted(outcome.documents, "document")
    seconds = f"{outcome.wall_seconds:.1f} s"
    known = f"{outcome.known:,} of them known before"
    return f"{documents} looked at, {known}, in {seconds}. Warehouse: {escaped(str(outcome.warehouse))}"


def page_of(outcome: Outcome) -> str:
    """The command that makes a page of what was loaded; a page of the UI cannot link to a file."""
    command = plain(f"onrecord report --warehouse {shlex.quote(str(outcome.warehouse))}")
    return f"A page to look at: {html.escape(command.translate(MARKDOWN), quote=False)}"


def found_in(summary: LoadSummary) -> str:
    """How many quotes and names there are."""
    totals = summary.totals
    quotes = counted(totals["quotes"], "quote")
    nobody = f"{totals['quotes_without_speaker']:,} of them without a named speaker"
    return f"{quotes}, {nobody}; {totals['names']:,} names of {totals['entities']:,} entities."


ARTICLES = ("outlet", "published_on", "quotes", "title")
SPEAKERS = ("speaker", "role", "quotes", "direct")
ENTITIES = ("name", "label", "mentions", "articles")
DROPPED = ("outlet", "rule", "score", "text")


def rows(answer: Iterable[dict[str, Any]], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The named columns of an answer's rows."""
    return [tuple(row[column] for column in columns) for row in answer]


def table(title: str, header: Sequence[str], body: Sequence[Sequence[Any]]) -> str:
    """A Markdown table under a heading; nothing where it would have no row."""
    if not body:
        return ""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in body]
    return f"## {title}\n\n" + "\n".join(lines)


def escaped(value: Any) -> str:
    """A value as plain words in Markdown and in the HTML it becomes."""
    if value is None:
        return ""
    text = shortened(plain(str(value)), CELL_WIDTH)
    return html.escape(text.translate(MARKDOWN), quote=False)
