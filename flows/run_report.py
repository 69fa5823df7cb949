"""The report of a run, as the Prefect UI shows it: Markdown and rows of tables, made of plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.markdown import CELL_WIDTH, Link, Wide, escaped, items, linked, table, whole
from flows.next_command import warehouse_option
from flows.outcome import Outcome, counted
from flows.terminal import shortened
from tasks.fetch.health import SourceHealth
from warehouse.summary import LoadSummary

MOST_FAILED = 50  # failures that are listed; a report of thousands would be slow to open
TITLE_WIDTH = 60  # characters of a title: a table of the UI does not wrap
WIDE = 200  # characters of a sentence in a cell
SHORT_ID = 8  # characters of an id, enough to find a story by
QUOTE_WIDTH = 400  # characters of a sample quote: a long one is some 60 words

SPEAKERS = ("speaker", "role", "quotes", "direct")
ENTITIES = ("name", "label", "mentions", "articles")
# From the first look at a document to the last table, as the stages follow each other.
STAGE_NAMES = {
    "fetch": "Fetch",
    "read": "Read",
    "clean": "Clean",
    "extract": "Extract pages",
    "annotate": "Names and quotes",
    "stage": "Stage",
    "load": "Load",
    "link": "Link into stories",
}


def run_report(outcome: Outcome, summary: LoadSummary, pages: str | None = None) -> str:
    """The report: what was loaded, who was quoted, what was dropped and what failed, the time.

    `pages` is the address at which pages of the warehouse are served, where they are.
    """
    parts = [
        f"# {whole(outcome.message)}",
        looked_at(outcome),
        page_of(outcome.warehouse, pages),
        found_in(summary),
        articles(summary, pages),
        table("Who said what", ["Speaker", "Role", "Quotes", "Direct"], rows(summary.speakers, SPEAKERS)),
        stories(summary, pages),
        table("Most named", ["Name", "Kind", "Mentions", "Articles"], rows(summary.entities, ENTITIES)),
        dropped(summary),
        failed(outcome),
        broken_checks(outcome),
        times(outcome),
    ]
    return "\n\n".join(part for part in parts if part)


def looked_at(outcome: Outcome) -> str:
    """How much the run had to do, and where it went."""
    documents = counted(outcome.documents, "document")
    known = f"{outcome.known:,} of them known before"
    postponed = f"; {counted(outcome.postponed, 'page')} postponed" if outcome.postponed else ""
    skipped = sum(outcome.skipped.values())
    records = f"; {counted(skipped, 'record')} of web archives, no articles" if skipped else ""
    told = f"{documents} looked at, {known}{postponed}{records}, in {outcome.wall_seconds:.1f} s"
    return f"{told}. Warehouse: {whole(str(outcome.warehouse))}"


def page_of(warehouse: Path, pages: str | None) -> str:
    """Where a page of what was loaded is to be seen, or the command that makes one."""
    if pages:
        return linked(Link(pages, "The latest stories as a page"))
    return f"A page to look at: {whole(f'onrecord report{warehouse_option(warehouse)}')}"


def found_in(summary: LoadSummary) -> str:
    """How many quotes and names there are."""
    totals = summary.totals
    quotes = counted(totals["quotes"], "quote")
    nobody = f"{totals['quotes_without_speaker']:,} of them without a named speaker"
    return f"{quotes}, {nobody}; {totals['names']:,} names of {totals['entities']:,} entities."


def articles(summary: LoadSummary, pages: str | None) -> str:
    """What was loaded; links lead to where an article was published, and to its page."""
    header = ["Outlet", "Published", "Quotes", "Title", "Article", *(["Page"] if pages else [])]
    body = [
        (
            *(row["outlet"], row["published_on"], row["quotes"]),
            *(Wide(row["title"], TITLE_WIDTH), Link(row["url"])),
            *([Link(page(pages, "article", row["article_id"]), "quotes marked")] if pages else []),
        )
        for row in summary.articles
    ]
    loaded = summary.totals["articles"] + summary.totals["corrections"]
    return table("Articles", header, body, more=loaded - len(body))


def stories(summary: LoadSummary, pages: str | None) -> str:
    """The stories that several of the articles tell."""
    header = ["Id", "Articles", "Publishers", "Title", *(["Page"] if pages else [])]
    body = [
        (
            *(row["story_id"][:SHORT_ID], row["articles"], row["publishers"]),
            Wide(row["title"] or "(no title)", TITLE_WIDTH),
            *([Link(page(pages, "story", row["story_id"]), "side by side")] if pages else []),
        )
        for row in summary.stories
    ]
    more = summary.stories[0]["stories"] - len(body) if body else 0
    return table("Stories", header, body, more)


def page(pages: str | None, kind: str, identity: str) -> str | None:
    """The address of a page of one story or article, where pages are served."""
    return f"{pages.rstrip('/')}/{kind}/{identity}" if pages else None


def dropped(summary: LoadSummary) -> str:
    """What was cut from the articles, by which rule, the least certain first."""
    lines = [
        f"{escaped(row['outlet'])}, rule {escaped(row['rule'])}{scored(row['score'])}: "
        f"{escaped(Wide(row['text'], WIDE))}"
        for row in summary.dropped
    ]
    return items("Dropped", lines, summary.totals["cuts"] - len(lines))


def scored(score: float | None) -> str:
    """How sure the rule was."""
    return f" ({score:.2f})" if score is not None else ""


def failed(outcome: Outcome) -> str:
    """What could not be used: how many for which reason, and each with its sentence."""
    reasons = Counter((failure.stage, failure.reason) for failure in outcome.failures)
    summed = [(stage, reason, number) for (stage, reason), number in reasons.most_common()]
    lines = [
        f"{escaped(Wide(failure.input, WIDE))} ({escaped(failure.stage)}, {escaped(failure.reason)}): "
        f"{escaped(Wide(failure.message, WIDE))}"
        for failure in outcome.failures[:MOST_FAILED]
    ]
    single = items("Failed", lines, len(outcome.failures) - len(lines))
    counts = table("", ["Stage", "Reason", "Documents"], summed) if len(summed) > 1 else ""
    return "\n\n".join(part for part in (single, counts) if part)


def broken_checks(outcome: Outcome) -> str:
    """The checks that did not pass; all of them are the artifact of checks."""
    body = [
        (one.check.name, one.check.severity, one.violations, Wide(one.check.meaning, WIDE))
        for one in outcome.checks
        if not one.passed
    ]
    return table("Checks that did not pass", ["Check", "Severity", "Rows", "What it finds"], body)


def times(outcome: Outcome) -> str:
    """The CPU time of each stage, and what a document of it cost."""
    spent = {stage: seconds for stage, seconds in outcome.cpu_seconds.items() if seconds}
    worked_on = outcome.documents - outcome.known
    all_seconds = sum(spent.values())
    order = {stage: at for at, stage in enumerate(STAGE_NAMES)}
    body = [
        (
            STAGE_NAMES.get(stage, stage),
            f"{spent[stage]:.2f}",
            f"{100 * spent[stage] / all_seconds:.0f} %",
            f"{1000 * spent[stage] / worked_on:.1f}" if worked_on > 0 else None,
        )
        for stage in sorted(spent, key=lambda stage: order.get(stage, len(order)))
    ]
    return table("CPU time by stage", ["Stage", "Seconds", "Share", "Milliseconds a new document"], body)


def sample_quotes(summary: LoadSummary, pages: str | None = None) -> str:
    """Ten quotes of what was loaded: who said what, in which outlet, under which title, with a link."""
    return "\n\n".join(one_quote(row, pages) for row in summary.said)


def one_quote(row: dict[str, Any], pages: str | None) -> str:
    """A quote, and under it who said it and where it stands."""
    role = f", {escaped(row['role'])}" if row["role"] else ""
    speaker = f"**{escaped(row['speaker'] or '(nobody named)')}**{role}"
    link = linked(Link(row["url"])) or linked(Link(page(pages, "article", row["article_id"])))
    stands = f"{escaped(row['outlet'])}: {escaped(Wide(row['title'], WIDE))}"
    return f"> {escaped(Wide(row['quote'], QUOTE_WIDTH))}\n\n{speaker}. {stands} {link}".rstrip()


def check_rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Every check as a row of a table, those that did not pass first; plain words."""
    return [
        {
            "check": one.check.name,
            "result": "passed" if one.passed else ("FAILED" if one.failed else "warning"),
            "rows": one.violations,
            "severity": one.check.severity,
            "what it finds": one.check.meaning,
            "for example": plain_words("; ".join(one.sample)),
        }
        for one in sorted(outcome.checks, key=lambda one: (not one.failed, one.passed, one.check.name))
    ]


def plain_words(text: str) -> str:
    """Words of articles for a cell that is not Markdown."""
    return shortened(text, 2 * CELL_WIDTH)


def health_report(sources: Sequence[SourceHealth]) -> str:
    """The sources as a Markdown table, the ones in trouble first; moments are UTC."""
    header = ["Source", "Last success", "New", "Changed", "Known", "Failed", "Postponed", "Why", "Next poll"]
    body = [
        (
            *(one.source, moment(one.last_success), one.new, one.changed, one.known),
            *(one.failed, one.postponed, Wide(one.why, WIDE) if one.why else None, moment(one.next_poll)),
        )
        for one in sources
    ]
    return table("Sources", header, body)


def moment(value: datetime | None) -> str:
    """A moment to the minute."""
    return f"{value:%Y-%m-%d %H:%M}" if value else "never"


def rows(answer: Iterable[dict[str, Any]], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The named columns of an answer's rows."""
    return [tuple(row[column] for column in columns) for row in answer]
