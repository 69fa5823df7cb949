"""`onrecord serve`: everything that runs by itself, in one command."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord serve",
        "onrecord serve --sources my-sources.toml --port 4300",
        "onrecord serve --host 0.0.0.0      the UI for the whole net; read docs/operations.md first",
    )
)
@options.source_list
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(1, 65535),
    help="Where the Prefect server listens.  [default: 4200, or where PREFECT_API_URL says]",
)
@click.option(
    "--host", metavar="NAME", help="The interface the server listens on.  [default: 127.0.0.1, this machine]"
)
@options.warehouse
@options.archive
@click.option("--workers", metavar="N", type=int, help="Processes that clean and annotate.  [default: 1]")
@options.runner
@options.staging
@options.tagger
@options.aliases
def serve(port: int | None, host: str | None, **given: Path | int | str | None) -> None:
    """Follow the sources by schedule, look after the warehouse, and show it all in Prefect's UI.

    It starts a Prefect server where none answers, makes the deployments known with their schedules, and runs
    what is due: the sources of the list, each by its own interval; corrections; the page of the latest
    stories; checks and clean-up at night. It prints the address of the UI and what will run when. What was
    missed while it was off is made up for in one run.

    Ctrl-C (or SIGTERM) ends it: runs that are under way are stopped and say so, nothing is half-loaded, and
    the next start goes on from there.
    """
    from flows.serve_command import run_serve
    from tasks.settings import settings

    sys.exit(run_serve(settings(given), host, port))
