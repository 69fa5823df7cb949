"""The flow that reads the archive again: the steps of the ingest, with pages of the archive as documents.

Prefect loads this file a second time under another name, so it holds no classes and no state.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.ending import ended
from flows.fetching import FromWeb
from flows.ingest import bring_in, check, finish, plan, prepare
from flows.opaque import opaque
from flows.outcome import Outcome, outcome_of
from flows.progress_in_ui import begin_in_ui
from flows.runs import note_failure
from tasks.archive.chosen import EVERYTHING, Window, chosen_pages
from tasks.elsewhere.crew import Crew
from tasks.elsewhere.runner import PROCESS
from tasks.errors import UsageError
from tasks.read.discover import Discovery
from tasks.settings import DEFAULT_ARCHIVE, DEFAULT_LOCK_WAIT, DEFAULT_WAREHOUSE
from tasks.sources import Sources, read_sources
from warehouse.connect import utc_now
from warehouse.files import WarehouseFiles
from warehouse.outlets import hosts_of


@task(name="choose", task_run_name="choose pages of {archive.name}", cache_policy=NO_CACHE)
def choose(files: WarehouseFiles, archive: Path, window: Window) -> Discovery:
    """The pages of the archive that are to be read again."""
    hosts = hosts_of(files.published, window.outlet) if window.outlet else None
    if hosts == frozenset():
        raise UsageError(
            f"No article of an outlet called {window.outlet!r} is loaded; name its host instead."
        )
    return Discovery(tuple(chosen_pages(archive, window, hosts)), ())


@flow(name="reextract", flow_run_name="reextract {archive.name}", validate_parameters=True)
def reextract(  # noqa: PLR0913, PLR0917 (what the UI offers to set)
    archive: Path = Path(DEFAULT_ARCHIVE),
    window: Window = EVERYTHING,
    warehouse: Path = Path(DEFAULT_WAREHOUSE),
    workers: int = 1,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    sources: Path | None = None,
    runner: str = PROCESS,
    staging: str | None = None,
) -> State[Outcome]:
    """Run today's extraction over the archive; what comes out otherwise than before is a new version.

    Args:
        archive: The folder of the archive.
        window: The days (UTC) on which the pages were fetched, and the name or host of one outlet.
        warehouse: The published warehouse file.
        workers: Processes that clean and annotate.
        lock_wait: Seconds to wait for another run that is loading.
        sources: A TOML file with what was ordered for single outlets; None where nothing was.
        runner: Where articles are extracted: process, dask:ADDRESS or ray:ADDRESS.
        staging: A place that all machines of a cluster reach, such as s3://bucket/folder.

    """
    files, began = WarehouseFiles(warehouse), utc_now()
    begin_in_ui()
    run_id = prepare(files, [str(archive)], began, lock_wait, "reextract")
    try:
        ordered = read_sources(sources) if sources else Sources()
        batches = plan(files, run_id, opaque(choose(files, archive.resolve(), window)), FromWeb())
        staged, loaded = bring_in(files, batches, ordered, Crew(workers, runner, staging), lock_wait, began)
        checks = check(files, run_id, began, lock_wait)
        outcome = outcome_of(run_id, files.published, (began, utc_now()), staged, loaded, checks)
    except BaseException as error:
        note_failure(files, run_id, error, began, lock_wait)
        raise
    finish(files, run_id, outcome, FromWeb(), lock_wait)
    return ended(outcome, began)
