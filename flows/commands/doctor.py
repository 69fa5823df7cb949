"""`onrecord doctor`: what is wrong, and what mends it."""

from __future__ import annotations

import sys

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord doctor",
        "onrecord doctor --json | jq '.findings[] | select(.level == \"trouble\")'",
        "onrecord doctor --rebuild",
    )
)
@click.option("--rebuild", is_flag=True, help="Make the warehouse anew from the soundest that is left.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@options.warehouse
@options.archive
@click.option("--workers", metavar="N", type=int, help="Processes that rebuild.  [default: 1]")
@options.runner
@options.staging
@options.sources
def doctor(rebuild: bool, as_json: bool, **given: object) -> None:  # noqa: FBT001 - flags
    """Look for the usual troubles, and say which command mends each.

    It looks at the installed packages, the Prefect server, the disk, the clock, every block of the
    warehouse, what waits to be loaded, the quality checks, the feeds that are followed (from what the
    warehouse knows; nothing is fetched), the archive, and the cluster that extracts (--runner), where one is
    chosen. It changes nothing. The exit code is 1 where
    something must be mended.

    --rebuild goes on from the build or the published file, whichever is sound; where neither is, the archive
    is read again. Staged batches that wait are loaded as well. Damaged files are set aside, none is deleted.
    """
    from tasks.settings import settings

    chosen = settings(given)
    if rebuild:
        from flows.rebuild_command import run_rebuild

        sys.exit(run_rebuild(chosen))
    from flows.doctor_command import run_doctor

    sys.exit(run_doctor(chosen, as_json=as_json))
