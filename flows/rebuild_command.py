"""`onrecord doctor --rebuild`: the warehouse made anew, from its own files or from the archive."""

from __future__ import annotations

import click

from flows.reextract_command import run_reextract
from flows.runs import cpu_seconds, note_failure, started
from tasks.archive.chosen import EVERYTHING
from tasks.archive.repair import archive_files
from tasks.link.story_step import link_stories
from tasks.settings import Settings
from warehouse.checks import CheckResult, run_checks
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.publish import PublishedSnapshot, publish
from warehouse.rebuild import RebuildSource, Waited, begin_rebuild, end_rebuild, load_waiting
from warehouse.runs import RunEnd, finish_run
from warehouse.search_index import index_versions

FROM = {
    "build": "Going on from the build, which is sound.",
    "published": "Going on from the published file, which is sound.",
    "archive": "Neither the build nor the published file can be used: beginning anew.",
}


def run_rebuild(chosen: Settings) -> int:
    """Rebuild, and say what came of it; 0, or 1 where a quality check fails."""
    files = WarehouseFiles(chosen.warehouse)
    source = begin_rebuild(
        files, wait_seconds=chosen.lock_wait, has_archive=lambda: bool(archive_files(chosen.archive))
    )
    click.echo(FROM[source])
    snapshot, checks = settle(files, source, chosen.lock_wait)
    code = 1 if any(check.failed for check in checks) else 0
    if source == "archive" and archive_files(chosen.archive):
        code = run_reextract(chosen, EVERYTHING)
    end_rebuild(files)
    if source == "archive":
        told_of_the_rest(chosen)
    else:
        click.echo(
            f"Published {files.published}: {snapshot.articles:,} articles in {snapshot.batches:,} batches."
        )
    return code


def settle(
    files: WarehouseFiles, source: RebuildSource, lock_wait: float
) -> tuple[PublishedSnapshot, list[CheckResult]]:
    """Load what waited, link, check and publish."""
    began = utc_now()
    with loading(files, wait_seconds=lock_wait) as con:
        run_id = started(con, "doctor --rebuild", [source], began)
        waited = load_waiting(con, files, began)
    try:
        with loading(files, wait_seconds=lock_wait) as con:
            index_versions(con)
            link_stories(con, began)
            checks = run_checks(con, run_id, utc_now())
            now = utc_now()
            message = told_of(waited)
            end = RunEnd("Completed", message, now, {}, cpu_seconds(), {}, (now - began).total_seconds())
            finish_run(con, run_id, end)
            snapshot = publish(con, files, now)
    except BaseException as error:
        note_failure(files, run_id, error, began, lock_wait)
        raise
    click.echo(message)
    for _, why in waited.refused:
        click.echo(f"  not loaded: {why}", err=True)
    return snapshot, checks


def told_of(waited: Waited) -> str:
    """What came of the batches that waited."""
    if not waited.loaded and not waited.refused:
        return "No staged batch waited."
    rows = sum(counts.total for counts in waited.loaded)
    more = f"; {len(waited.refused)} could not be loaded and stay" if waited.refused else ""
    return f"Loaded {len(waited.loaded)} staged batches that waited, {rows:,} rows{more}."


def told_of_the_rest(chosen: Settings) -> None:
    """What an archive cannot give back."""
    work = WarehouseFiles(chosen.warehouse).work
    click.echo(
        f"\nMade anew from {chosen.archive} and what was staged. Articles that came from files of your own\n"
        f"are in neither: ingest those again. What was damaged is in {work}/."
    )
