"""What a run leaves in the Prefect UI. Keys are fixed, so that Prefect keeps the history under one name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger

from flows.outcome import Outcome, counted, told_of_checks
from flows.run_report import check_rows, health_report, run_report, sample_quotes
from flows.server_errors import SERVER_ERRORS
from warehouse.summary import LoadSummary

REPORT_KEY = "run-report"
QUOTES_KEY = "quotes-sample"
CHECKS_KEY = "quality-checks"
HEALTH_KEY = "source-health"
PAGE_KEY = "report-page"


def leave_artifacts(outcome: Outcome, summary: LoadSummary, pages: str | None = None) -> None:
    """Attach to the flow run all there is to tell; `pages` is where pages of the warehouse are served."""
    with told_all_the_same():
        create_markdown_artifact(run_report(outcome, summary, pages), REPORT_KEY, outcome.message)
        if summary.said:
            create_markdown_artifact(sample_quotes(summary, pages), QUOTES_KEY, told_of_quotes(summary))
        if outcome.sources:
            create_markdown_artifact(health_report(outcome.sources), HEALTH_KEY, told_of_sources(outcome))
        if outcome.checks:
            create_table_artifact(check_rows(outcome), CHECKS_KEY, told_of_checks(outcome.checks))
        if pages:
            leave_link(pages)


def leave_link(pages: str) -> None:
    """Attach a link to the pages of the warehouse."""
    with told_all_the_same():
        create_link_artifact(pages, "The latest stories, side by side", PAGE_KEY, "The report as a page")


def told_of_quotes(summary: LoadSummary) -> str:
    """How many of the quotes are shown."""
    return f"{len(summary.said)} of {counted(summary.totals['quotes'], 'quote')}: who said what, and where"


def told_of_sources(outcome: Outcome) -> str:
    """How many sources there are, and how many of them are in trouble."""
    broken = sum(one.why is not None for one in outcome.sources)
    return f"{counted(len(outcome.sources), 'source')}, {broken} in trouble"


@contextmanager
def told_all_the_same() -> Iterator[None]:
    """Go on where the server does not take what is told of a run: what it loaded is published already."""
    try:
        yield
    except SERVER_ERRORS as error:
        get_run_logger().warning("The Prefect server did not take all that was told of this run: %s", error)
