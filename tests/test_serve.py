"""`onrecord serve` with a real server, runner and site: what is due runs, and what goes wrong is told.

Long: Python and Prefect start for every run. `python3 dev.py soak` runs all of it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.local_server import start_lasting, stop
from flows.serving.jobs import jobs
from tasks.batch import plan_batches, stage_batch
from tasks.read.discover import discover
from tests.conftest import ROOT
from tests.support.made_articles import write_made_articles
from tests.support.newsroom import article_page, open_newsroom
from tests.support.served import Served, served, wait_for
from tests.support.site import Answer, Host, Site
from tests.test_serving import LIST, SETTINGS
from warehouse.files import WarehouseFiles

pytestmark = pytest.mark.prefect

WRITTEN = 'fetch_allow = "127.0.0.0/8"\nfetch_delay = 0.0\nwarehouse = "w.duckdb"\narchive = "kept"\n'
GOOD = frozenset({"Completed", "CompletedWithErrors", "NoNewArticles"})
CRASHED_WITHIN = 180.0  # seconds after a kill: what is promised


@pytest.fixture
def site() -> Iterator[Site]:
    """A host with three articles."""
    with Site().in_thread() as site:
        open_newsroom(site.hosts[0], 3)
        yield site


@pytest.fixture
def newsroom(tmp_path: Path, site: Site) -> Path:
    """A folder with settings and a source list that is looked at every minute."""
    (tmp_path / "onrecord.toml").write_text(WRITTEN)
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\noutlet = "Ledger"\nfeeds = ["{site.hosts[0].url("/feed.xml")}"]\n'
        'interval = "1m"\ndelay = "0s"\nmax_age = "9999d"\n'
    )
    return tmp_path


def ask(folder: Path, query: str) -> list[dict[str, object]]:
    """The rows of a query on the published warehouse."""
    command = [sys.executable, "-m", "flows.cli", "sql", query, "--json"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def completed(news: Served, *, by_schedule: bool | None = None) -> list[str]:
    """The runs of the sources that have ended well; of those the scheduled ones, or the others."""
    runs = [run for run in news.runs("ingest/sources") if run["state_name"] in GOOD]
    return [run["id"] for run in runs if by_schedule in (None, run["auto_scheduled"])]


def wait_for_a_good_one(news: Served) -> None:
    """Wait until a run of the sources has ended well: the one at the start, or a scheduled one before it."""
    wait_for(lambda: completed(news), 400)
    assert completed(news), news.log


def test_it_loads_what_is_new_says_so_and_ends_cleanly(newsroom: Path) -> None:
    with served(newsroom, "--sources", "sources.toml") as news:
        assert f"Watch it at http://127.0.0.1:{news.port}\n" in news.log
        assert "It follows 1 source of sources.toml." in news.log
        with urllib.request.urlopen(f"http://127.0.0.1:{news.port}/") as page:
            assert "<title>Prefect Server</title>" in page.read().decode()
        names = {one["name"] for one in news.ask("/automations/filter", {})}
        assert {"onrecord: runs that fell silent", "onrecord: runs that never began"} <= names
        wait_for_a_good_one(news)
        wait_for(lambda: "ingest/sources: Completed" in news.log, 30)
        assert "ingest/sources: Completed" in news.log
        assert "3 articles loaded" in news.log
        assert len(ask(newsroom, "FROM current_articles")) == 3
        scheduled = [run for run in news.runs("ingest/sources") if run["auto_scheduled"]]
        assert "SCHEDULED" in {run["state_type"] for run in scheduled}
        for other in ("ingest/corrections", "report/index", "maintain/nightly"):
            at_once = [run for run in news.runs(other) if not run["auto_scheduled"]]
            assert at_once == [], f"{other} has missed nothing in a new newsroom"
        assert news.end(signal.SIGTERM) == 0
        assert "Stopped; nothing is half-loaded" in news.log
        assert not news.is_up()
        assert news.process is not None
        assert processes_of(news.process.pid) == []


def processes_of(group: int) -> list[int]:
    """The processes of a group that are there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.soak
def test_a_schedule_runs_by_itself(newsroom: Path, site: Site) -> None:
    with served(newsroom, "--sources", "sources.toml") as news:
        wait_for_a_good_one(news)
        open_newsroom(site.hosts[0], 4)
        before = set(completed(news))
        wait_for(lambda: set(completed(news, by_schedule=True)) - before, 400)
        assert set(completed(news, by_schedule=True)) - before, news.log
        assert len(ask(newsroom, "FROM current_articles")) == 4


@pytest.mark.soak
def test_of_two_runs_at_a_time_one_is_cancelled(newsroom: Path, site: Site) -> None:
    site.hosts[0].pages["/news/1"] = Answer(pause=20.0)
    with served(newsroom, "--sources", "sources.toml") as news:
        wait_for(lambda: "/news/1" in site.hosts[0].paths(), 240)
        second = news.run("ingest/sources")
        assert news.wait_until(second, "Cancelled", "Completed") == "Cancelled"
        wait_for_a_good_one(news)


@pytest.fixture
def slow_page(site: Site) -> Iterator[Host]:
    """A host one of whose articles takes two minutes, which a run waits for."""
    host = site.hosts[0]
    kept, host.pages["/news/1"] = host.pages["/news/1"], Answer(pause=120.0)
    yield host
    host.pages["/news/1"] = kept


def under_way(news: Served, host: Host) -> str:
    """The run of the sources that waits for the slow article."""
    wait_for(lambda: "/news/1" in host.paths(), 240)
    (run,) = [one["id"] for one in news.runs("ingest/sources") if one["state_name"] == "Running"]
    return str(run)


def killed(news: Served, *, whole_group: bool) -> float:
    """Kill it outright, with its runs or alone; when that was."""
    assert news.process is not None
    if whole_group:
        os.killpg(news.process.pid, signal.SIGKILL)
        news.process.wait()
    else:
        news.end(signal.SIGKILL)
    return time.monotonic()


@pytest.mark.soak
def test_after_a_kill_of_the_runner_the_next_start_goes_on(newsroom: Path, slow_page: Host) -> None:
    kept = article_page(1)
    with served(newsroom, "--sources", "sources.toml") as news:
        run = under_way(news, slow_page)
        assert news.process is not None
        group = news.process.pid
        at = killed(news, whole_group=False)
        slow_page.pages["/news/1"] = kept
        wait_for(lambda: not news.is_up(), 30)
        assert not news.is_up(), "its server stayed behind"
        news.start("--sources", "sources.toml")
        left = CRASHED_WITHIN - (time.monotonic() - at)
        assert news.wait_until(run, "Crashed", seconds=left) == "Crashed"
        wait_for(lambda: processes_of(group) == [], 60)
        assert processes_of(group) == []
        wait_for_a_good_one(news)
        assert len(ask(newsroom, "FROM current_articles")) == 3


@pytest.mark.soak
def test_a_run_whose_heart_stopped_is_crashed_without_anybodys_help(
    newsroom: Path, slow_page: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = Served(newsroom)
    for name, value in news.environment.items():
        monkeypatch.setenv(name, value)
    server = start_lasting("127.0.0.1", news.port)
    try:
        news.start("--sources", "sources.toml")
        assert f"Using the Prefect server at {news.api_url}." in news.log
        run = under_way(news, slow_page)
        time.sleep(35)  # a heartbeat
        at = killed(news, whole_group=True)
        assert news.wait_until(run, "Crashed", seconds=CRASHED_WITHIN) == "Crashed"
        print(f"Crashed after {time.monotonic() - at:.0f} s")
        slow_page.pages["/news/1"] = article_page(1)
        missed = {one["id"] for one in news.runs("ingest/sources") if one["state_type"] == "SCHEDULED"}
        news.start("--sources", "sources.toml")
        wait_for_a_good_one(news)
        assert missed & {one["id"] for one in news.runs("ingest/sources")} == set(), "they would all be run"
        assert len(ask(newsroom, "FROM current_articles")) == 3
        assert news.end() == 0
        assert news.is_up(), "it ended a server that was not its own"
    finally:
        stop(server)


@pytest.mark.soak
def test_a_retry_repeats_only_the_batch_that_failed(newsroom: Path) -> None:
    articles = write_made_articles(newsroom / "made.jsonl", 150)
    in_the_way = obstacle(newsroom, articles, batch=1)
    with served(newsroom, "--sources", "sources.toml") as news:
        run = news.run("ingest/anything", inputs=[str(articles)])
        assert news.wait_until(run, "Failed", "Completed") == "Failed"
        assert news.task_runs(run, "Completed", "stage batch") == ["stage batch 1", "stage batch 3"]
        assert news.task_runs(run, "Failed", "stage batch") == ["stage batch 2"]
        wait_for_a_good_one(news)
        assert len(ask(newsroom, "FROM articles")) == 3
        in_the_way.unlink()
        # As the UI's button does.
        scheduled = {"type": "SCHEDULED", "name": "AwaitingRetry"}
        news.ask(f"/flow_runs/{run}/set_state", {"state": scheduled, "force": False})
        assert news.wait_until(run, "Completed", "Crashed") == "Completed"
        assert news.task_runs(run, "Cached", "stage batch") == ["stage batch 1", "stage batch 3"]
        assert news.task_runs(run, "Completed", "stage batch").count("stage batch 2") == 1
        assert len(ask(newsroom, "SELECT * FROM current_articles")) == 153


def obstacle(newsroom: Path, articles: Path, batch: int) -> Path:
    """A file at the place where a batch will be staged, so that this batch alone fails."""
    files = WarehouseFiles(newsroom / "elsewhere.duckdb")
    refs = discover([str(articles)]).refs
    staged = stage_batch(plan_batches(refs)[batch], files)
    place = WarehouseFiles(newsroom / "w.duckdb").staging / str(staged.batch_id)
    place.parent.mkdir(parents=True)
    place.write_text("in the way")
    return place


@pytest.mark.soak
def test_prefect_yaml_is_deployed_to_a_work_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    news = Served(tmp_path)
    for name, value in news.environment.items():
        monkeypatch.setenv(name, value)
    server = start_lasting("127.0.0.1", news.port)
    try:
        monkeypatch.setenv("PREFECT_API_URL", news.api_url)
        for words in (
            ("work-pool", "create", "onrecord", "--type", "process"),
            ("--no-prompt", "deploy", "--all"),
        ):
            ran = subprocess.run(
                [sys.executable, "-m", "prefect", *words],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
        deployed = news.ask("/deployments/filter", {})
        assert {one["name"] for one in deployed} == {job.name for job in jobs(SETTINGS, LIST, (), Path())}
        assert {one["work_pool_name"] for one in deployed} == {"onrecord"}
        run = news.run(
            "ingest/anything", inputs=[str(ROOT / "seeds")], warehouse=str(tmp_path / "pool.duckdb")
        )
        worker = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "onrecord", "--run-once"]
        subprocess.run(worker, cwd=ROOT, check=True)
        assert news.wait_until(run, "Completed", "Failed", "Crashed") == "Completed"
    finally:
        stop(server)
