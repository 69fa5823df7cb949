"""`onrecord reextract`: today's extraction over what was fetched before."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from flows.commands import options
from flows.commands.options import examples

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    epilog=examples(
        "onrecord reextract",
        "onrecord reextract --since 2026-03-01 --until 2026-03-31",
        "onrecord reextract --outlet 'The Gazette' --workers 2",
    )
)
@click.option("--since", metavar="DAY", type=DAY, help="Pages fetched on this day (UTC) or later.")
@click.option("--until", metavar="DAY", type=DAY, help="Pages fetched on this day (UTC) or earlier.")
@click.option("--outlet", metavar="NAME", help="Pages of one outlet: its name, or its host.")
@options.warehouse
@options.archive
@click.option("--workers", metavar="N", type=int, help="Processes that clean and annotate.  [default: 1]")
@options.runner
@options.staging
@options.sources
def reextract(since: datetime | None, until: datetime | None, outlet: str | None, **given: object) -> None:
    """Run today's extraction over the archive; what comes out otherwise than before is a new version.

    Nothing is deleted, and nothing changes where the extraction is the same as before. A run that was
    stopped is simply run again: it goes on where it was.
    """
    from flows.reextract_command import run_reextract
    from tasks.archive.chosen import Window
    from tasks.settings import settings

    window = Window(since.date() if since else None, until.date() if until else None, outlet)
    sys.exit(run_reextract(settings(given), window))
