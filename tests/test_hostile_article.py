"""Articles of markup, Markdown links, ANSI codes and SQL, through the command line: plain text everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.command_line import Onrecord
from tests.support.hostile import write_hostile_inputs
from tests.support.rendered import Rendered, page_of, rendered

pytestmark = pytest.mark.prefect

EVIL_LINK = "https://evil.example/a%29%5Bx%5D%28javascript:alert%281%29%29?q=%3Cscript%3E%7C%60b%60"
SCRIPT = "<script>alert(1)</script>"
# What the reports are made of; nothing else may come out of their Markdown.
LAYOUT = {"h1", "h2", "p", "ul", "li", "a", "table", "thead", "tbody", "tr", "th", "td"}


@dataclass(frozen=True)
class Ingested:
    """A run over the hostile inputs: what it printed, and what it left at the server."""

    onrecord: Onrecord
    printed: subprocess.CompletedProcess[str]
    run: dict[str, Any]
    artifacts: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory, api_url: str) -> Ingested:
    onrecord = Onrecord(tmp_path_factory.mktemp("hostile"), api_url)
    write_hostile_inputs(onrecord.folder / "in")
    printed = onrecord("ingest", "in")
    assert printed.returncode == 0, printed.stderr
    row = json.loads(onrecord("sql", "SELECT flow_run_id FROM runs", "--json").stdout)
    run = httpx.get(f"{api_url}/flow_runs/{row['flow_run_id']}", timeout=60).json()
    wanted = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    found = httpx.post(f"{api_url}/artifacts/filter", json=wanted, timeout=60).json()
    return Ingested(onrecord, printed, run, {one["key"]: one for one in found})


def steering(text: str) -> list[str]:
    """The characters that would steer a terminal, or turn the direction of writing."""
    return re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


def markdown_of(ingested: Ingested, key: str) -> Rendered:
    return rendered(ingested.artifacts[key]["data"])


def test_it_is_loaded_like_any_other(ingested: Ingested) -> None:
    assert ingested.printed.stdout.startswith("2 articles of 1 outlet loaded")
    assert "Failed    3 documents" in ingested.printed.stdout
    told = ingested.onrecord("sql", "SELECT count(*) AS quotes FROM quotes", "--json")
    assert json.loads(told.stdout)["quotes"] > 0


@pytest.mark.parametrize(
    "words",
    [
        ["show", "hostile"],
        ["quotes"],
        ["sql", "SELECT title, author FROM current_articles"],
        ["story", "--all"],
        ["extract", "in/hostile.jsonl"],
    ],
    ids=lambda words: words[0],
)
def test_commands_print_it_as_plain_text(ingested: Ingested, words: list[str]) -> None:
    told = ingested.onrecord(*words)
    assert "alert(" in told.stdout
    assert steering(told.stdout + told.stderr) == []


def test_the_summary_prints_it_as_plain_text(ingested: Ingested) -> None:
    assert SCRIPT in ingested.printed.stdout
    assert steering(ingested.printed.stdout + ingested.printed.stderr) == []


def test_the_run_is_named_and_tagged_and_its_state_says_how_it_ended(ingested: Ingested) -> None:
    assert ingested.run["name"] == "ingest in"
    assert sorted(ingested.run["tags"]) == ["command-line", "onrecord"]
    state = ingested.run["state"]
    assert (state["type"], state["name"]) == ("COMPLETED", "CompletedWithErrors")
    assert state["message"] == "2 articles loaded, 3 documents failed"


def test_the_report_in_the_ui_shows_it_as_plain_text(ingested: Ingested) -> None:
    page = markdown_of(ingested, "run-report")
    assert page.tags <= LAYOUT
    assert set(page.links) == {EVIL_LINK}
    assert steering(page.text) == []
    for told in (SCRIPT, "[link](javascript:alert(2))", "<script>alert(7)<!--.html", "[click](javascript"):
        assert told in page.text


def test_the_quotes_in_the_ui_show_it_as_plain_text(ingested: Ingested) -> None:
    page = markdown_of(ingested, "quotes-sample")
    assert page.tags == {"blockquote", "p", "strong", "a"}
    assert set(page.links) == {EVIL_LINK}
    assert steering(page.text) == []
    for told in (f"“{SCRIPT} is what we will close on Monday, '; DROP TABLE quotes; --,”", "{{ 7 * 7 }}"):
        assert told in page.text


def test_progress_ends_whole_and_the_checks_are_a_table(ingested: Ingested) -> None:
    assert ingested.artifacts["progress"]["data"] == 100
    assert ingested.artifacts["progress"]["description"] == "2 articles loaded, 3 documents failed"
    table = json.loads(ingested.artifacts["quality-checks"]["data"])
    assert {row["result"] for row in table} == {"passed"}
    assert len(table) > 30
    assert steering(json.dumps(table, ensure_ascii=False)) == []


def events_of(ingested: Ingested, prefix: str) -> list[dict[str, Any]]:
    """The events of the run; they are there a moment after it."""
    related = {"id": [f"prefect.flow-run.{ingested.run['id']}"]}
    asked = {"filter": {"event": {"prefix": [prefix]}, "related": related}, "limit": 50}
    address = f"{ingested.onrecord.api_url}/events/filter"
    deadline = time.monotonic() + 30
    while not (found := httpx.post(address, json=asked, timeout=60).json()["events"]):
        assert time.monotonic() < deadline, "no event came"
        time.sleep(0.5)
    events: list[dict[str, Any]] = found
    return events


def test_events_carry_it_in_names_alone(ingested: Ingested) -> None:
    events = events_of(ingested, "onrecord.")
    told = {one["event"]: one for one in events}
    assert set(told) == {"onrecord.articles.loaded", "onrecord.documents.failed", "onrecord.stories.told"}
    assert told["onrecord.articles.loaded"]["payload"]["articles"] == 2
    assert told["onrecord.documents.failed"]["payload"]["reasons"] == {"empty": 2, "bad_json": 1}
    assert steering(json.dumps(events, ensure_ascii=False)) == []
    loaded = told["onrecord.articles.loaded"]
    ids = [one["prefect.resource.id"] for one in (loaded["resource"], *loaded["related"])]
    assert len(ids) >= 3
    assert [one for one in ids if not re.fullmatch(r"[a-z0-9.-]+", one)] == []


def test_tables_that_got_rows_are_told_as_assets(ingested: Ingested) -> None:
    events = events_of(ingested, "prefect.asset.materialization.succeeded")
    rows = {one["resource"]["prefect.resource.id"]: one["payload"].get("rows_added") for one in events}
    assert rows["duckdb://onrecord.duckdb/articles"] == 2
    assert "duckdb://onrecord.duckdb/quotes" in rows
    assert "duckdb://onrecord.duckdb/article_features" not in rows
    assert "duckdb://onrecord.duckdb" in rows


def test_the_report_page_shows_it_as_plain_text(ingested: Ingested) -> None:
    assert ingested.onrecord("report", "-o", "page.html").returncode == 0
    written = (ingested.onrecord.folder / "page.html").read_text("utf-8")
    assert written.count("<script") == 1  # our own
    assert steering(written) == []
    page = page_of(written)
    assert SCRIPT in page.text
    assert [tag for tag in page.tags if " on" in tag or tag.split()[0] in {"img", "iframe", "form"}] == []
    schemes = {link.partition(":")[0] for link in page.links if not link.startswith("#")}
    assert schemes <= {"https", "data"}
    assert [link for link in page.links if link.startswith("data") and link != "data:,"] == []
