"""The examples: the notebook answers its ten questions, the made outlets can be ingested from."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.local_server import free_port
from tasks.link.story_step import link_stories
from tests.conftest import ROOT
from tests.support.command_line import Onrecord
from tests.support.loading import load_inputs
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.query import query
from warehouse.search_index import index_versions

EXAMPLES = ROOT / "examples"
NEWSROOM = EXAMPLES / "newsroom"
SECONDS = 60.0  # until the sites are up, and until they have published


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> WarehouseFiles:
    """What `python3 dev.py notebook` shows."""
    files = WarehouseFiles(tmp_path_factory.mktemp("newsroom") / "onrecord.duckdb")
    load_inputs(files, seeds, NEWSROOM / "first-fortnight.jsonl")
    load_inputs(files, NEWSROOM / "the-week-after.jsonl")
    with loading(files, wait_seconds=5) as con:
        link_stories(con, utc_now())
        index_versions(con)
        publish(con, files, utc_now())
    return files


@pytest.fixture(scope="module")
def answers(newsroom: WarehouseFiles) -> dict[str, Any]:
    """All that the notebook's cells define, after a run from top to bottom."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONRECORD_WAREHOUSE", str(newsroom.published))
        spec = importlib.util.spec_from_file_location("ten_questions", EXAMPLES / "ten_questions.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        shown, defined = module.app.run()
        return {**defined, "shown": shown}


def test_all_charts_can_be_drawn(answers: dict[str, Any]) -> None:
    charts = [chart.to_dict() for chart in answers["shown"] if hasattr(chart, "mark_bar")]
    assert len(charts) == 8
    assert all(chart["data"]["values"] for chart in charts)
    for chart in charts:
        (row, *_), encoding = chart["data"]["values"], chart["encoding"].values()
        made = {step[name] for step in chart.get("transform", []) for name in step if name == "as"}
        fields = {drawn["field"] for drawn in encoding if isinstance(drawn, dict) and "field" in drawn}
        assert fields - made - row.keys() == set()


def test_the_first_four_questions_are_about_who_speaks(answers: dict[str, Any]) -> None:
    quotes = {(row["speaker"], row["kind"]): row["quotes"] for row in answers["heard"]}
    assert quotes["Oleg Syromolotov", "direct"] == 7
    assert {"Anna Keller", "Grace Okafor", "Henrik Dahl", "Luis Ortega"} <= {who for who, _ in quotes}
    shares = {row["outlet"]: 0.0 for row in answers["retold"]}
    for row in answers["retold"]:
        shares[row["outlet"]] += row["share"]
    assert len(shares) == 7
    assert all(share == pytest.approx(1) for share in shares.values())
    sources = {row["outlet"]: row["share"] for row in answers["unnamed"] if row["reason"] == "unnamed source"}
    assert max(sources, key=lambda outlet: sources[outlet]) == "Morning Post Herald"
    beside = {(row["speaker"], row["beside"]): row["articles"] for row in answers["together"]}
    assert beside["Henrik Dahl", "Samuel Adeyemi"] == beside["Samuel Adeyemi", "Henrik Dahl"] > 5


def test_the_next_four_are_about_who_tells_what(answers: dict[str, Any]) -> None:
    assert len({row["story"] for row in answers["told"]}) == 5
    bridge = [row for row in answers["told"] if row["story"].startswith("Cracks close")]
    assert [row["outlet"] for row in bridge][:2] == ["The Daily Ledger", "Coast Tribune"]
    stamped = {
        row["outlet"]: row["what"] for row in answers["left_out"] if "stamped and filed" in row["statement"]
    }
    assert stamped["The Daily Ledger"] == stamped["Coast Tribune"] == "quoted"
    assert "left out" in stamped.values()
    assert {"reworded", "fragment"} <= {row["kind"] for row in answers["worded"]}
    copies = [row["outlet"] for row in answers["copied"] if row["role"] == "copy"]
    assert sorted(copies) == ["Coast Tribune", "The Daily Ledger"]


def test_the_last_are_about_time_and_words(answers: dict[str, Any]) -> None:
    by_day = {(row["name"], row["day"]): row["mentions"] for row in answers["attention"]}
    assert by_day["Anna Keller", "2026-03-02"] > 0
    assert by_day["Henrik Dahl", "2026-03-02"] == 0
    assert {row["change"] for row in answers["changed"]} == {"added", "altered", "removed"}
    assert any("withdrawn" in (row["after"] or "") for row in answers["changed"])
    assert len(answers["found"]) > 3


@contextmanager
def sites(port: int, every: float) -> Iterator[None]:
    """The made outlets, on ports of the test's own."""
    words = ["--port", str(port), "--every", str(every)]
    process = subprocess.Popen(
        [sys.executable, EXAMPLES / "newsroom_site.py", *words], stdout=subprocess.DEVNULL
    )
    try:
        wait_for(port, "closed the harbour bridge", path="/2026/03/harbour-bridge-closed")
        yield
    finally:
        process.terminate()
        process.wait(SECONDS)


def wait_for(port: int, words: str, path: str = "/") -> None:
    """Wait until a page of an outlet holds these words."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            if words in httpx.get(f"http://127.0.0.1:{port}{path}").text:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"The site at {port} does not show: {words}")


@pytest.mark.prefect
def test_the_made_outlets_can_be_followed(onrecord: Onrecord) -> None:
    (onrecord.folder / "onrecord.toml").write_text('fetch_allow = "127.0.0.0/8"\n', encoding="utf-8")
    first = free_port()
    written = (EXAMPLES / "sources.toml").read_text(encoding="utf-8")
    for number in range(5):
        written = written.replace(f":{8101 + number}/", f":{first + number}/")
    sources = onrecord.folder / "sources.toml"
    sources.write_text(written, encoding="utf-8")
    with sites(first, every=0.01):
        wait_for(first + 2, "Ministry was warned of cracks")
        ended = onrecord("ingest", sources)
    assert "20 articles of 5 outlets loaded" in ended.stdout, ended.stderr
    published = onrecord.folder / "data" / "onrecord.duckdb"
    dates = "SELECT count(published_at) FROM current_articles WHERE published_at >= '2026-03-02'"
    assert query(published, dates).rows == [(20,)]
    # What a site puts around an article is no part of it.
    assert query(published, "SELECT title FROM current_articles WHERE body LIKE '%More from%'").rows == []
