"""The flow that keeps everything sound, once a night: checks, checkpoint, the archive, old runs of Prefect.

Prefect loads this file by its module's name, so it holds no state.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect import flow, get_client, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterEndTime, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun, State
from prefect.settings import get_current_settings
from prefect.states import Completed, Failed

from flows.markdown import escaped, table
from flows.outcome import counted
from flows.runs import cpu_seconds, note_failure, started
from flows.serving.alone import end_with_runner
from flows.serving.jobs import OURS
from tasks.archive.condition import archive_condition
from tasks.archive.repair import archive_files
from tasks.archive.writer import ArchiveError, open_archive
from tasks.doctor import stored
from tasks.doctor.finding import Finding
from tasks.settings import DEFAULT_ARCHIVE, DEFAULT_LOCK_WAIT, DEFAULT_WAREHOUSE
from warehouse.checks import CheckResult, run_checks
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.load import sweep
from warehouse.publish import publish
from warehouse.readonly import is_absent
from warehouse.runs import RunEnd, finish_run

KEPT_DAYS = 30  # of Prefect's own history; ours, the table runs, is kept for ever
PAGE = 200  # runs that Prefect's API lists at a time


@task(name="check everything", task_run_name="check {files.published.name}", cache_policy=NO_CACHE)
def check_everything(files: WarehouseFiles, run_id: UUID, lock_wait: float) -> list[CheckResult]:
    """All checks on all rows, not only on what is new; what nobody will load is removed."""
    with loading(files, wait_seconds=lock_wait) as con:
        sweep(con, files)
        return run_checks(con, run_id, utc_now())


@task(name="look at the archive", task_run_name="look at {archive.name}", cache_policy=NO_CACHE)
def look_at_archive(archive: Path) -> list[Finding]:
    """Bring the archive into order, and say in what condition it is."""
    if not archive.is_dir() or not archive_files(archive):
        return []
    try:
        with open_archive(archive.resolve()):
            pass  # opening cuts off what is torn and brings the index up to date
    except ArchiveError as error:
        if error.reason != "archive_locked":
            raise
    return list(stored.archive(archive_condition(archive)))


@task(name="forget old runs", task_run_name="forget runs older than {days} days", cache_policy=NO_CACHE)
def forget_old_runs(days: int) -> int:
    """Remove our runs that ended so long ago, and what is kept of their results; how many there were."""
    until = datetime.now(UTC) - timedelta(days=days)
    forgotten = 0
    with get_client(sync_client=True) as client:
        for run in ended_before(client, until):
            client.delete_flow_run(run.id)
            forgotten += 1
    forget_results(get_current_settings().results.local_storage_path, until.timestamp())
    return forgotten


def ended_before(client: SyncPrefectClient, moment: datetime) -> Iterator[FlowRun]:
    """Our runs that ended before a moment, page by page; whoever asks for the next removes them meanwhile."""
    ended = FlowRunFilter(
        end_time=FlowRunFilterEndTime.model_validate({"before_": moment}), tags=FlowRunFilterTags(all_=[OURS])
    )
    while runs := client.read_flow_runs(flow_run_filter=ended, limit=PAGE):
        yield from runs


def forget_results(folder: Path, until: float) -> None:
    """Remove results that were kept for a retry; `until` in seconds since 1970."""
    for path in folder.glob("*"):
        if path.is_file() and path.stat().st_mtime < until:
            path.unlink(missing_ok=True)


@task(name="publish", task_run_name="publish {files.published.name}", cache_policy=NO_CACHE)
def end(files: WarehouseFiles, run_id: UUID, ended: RunEnd, lock_wait: float) -> None:
    """Note how the run ended; a checkpoint, and the published file anew."""
    with loading(files, wait_seconds=lock_wait) as con:
        finish_run(con, run_id, ended)
        publish(con, files, utc_now())


@flow(name="maintain", flow_run_name="maintain {warehouse.name}", validate_parameters=True)
def maintain(
    warehouse: Path = Path(DEFAULT_WAREHOUSE),
    archive: Path = Path(DEFAULT_ARCHIVE),
    lock_wait: float = DEFAULT_LOCK_WAIT,
    keep_days: int = KEPT_DAYS,
) -> State[None]:
    """Check all rows, write a checkpoint, look at the archive, and forget old runs of Prefect.

    Args:
        warehouse: The published warehouse file.
        archive: The folder of what was fetched.
        lock_wait: Seconds to wait for another run that is loading.
        keep_days: Days for which Prefect keeps runs. The table runs of the warehouse keeps them for ever.

    """
    end_with_runner()
    files, began = WarehouseFiles(warehouse), utc_now()
    forgotten = forget_old_runs(keep_days)
    found = look_at_archive(archive)
    if is_absent(files.published) and not files.build.exists():
        return Completed(name="NothingDue", message=f"There is no warehouse at {warehouse} yet.")
    with loading(files, wait_seconds=lock_wait) as con:
        run_id = started(con, "maintain", [str(warehouse)], began)
    try:
        checks = check_everything(files, run_id, lock_wait)
        ended = end_of(checks, found, forgotten, began)
    except BaseException as error:
        note_failure(files, run_id, error, began, lock_wait)
        raise
    end(files, run_id, ended, lock_wait)
    create_markdown_artifact(
        key="maintenance", markdown=as_markdown(ended.message, checks, found), description=ended.message
    )
    made = Failed if ended.state == "QualityFailed" else Completed  # as a load ends that finds such rows
    return made(name=ended.state, message=ended.message)


def end_of(checks: list[CheckResult], found: list[Finding], forgotten: int, began: datetime) -> RunEnd:
    """How the run ended, in a state and a sentence."""
    broken = [one.check.name for one in checks if one.failed]
    troubles = [one.message for one in found if one.level == "trouble"]
    said = [
        f"{sum(one.passed for one in checks)} of {len(checks)} checks passed"
        + (f", not {', '.join(broken)}" if broken else ""),
        *(troubles or (["the archive is sound"] if found else [])),
        f"{counted(forgotten, 'old run')} of Prefect forgotten",
    ]
    now = utc_now()
    return RunEnd(
        "QualityFailed" if broken else "CompletedWithErrors" if troubles else "Completed",
        "; ".join(said),
        now,
        cpu_seconds=cpu_seconds(),
        wall_seconds=(now - began).total_seconds(),
    )


def as_markdown(message: str, checks: list[CheckResult], found: list[Finding]) -> str:
    """What was found, for the run's page in Prefect."""
    broken = [
        (one.check.name, one.check.severity, one.violations, one.check.meaning)
        for one in checks
        if not one.passed
    ]
    parts = [
        f"# {escaped(message)}",
        table("Checks that did not pass", ["Check", "Severity", "Rows", "What it means"], broken),
        table(
            "Archive",
            ["State", "What", "What mends it"],
            [(one.level, one.message, one.mend) for one in found],
        ),
    ]
    return "\n\n".join(part for part in parts if part)
