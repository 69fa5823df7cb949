"""The main flow: read → clean → annotate → stage → load → link → check → publish, one task for each step.

Order, retries, names and what the Prefect UI shows; the work is in `tasks` and `warehouse`. Prefect loads
this file a second time under another name, so it holds no classes and no state.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from prefect import flow, task
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.logging import get_run_logger
from prefect.states import Completed

from flows.assets import WAREHOUSE, published_tables, tell_rows
from flows.due import nothing_due
from flows.ending import ended
from flows.fetching import FromWeb, enter, forget_journals, go_to_the_web
from flows.opaque import opaque
from flows.outcome import Loaded, Outcome, outcome_of, told_of_batches
from flows.progress import current_progress
from flows.progress_in_ui import begin_in_ui
from flows.retried import is_gone, kept_for_retry
from flows.runs import finished, ingest_run_name, note_failure, started
from tasks.annotate.entities.own_aliases import NO_ALIASES, read_aliases
from tasks.annotate.naming import Naming
from tasks.batch import Batch, StagedBatch, plan_batches
from tasks.elsewhere.crew import Crew, Stage, at_work
from tasks.elsewhere.runner import PROCESS
from tasks.fetch.plan import errand_of
from tasks.fetch.web import FetchSettings
from tasks.link.story_step import link_stories
from tasks.read.discover import Discovery, discover
from tasks.settings import DEFAULT_LOCK_WAIT, DEFAULT_TAGGER, DEFAULT_WAREHOUSE
from tasks.site_memory import given_pages, known_pages, remember_lines
from tasks.sources import Sources, read_sources
from tasks.titles import forget, given_titles, remember, run_folder
from warehouse.checks import CheckResult, run_checks
from warehouse.checks.due import unchecked_since
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.load import load_batches, sweep
from warehouse.publish import publish
from warehouse.search_index import index_versions
from warehouse.site_lines import site_texts
from warehouse.titles import titles_of

# A batch that fails as a whole (a killed worker, no memory for a moment) is worth a second attempt.
STAGE_RETRIES = 2
STAGE_RETRY_SECONDS = 2.0
MOST_BROKEN = 3  # batches, after which the trouble is not theirs (a full disk, a dead pool of workers)
DEFAULT_FETCHING = FetchSettings()


@task(name="prepare", task_run_name="prepare {files.published.name}", cache_policy=NO_CACHE)
def prepare(
    files: WarehouseFiles, inputs: Sequence[str], began: datetime, lock_wait: float, command: str = "ingest"
) -> UUID:
    """Open the warehouse, verify it, clear what a killed run left behind, and note that a run began.

    What the warehouse knows now, titles and lines that sites repeat, is what all articles of the run are
    cut by.
    """
    with loading(files, wait_seconds=lock_wait) as con:
        sweep(con, files)
        run_id = started(con, command, inputs, began)
        remember(run_folder(files, run_id), "warehouse", titles_of(con))
        remember_lines(run_folder(files, run_id), "warehouse", known_pages(site_texts(con)))
        return run_id


@task(name="discover", task_run_name="discover documents", cache_policy=NO_CACHE)
def find_documents(inputs: Sequence[str]) -> Discovery:
    """Find the documents of all inputs."""
    return discover(inputs)


@task(name="plan", task_run_name="plan batches", cache_policy=NO_CACHE)
def plan(files: WarehouseFiles, run_id: UUID, found: Discovery, from_web: FromWeb) -> list[Batch]:
    """Cut the documents into batches; collect the titles and repeated lines that the input itself gives."""
    folder = run_folder(files, run_id)
    titles = folder / "warehouse.titles", remember(folder, "input", given_titles(found.refs))
    lines = folder / "warehouse.lines", remember_lines(folder, "input", given_pages(found.refs))
    refs, failures = [*found.refs, *from_web.refs], [*found.failures, *from_web.failures]
    return plan_batches(refs, failures, titles, found.skipped, lines)


@task(
    name="stage",
    task_run_name="stage batch {number}",
    cache_policy=NO_CACHE,
    retries=STAGE_RETRIES,
    retry_delay_seconds=STAGE_RETRY_SECONDS,
)
def stage(number: int, batch: Batch, files: WarehouseFiles, sources: Sources, work: Stage) -> StagedBatch:
    """Read, clean, annotate and stage one batch."""
    del number  # it names the task run
    return work(batch, files, sources)


@task(name="load", task_run_name="load {files.published.name}", cache_policy=NO_CACHE)
def load(files: WarehouseFiles, staged: Sequence[StagedBatch], now: datetime, lock_wait: float) -> Loaded:
    """Load every staged batch that brings something, many in each transaction; index their words."""
    began = time.process_time()
    with loading(files, wait_seconds=lock_wait) as con:
        counts = []
        for together in load_batches(con, [batch.path for batch in staged if batch.path is not None], now):
            counts += together
            current_progress().advance(len(together))
        index_versions(con)
    return Loaded.of(counts, time.process_time() - began)


@task(name="link", task_run_name="link {files.published.name}", cache_policy=NO_CACHE)
def link(files: WarehouseFiles, loaded: Loaded, now: datetime, lock_wait: float) -> Loaded:
    """Put what was loaded into stories, with their copies and statements, in one transaction."""
    began = time.process_time()
    with loading(files, wait_seconds=lock_wait) as con:
        links = link_stories(con, now)
    current_progress().advance(loaded.tables.get("article_versions", 0))
    return loaded.with_links(links, time.process_time() - began)


@task(name="check", task_run_name="check {files.published.name}", cache_policy=NO_CACHE)
def check(files: WarehouseFiles, run_id: UUID, began: datetime, lock_wait: float) -> list[CheckResult]:
    """Run the integrity checks on what this run has loaded, and on what no check has seen yet."""
    with loading(files, wait_seconds=lock_wait) as con:
        since = unchecked_since(con, began)
        return run_checks(con, run_id, utc_now(), since=since) if since else []


@materialize(WAREHOUSE, name="publish", task_run_name="publish {files.published.name}", cache_policy=NO_CACHE)
def publish_run(
    files: WarehouseFiles, run_id: UUID, outcome: Outcome, from_web: FromWeb, lock_wait: float
) -> None:
    """Note what was fetched and how the run ended, and swap the published file."""
    with loading(files, wait_seconds=lock_wait) as con:
        enter(con, from_web)
        finished(con, run_id, outcome)
        publish(con, files, utc_now())
    tell_rows(outcome)
    forget_journals(from_web)
    forget(files, run_id)


def finish(
    files: WarehouseFiles, run_id: UUID, outcome: Outcome, from_web: FromWeb, lock_wait: float
) -> None:
    """Publish; the tables that got rows are what the task materializes."""
    publishing = publish_run.with_options(assets=published_tables(outcome))
    publishing(files, run_id, opaque(outcome), opaque(from_web), lock_wait)


@flow(name="ingest", flow_run_name=ingest_run_name, validate_parameters=True)
def ingest(  # noqa: PLR0913, PLR0917 (what the UI offers to set)
    inputs: list[str],
    warehouse: Path = Path(DEFAULT_WAREHOUSE),
    workers: int = 1,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    sources: Path | None = None,
    fetching: FetchSettings = DEFAULT_FETCHING,
    tagger: str = DEFAULT_TAGGER,
    aliases: Path | None = None,
    runner: str = PROCESS,
    staging: str | None = None,
) -> State[Outcome]:
    """Read or fetch articles, clean and annotate them, load them into the warehouse and publish it.

    Args:
        inputs: Files, folders of them, addresses, and source lists (.toml).
        warehouse: The published warehouse file.
        workers: Processes that clean and annotate.
        lock_wait: Seconds to wait for another run that is loading.
        sources: A TOML file with what was ordered for single outlets; None where nothing was.
        fetching: Where what is fetched is kept, whom the guard lets through, how politely to ask.
        tagger: What finds the names: crf, rules, spacy:MODEL or gliner:MODEL.
        aliases: A TOML or CSV file of names that mean the same; None where there is no such file.
        runner: Where articles are extracted: process, dask:ADDRESS or ray:ADDRESS.
        staging: A place that all machines of a cluster reach, such as s3://bucket/folder.

    """
    files = WarehouseFiles(warehouse)
    began = utc_now()
    if idle := nothing_due(files, inputs, fetching):
        return Completed(name="NothingDue", message=idle)
    begin_in_ui()
    run_id = prepare(files, inputs, began, lock_wait)
    try:
        naming = Naming(tagger, read_aliases(aliases) if aliases else NO_ALIASES)
        errand, places, ordered = errand_of(inputs, read_sources(sources) if sources else Sources())
        found = find_documents(places)
        from_web = go_to_the_web(errand, files, run_id, fetching, lock_wait)
        planned = plan(files, run_id, opaque(found), opaque(from_web))
        batches = [replace(batch, naming=naming) for batch in planned]
        crew = Crew(workers, runner, staging)
        staged, loaded = bring_in(files, batches, ordered, crew, lock_wait, began)
        checks = check(files, run_id, began, lock_wait)
        outcome = outcome_of(run_id, files.published, (began, utc_now()), staged, loaded, checks)
        outcome = outcome.with_web(from_web.health, from_web.known, from_web.postponed, from_web.cpu_seconds)
    except BaseException as error:
        note_failure(files, run_id, error, began, lock_wait)
        raise
    finish(files, run_id, outcome, from_web, lock_wait)
    return ended(outcome, began)


def bring_in(
    files: WarehouseFiles,
    batches: Sequence[Batch],
    sources: Sources,
    crew: Crew,
    lock_wait: float,
    began: datetime,
) -> tuple[list[StagedBatch], Loaded]:
    """All documents of the batches, staged, loaded and linked."""
    shown = current_progress()
    shown.stage("Reading, cleaning, annotating", sum(len(batch.refs) for batch in batches))
    staged = stage_all(batches, files, sources, crew)
    get_run_logger().info("%s", told_of_batches(staged))
    shown.stage("Loading, batches", sum(batch.path is not None for batch in staged))
    loaded = load(files, opaque(staged), began, lock_wait)
    shown.stage("Linking into stories, articles", loaded.tables.get("article_versions", 0))
    return staged, link(files, loaded, began, lock_wait)


def stage_all(
    batches: Sequence[Batch], files: WarehouseFiles, sources: Sources, crew: Crew
) -> list[StagedBatch]:
    """All batches staged, in their order, no more at once than the crew has hands."""
    shown = current_progress()
    staged: list[StagedBatch] = []
    broken: list[Exception] = []
    stage_one = kept_for_retry(stage)

    def take(batch: Batch, future: PrefectFuture[StagedBatch]) -> None:
        try:
            done = future.result()
            if is_gone(done):  # kept from the attempt that is retried, and loaded or removed since
                done = stage(batch.number, opaque(batch), files, opaque(sources), opaque(work))
        except Exception as error:
            broken.append(error)
            if len(broken) == MOST_BROKEN:
                raise
        else:
            staged.append(done)
            shown.advance(done.documents)

    with at_work(crew, files, batches, utc_now()) as (work, hands, shared):
        under_way: deque[tuple[Batch, PrefectFuture[StagedBatch]]] = deque()
        for batch in shared:
            if len(under_way) == hands:
                take(*under_way.popleft())
            given = opaque(batch), files, opaque(sources), opaque(work)
            under_way.append((batch, stage_one.submit(batch.number, *given)))
        for one in under_way:
            take(*one)
    if broken:
        raise broken[0]  # what is staged is not staged again by a retry
    return staged
