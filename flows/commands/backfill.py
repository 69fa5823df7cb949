"""`onrecord backfill`: a window of dates, day by day."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from flows.commands import options
from flows.commands.options import examples

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    epilog=examples(
        "onrecord backfill --since 2026-03-01 --until 2026-03-31",
        "onrecord backfill --since 2016-08-26 --until 2016-08-31 cc-news/",
        "onrecord backfill --since 2026-01-01 --until 2026-01-31 seeds/sources.toml",
        "onrecord backfill --since 2026-01-01 --until 2026-01-31 https://ledger.example/sitemap.xml",
    )
)
@click.argument("inputs", metavar="[INPUT...]", nargs=-1)
@click.option("--since", metavar="DAY", type=DAY, required=True, help="The first day (UTC).")
@click.option("--until", metavar="DAY", type=DAY, required=True, help="The last day (UTC).")
@click.option("--again", is_flag=True, help="Do the days again that today's extraction has done.")
@options.warehouse
@options.archive
@click.option("--workers", metavar="N", type=int, help="Processes that clean and annotate.  [default: 1]")
@options.runner
@options.staging
@options.sources
@options.tagger
@options.aliases
def backfill(
    inputs: tuple[str, ...],
    since: datetime,
    until: datetime,
    again: bool,  # noqa: FBT001 (a flag of the command line)
    **given: object,
) -> None:
    """Load a window of dates again, day by day; a backfill that was stopped goes on where it was.

    Without INPUT, what was fetched is read again from the archive, by the day it was fetched. INPUT are web
    archives (.warc, .warc.gz) or folders of them, taken by the day their pages were captured; or source lists
    (.toml) and addresses of sitemaps, whose articles of these days are fetched now, those that are known left
    alone.

    Which days are done is kept in the table backfill_days. The same command again, also with another window,
    does only what is left; a newer extraction does all of it.
    """
    from flows.backfill_command import run_backfill
    from tasks.settings import settings

    sys.exit(run_backfill(settings(given), since.date(), until.date(), inputs, again=again))
