"""Batches that are extracted on other machines give the rows of one process; Dask here, Ray and S3 apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.batch import Order, stage_batch
from tasks.elsewhere.asked import cluster_condition
from tasks.elsewhere.crew import Crew
from tasks.elsewhere.orders import Elsewhere, Parcel
from tasks.elsewhere.place import Place, place_of_run
from tasks.elsewhere.runner import Runner, runner_of
from tasks.errors import OnrecordError, UsageError
from tests.support.command_line import Onrecord
from tests.support.elsewhere import NOW, batches_of, by_pickle, loaded, rows_by
from tests.support.made_articles import made_articles
from tests.support.tables import contents
from warehouse.files import WarehouseFiles

PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
ARTICLES = 12


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Texts, a page, one that is no article, and one line that is no JSON."""
    rows: list[dict[str, Any]] = list(made_articles(ARTICLES))
    paragraphs = "".join(f"<p>{line}</p>" for line in str(rows[0]["text"]).split("\n") if line)
    page = PAGE.format("Bridges before winter", paragraphs * 3)
    rows += [{"id": "page", "html": page}, {"id": "none", "html": "<html><body></body></html>"}]
    written = [json.dumps(row) for row in rows]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join([*written, "{no json"]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def here(articles: Path, tmp_path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The tables as one process fills them."""
    rows = rows_by(Crew(), tmp_path / "here.duckdb", batches_of(tmp_path, articles, 5))
    assert len(rows["articles"]) == ARTICLES + 1
    assert len(rows["failures"]) == 2
    return rows


# --- orders ------------------------------------------------------------------------


def test_a_worker_needs_nothing_but_the_place(
    articles: Path, here: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    files = WarehouseFiles(tmp_path / "there.duckdb")
    batches = batches_of(tmp_path, articles, 5)
    hidden = articles.rename(tmp_path / "hidden.jsonl")

    with place_of_run(str(tmp_path / "place"), NOW) as place:
        elsewhere = Elsewhere(by_pickle(), place)

        def out_of_reach(order: Order, staging: Path) -> Path | None:
            articles.rename(hidden)
            return elsewhere(order, staging)

        staged = []
        for batch in batches:
            hidden.rename(articles)  # it is read here, and is gone when the worker gets to it
            staged.append(stage_batch(batch, files, carry_out=out_of_reach))
        assert len(place.folders()) == len(batches) + 2  # what the run knows of titles and lines

    assert loaded(files, staged) == here
    assert list((tmp_path / "place").iterdir()) == []
    assert sum(batch.cpu_seconds["annotate"] for batch in staged) > 0


def test_a_batch_that_was_fetched_is_not_sent_again(articles: Path, tmp_path: Path) -> None:
    files, sent = WarehouseFiles(tmp_path / "there.duckdb"), list[Parcel]()
    batch = batches_of(tmp_path, articles, 20)[0]

    def counted(parcel: Parcel) -> Parcel:
        sent.append(parcel)
        return parcel

    with place_of_run(str(tmp_path / "place"), NOW) as place:
        first = stage_batch(batch, files, carry_out=Elsewhere(by_pickle(counted), place))
        assert stage_batch(batch, files, carry_out=Elsewhere(by_pickle(counted), place)).path == first.path
    assert len(sent) == 1


def test_a_worker_of_another_version_is_refused(articles: Path, tmp_path: Path) -> None:
    files, batch = WarehouseFiles(tmp_path / "there.duckdb"), batches_of(tmp_path, articles, 20)[0]
    with place_of_run(str(tmp_path / "place"), NOW) as place:
        older = Elsewhere(by_pickle(lambda parcel: replace(parcel, made_by="onrecord-clean 1")), place)
        with pytest.raises(OnrecordError, match="another onrecord") as refused:
            stage_batch(batch, files, carry_out=older)
    assert refused.value.reason == "other_version"


def test_a_place_that_the_machines_do_not_share_is_told(articles: Path, tmp_path: Path) -> None:
    files, batch = WarehouseFiles(tmp_path / "there.duckdb"), batches_of(tmp_path, articles, 20)[0]
    theirs = tmp_path / "theirs"

    def another_disk(parcel: Parcel) -> Parcel:
        for name in (*parcel.titles, *parcel.lines):
            Place(str(theirs)).give(Path(parcel.place) / name, name)
        return replace(parcel, place=str(theirs))

    with place_of_run(str(tmp_path / "place"), NOW) as place, pytest.raises(OnrecordError) as refused:
        stage_batch(batch, files, carry_out=Elsewhere(by_pickle(another_disk), place))
    assert refused.value.reason == "staging"
    assert "--staging" in refused.value.message
    assert list(files.staging.iterdir()) == []  # nothing is half staged


# --- places and settings -----------------------------------------------------------


def test_what_killed_runs_left_in_a_place_goes_after_a_week(tmp_path: Path) -> None:
    with place_of_run(str(tmp_path), NOW - timedelta(days=8)) as old:
        Path(old.root).mkdir(parents=True)
        with place_of_run(str(tmp_path), NOW - timedelta(days=6)) as recent:
            Path(recent.root).mkdir()
            (tmp_path / "somebody's").mkdir()
            with place_of_run(str(tmp_path), NOW):
                assert sorted(Place(str(tmp_path)).folders()) == sorted(
                    [Path(recent.root).name, "somebody's"]
                )


@pytest.mark.parametrize("url", ["nowhere://bucket", "s3://bucket/folder"])
def test_a_place_that_cannot_be_used_is_told_in_a_sentence(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as where it is not installed
    (tmp_path / "file").write_text("text")
    with pytest.raises(OnrecordError, match="staging place") as refused:
        Place(url).give(tmp_path / "file", "file")
    assert refused.value.reason == "staging"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("process", Runner("process")),
        ("dask", Runner("dask")),
        ("dask:tcp://10.0.0.5:8786", Runner("dask", "tcp://10.0.0.5:8786")),
    ],
)
def test_runners(written: str, meant: Runner) -> None:
    assert runner_of(written) == meant
    assert str(meant) == written


@pytest.mark.parametrize("written", ["spark", "", "process:2", "dask-tcp://10.0.0.5"])
def test_a_runner_that_there_is_not(written: str) -> None:
    with pytest.raises(UsageError, match="There is no runner"):
        runner_of(written)


def test_a_runner_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.elsewhere.runner.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'onrecord\[ray\]'"):
        runner_of("ray")


# --- Dask --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dask_address() -> Iterator[str]:
    """A Dask cluster that is there already, of two workers."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as cluster:
        yield str(cluster.scheduler_address)


def test_dask_gives_the_rows_of_one_process(
    dask_address: str, articles: Path, here: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    crew = Crew(runner=f"dask:{dask_address}", staging=f"file://{tmp_path}/place")
    assert rows_by(crew, tmp_path / "dask.duckdb", batches_of(tmp_path, articles, 5)) == here


def test_the_doctor_asks_the_cluster(dask_address: str, tmp_path: Path) -> None:
    crew = Crew(runner=f"dask:{dask_address}", staging=str(tmp_path))
    found = cluster_condition(crew, WarehouseFiles(tmp_path / "w.duckdb"), NOW)
    assert (found.trouble, found.slots) == (None, 2)


def test_a_cluster_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("tasks.elsewhere.clusters.PATIENCE", 1)
    found = cluster_condition(
        Crew(runner="dask:tcp://127.0.0.1:9"), WarehouseFiles(tmp_path / "w.duckdb"), NOW
    )
    assert found.trouble is not None
    assert found.trouble.reason == "cluster"
    assert "does not answer" in found.trouble.message


@pytest.mark.prefect
def test_ingest_on_a_cluster(dask_address: str, onrecord: Onrecord, articles: Path) -> None:
    runner = ("--runner", f"dask:{dask_address}", "--staging", onrecord.folder / "place")
    elsewhere = onrecord("ingest", articles, "--warehouse", "dask.duckdb", *runner)
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert onrecord("ingest", articles, "--warehouse", "here.duckdb").returncode == 0
    # Two workers share the documents out among more batches than one process does.
    found, wanted = (contents(onrecord.folder / f"{name}.duckdb", {"batch_id"}) for name in ("dask", "here"))
    assert {**found, "load_batches": [], "snapshot_info": []} == {
        **wanted,
        "load_batches": [],
        "snapshot_info": [],
    }
    asked = onrecord("doctor", "--warehouse", "dask.duckdb", *runner)
    assert "answers with 2 workers" in " ".join(asked.stdout.split())


# --- Ray and S3 --------------------------------------------------------------------


@pytest.mark.clusters
def test_ray_gives_the_rows_of_one_process(
    articles: Path, here: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    pytest.importorskip("ray")
    crew = Crew(workers=2, runner="ray", staging=str(tmp_path / "place"))
    assert rows_by(crew, tmp_path / "ray.duckdb", batches_of(tmp_path, articles, 5)) == here


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server on this machine that speaks S3's protocol."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    pytest.importorskip("s3fs").S3FileSystem().mkdir("onrecord-test")
    yield "s3://onrecord-test/staging"
    server.stop()


@pytest.mark.clusters
def test_batches_are_staged_on_s3(
    bucket: str, articles: Path, here: dict[str, list[tuple[Any, ...]]], tmp_path: Path
) -> None:
    crew = Crew(workers=2, runner="dask", staging=bucket)  # started here: it has the bucket's environment
    assert rows_by(crew, tmp_path / "s3.duckdb", batches_of(tmp_path, articles, 5)) == here
    assert Place(bucket).folders() == []
