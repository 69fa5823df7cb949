"""The flow that loads a window of dates again, a day at a time; a day that is done is not done twice.

Each day is a flow run below it, with a row in `runs`; `backfill_days` says which are done.
Prefect loads this file by its module's name, so it holds no classes and no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.assets import WAREHOUSE, published_tables, tell_rows
from flows.backfill_fetching import fetch_candidates, look_back
from flows.backfill_work import Work, current_work, working
from flows.ending import ended
from flows.fetching import FromWeb, enter, forget_journals
from flows.ingest import bring_in, check, plan, prepare
from flows.markdown import escaped, table
from flows.opaque import opaque
from flows.outcome import Outcome, outcome_of
from flows.progress import current_progress
from flows.progress_in_ui import begin_in_ui
from flows.runs import finished, note_failure
from flows.serving.alone import end_with_runner
from tasks.annotate.entities.own_aliases import NO_ALIASES, read_aliases
from tasks.annotate.naming import Naming
from tasks.backfill.days import EMPTY, Backfill, DayEnd, Origin, backfill_of, in_words
from tasks.backfill.found import NOTHING, ByDay, OfDays, of_archive, of_web_archives
from tasks.elsewhere.crew import Crew
from tasks.elsewhere.runner import PROCESS
from tasks.errors import OnrecordError
from tasks.fetch.plan import Errand, errand_of
from tasks.fetch.web import FetchSettings
from tasks.read.discover import Discovery
from tasks.settings import DEFAULT_LOCK_WAIT, DEFAULT_TAGGER, DEFAULT_WAREHOUSE
from tasks.sources import Sources, read_sources
from tasks.titles import forget
from warehouse.backfills import done_days, enter_day
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.lock import held
from warehouse.publish import publish

MOST_BROKEN = 3  # days in a row, after which the trouble is not theirs (a full disk, say)
DEFAULT_FETCHING = FetchSettings()
NOTHING_FETCHED = FromWeb()


@task(name="days", task_run_name="see which days are done", cache_policy=NO_CACHE)
def days_to_do(work: Work) -> list[date]:
    """The days that this extraction has not done."""
    with loading(work.files, wait_seconds=work.lock_wait) as con:
        done = done_days(con, work.backfill.identity, work.extractor)
    return [day for day in work.backfill.days if day not in done]


@materialize(WAREHOUSE, name="publish", task_run_name="publish {files.published.name}", cache_policy=NO_CACHE)
def publish_day(files: WarehouseFiles, run_id: UUID, outcome: Outcome, from_web: FromWeb, day: date) -> None:
    """Note how the day ended and that it is done, in one go, and swap the published file."""
    work = current_work()
    with loading(files, wait_seconds=work.lock_wait) as con:
        enter(con, from_web)
        con.execute("BEGIN")
        finished(con, run_id, outcome)
        if row := work.row(end_of(day, outcome), run_id, utc_now()):
            enter_day(con, row)
        con.execute("COMMIT")
        publish(con, files, utc_now())
    tell_rows(outcome)
    forget_journals(from_web)
    forget(files, run_id)


def end_of(day: date, outcome: Outcome) -> DayEnd:
    """How a day ended."""
    versions = outcome.loaded.tables.get("article_versions", 0)
    return DayEnd(day, outcome.state, outcome.documents, versions, len(outcome.failures))


@flow(name="backfill day", flow_run_name="backfill {day}")
def backfill_day(day: date) -> State[Outcome]:
    """Load what there is of one day.

    Args:
        day: The day, in UTC.

    """
    work, began = current_work(), utc_now()
    files, lock_wait = work.files, work.lock_wait
    found = work.found(day)
    begin_in_ui()
    run_id = prepare(files, [*work.backfill.inputs, str(day)], began, lock_wait, "backfill")
    try:
        from_web = fetch_candidates(work, found.candidates, run_id) if found.candidates else NOTHING_FETCHED
        batches = plan(files, run_id, opaque(Discovery(found.refs, found.failures)), opaque(from_web))
        batches = [replace(batch, naming=work.naming) for batch in batches]
        staged, loaded = bring_in(files, batches, work.ordered, work.crew, lock_wait, began)
        checks = check(files, run_id, began, lock_wait)
        outcome = outcome_of(run_id, files.published, (began, utc_now()), staged, loaded, checks)
        outcome = outcome.with_web((), from_web.known, from_web.postponed, from_web.cpu_seconds)
        publishing = publish_day.with_options(assets=published_tables(outcome))
        publishing(files, run_id, opaque(outcome), opaque(from_web), day)
    except BaseException as error:
        note_failure(files, run_id, error, began, lock_wait)
        raise
    return ended(outcome, began)


@flow(name="backfill", flow_run_name="backfill {since} to {until}", validate_parameters=True)
def backfill(  # noqa: PLR0913, PLR0917 (what the UI offers to set)
    since: date,
    until: date,
    origin: Origin = "archive",
    inputs: list[str] | None = None,
    again: bool = False,  # noqa: FBT001, FBT002 (a box to tick in the UI)
    warehouse: Path = Path(DEFAULT_WAREHOUSE),
    workers: int = 1,
    lock_wait: float = DEFAULT_LOCK_WAIT,
    sources: Path | None = None,
    fetching: FetchSettings = DEFAULT_FETCHING,
    tagger: str = DEFAULT_TAGGER,
    aliases: Path | None = None,
    runner: str = PROCESS,
    staging: str | None = None,
) -> State[list[DayEnd]]:
    """Load a window of dates again, day by day. One that was stopped goes on behind the days that are done.

    Args:
        since: The first day, in UTC.
        until: The last day, in UTC.
        origin: Where documents come from. archive: pages that were fetched, by the day of that. web archives:
            WARC files of any maker, by the day they were captured. sitemaps: fetched from the sites now, by
            the day they are dated.
        inputs: For web archives, the files or folders. For sitemaps, source lists and addresses of sitemaps.
        again: Do the days again that this extraction has done.
        warehouse: The published warehouse file.
        workers: Processes that clean and annotate.
        lock_wait: Seconds to wait for another run that is loading, or for another backfill.
        sources: A TOML file with what was ordered for single outlets; None where nothing was.
        fetching: Where what is fetched is kept, whom the guard lets through, how politely to ask.
        tagger: What finds the names: crf, rules, spacy:MODEL or gliner:MODEL.
        aliases: A TOML or CSV file of names that mean the same; None where there is no such file.
        runner: Where articles are extracted: process, dask:ADDRESS or ray:ADDRESS.
        staging: A place that all machines of a cluster reach, such as s3://bucket/folder.

    """
    end_with_runner()
    files = WarehouseFiles(warehouse)
    todo = backfill_of(since, until, origin, inputs or [], fetching.archive, utc_now().date())
    naming = Naming(tagger, read_aliases(aliases) if aliases else NO_ALIASES)
    ordered = read_sources(sources) if sources else Sources()
    crew = Crew(workers, runner, staging)
    work = Work(todo, files, ByDay(), Errand(), ordered, naming, fetching, crew, lock_wait)
    with one_at_a_time(files, lock_wait):
        days = [*todo.days] if again else days_to_do(opaque(work))
        if not days:
            return Completed(name="NothingDue", message=in_words([], len([*todo.days])), data=[])
        work = documents_of(todo, days, work)
        with working(work):
            ends = do_days(work, days)
    return all_ended(ends, len([*todo.days]) - len(days), work.found)


@contextmanager
def one_at_a_time(files: WarehouseFiles, lock_wait: float) -> Iterator[None]:
    """Hold the lock of backfills. Raises OnrecordError where another one holds it for too long."""

    def refused(pid: int | None, host: str | None) -> Exception:
        who = f"process {pid} on {host}" if pid else "another process"
        return OnrecordError(f"Another backfill of {files.published} is under way ({who}).")

    files.work.mkdir(parents=True, exist_ok=True)
    with held(files.work / "backfill.lock", lock_wait, refused):
        yield


def documents_of(todo: Backfill, days: Sequence[date], work: Work) -> Work:
    """The work with the documents of its days; what cannot be used at all goes with the first of them."""
    if todo.origin == "archive":
        return replace(work, found=of_archive(work.fetching.archive.resolve()))
    if todo.origin == "web archives":
        found = find_captures(todo.inputs)
        errand, ordered = work.errand, work.ordered
    else:
        errand, _, ordered = errand_of(todo.inputs, work.ordered)
        found = look_back(errand, days, opaque(work), uuid4())
        found = replace(found, failures=(*errand.failures, *found.failures))
    if found.failures:
        first = replace(found(days[0]), failures=found.failures)
        found = replace(found, days={**found.days, days[0]: first})
    return replace(work, found=found, errand=errand, ordered=ordered)


@task(name="discover", task_run_name="find captures", cache_policy=NO_CACHE)
def find_captures(inputs: Sequence[str]) -> ByDay:
    """The pages of web archives, by day."""
    return of_web_archives(inputs)


def do_days(work: Work, days: Sequence[date]) -> list[DayEnd]:
    """Do one day after the other; one that breaks costs itself, several in a row the rest."""
    shown = current_progress()
    ends: list[DayEnd] = []
    empty = [day for day in days if work.found(day) == NOTHING]
    note_empty(opaque(work), empty)
    for day in (day for day in days if day not in empty):
        shown.say(f"{day}:")
        state = cast("Callable[..., State[object]]", backfill_day)(day, return_state=True)
        result = state.result(raise_on_failure=False)
        if isinstance(result, Outcome):
            ends.append(end_of(day, result))
            continue
        ends.append(DayEnd(day, "Failed", error=" ".join(str(result).split()) or repr(result)))
        if all(end.error for end in ends[-MOST_BROKEN:]) and len(ends) >= MOST_BROKEN:
            break
    return [*(DayEnd(day, EMPTY) for day in empty), *ends]


@task(name="empty days", task_run_name="note days of which there is nothing", cache_policy=NO_CACHE)
def note_empty(work: Work, days: Sequence[date]) -> None:
    """Enter the days of which there is nothing."""
    now = utc_now()
    rows = [row for day in days if (row := work.row(DayEnd(day, EMPTY), None, now))]
    with loading(work.files, wait_seconds=work.lock_wait) as con:
        for row in rows:
            enter_day(con, row)


def all_ended(ends: Sequence[DayEnd], before: int, found: OfDays) -> State[list[DayEnd]]:
    """The end of the whole: a report, and a state that says what is left to do."""
    said = in_words(ends, before)
    if isinstance(found, ByDay) and found.undated:
        said += f"; left out, of no day: {found.undated:,}"
    rows = [(end.day, end.state, end.documents, end.versions, end.failed, end.error) for end in ends]
    header = ["Day", "State", "Documents", "Articles loaded", "Failed", "Why"]
    markdown = f"# {escaped(said)}\n\n{table('Days', header, rows)}"
    create_markdown_artifact(key="backfill", markdown=markdown, description=said)
    if any(end.error for end in ends):
        return Failed(message=said, data=list(ends))
    states = {end.state for end in ends}
    if "QualityFailed" in states:
        return Failed(name="QualityFailed", message=said, data=list(ends))
    name = "CompletedWithErrors" if "CompletedWithErrors" in states else "Completed"
    return Completed(name=name, message=said, data=list(ends))
