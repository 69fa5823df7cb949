"""The Prefect UI of `onrecord serve` in headless Chromium: a scheduled run, and one over hostile articles.

Run with `python3 dev.py browser`. With ONRECORD_TEST_PICTURES=FOLDER the pictures stay, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.browser import Browser, browser, chromium
from tests.support.hostile import write_hostile_inputs
from tests.support.newsroom import open_newsroom
from tests.support.served import Served, served, wait_for
from tests.support.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed (apt-get install chromium)"),
]

CHECKS = "quality-checks"
DESKTOP = (1400, 1000)
GOOD = frozenset({"Completed", "CompletedWithErrors"})
SETTINGS = 'fetch_allow = "127.0.0.0/8"\nfetch_delay = 0.0\nwarehouse = "w.duckdb"\narchive = "kept"\n'
SOURCES = """
[[source]]
outlet = "Ledger"
feeds = ["{feed}"]
interval = "1m"
delay = "0s"
max_age = "9999d"
"""
# Both UIs that Prefect ships: where their pages are.
UIS = {"v1": "", "v2": "/v2"}


@dataclass(frozen=True)
class Watched:
    """What is looked at: the server, the scheduled run, and the run over hostile articles."""

    news: Served
    scheduled: dict[str, Any]
    hostile: dict[str, Any]

    def address(self, path: str, ui: str = "v1") -> str:
        """The address of a page of a UI."""
        return f"http://127.0.0.1:{self.news.port}{UIS[ui]}{path}"

    def artifacts(self, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The artifacts of a run, by their keys."""
        wanted = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
        return {one["key"]: one for one in self.news.ask("/artifacts/filter", wanted)}

    def artifact(self, run: dict[str, Any], key: str, ui: str = "v1") -> str:
        """The address of an artifact."""
        return self.address(f"/artifacts/artifact/{self.artifacts(run)[key]['id']}", ui)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("newsroom")
    with Site().in_thread() as site:
        open_newsroom(site.hosts[0], 3)
        (folder / "onrecord.toml").write_text(SETTINGS)
        (folder / "sources.toml").write_text(SOURCES.format(feed=site.hosts[0].url("/feed.xml")))
        write_hostile_inputs(folder / "in")
        with served(folder, "--sources", "sources.toml") as news:
            hostile = news.run("ingest/anything", inputs=[str(folder / "in")])
            news.wait_until(hostile, *GOOD)
            wait_for(lambda: scheduled(news), 400)
            yield Watched(news, scheduled(news)[0], news.ask(f"/flow_runs/{hostile}"))


def scheduled(news: Served) -> list[dict[str, Any]]:
    """The runs of the schedule that loaded articles."""
    return [run for run in news.runs("ingest/sources") if run["state_name"] in GOOD]


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        opened.look(*DESKTOP)
        yield opened


def picture(chrome: Browser, name: str, folder: Path) -> None:
    """Keep a picture of the window."""
    kept = Path(os.environ.get("ONRECORD_TEST_PICTURES", folder))
    kept.mkdir(parents=True, exist_ok=True)
    target = kept / f"prefect-{name}.png"
    chrome.picture(target)
    assert target.stat().st_size > 10_000


def foreign(chrome: Browser) -> set[str]:
    """The machines that were asked for something, besides this one."""
    return {urlsplit(url).hostname or "" for url in chrome.requests if url.startswith("http")} - {"127.0.0.1"}


@pytest.mark.parametrize("ui", UIS)
def test_the_page_of_a_scheduled_run_tells_what_it_is(
    chrome: Browser, watched: Watched, tmp_path: Path, ui: str
) -> None:
    chrome.open(watched.address(f"/runs/flow-run/{watched.scheduled['id']}", ui))
    for told in ("ingest sources.toml", "Completed", "sources", "Published"):
        assert chrome.shows(told), told
    picture(chrome, f"run-{ui}", tmp_path)
    assert foreign(chrome) == set()


def test_the_page_of_a_run_leads_to_its_artifacts(chrome: Browser, watched: Watched, tmp_path: Path) -> None:
    chrome.open(watched.address(f"/runs/flow-run/{watched.scheduled['id']}"))
    assert chrome.shows("Artifacts")
    chrome.click("Artifacts")
    for key in ("run-report", "quotes-sample", "source-health", "progress", "report-page"):
        assert chrome.shows(key), key
    picture(chrome, "run-artifacts", tmp_path)
    assert foreign(chrome) == set()


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("run-report", ["3 articles loaded", "Council of Ostersund votes for bridge number 0"]),
        ("quotes-sample", ["Maria Lindqvist, mayor", "Nobody will have to wait for the ferry", "Ledger"]),
        ("source-health", ["Ledger", "Last success", "Next poll"]),
        ("progress", ["3 articles loaded", "100%"]),
        ("report-page", ["The latest stories, side by side"]),
    ],
)
def test_each_artifact_shows_what_it_holds(
    chrome: Browser, watched: Watched, tmp_path: Path, key: str, told: list[str]
) -> None:
    chrome.open(watched.artifact(watched.scheduled, key))
    for words in told:
        assert chrome.shows(words), words
    picture(chrome, key, tmp_path)


def test_the_checks_are_a_table(chrome: Browser, watched: Watched, tmp_path: Path) -> None:
    """Of two runs at a time the one that comes second finds everything checked: the other one's are shown."""
    runs = (watched.hostile, watched.scheduled)
    (address, *_) = [watched.artifact(run, CHECKS) for run in runs if CHECKS in watched.artifacts(run)]
    chrome.open(address)
    for told in ("checks passed", "articles_without_outlet", "An article of an outlet that is not there"):
        assert chrome.shows(told), told
    picture(chrome, CHECKS, tmp_path)


def test_links_lead_to_the_pages_of_the_warehouse(chrome: Browser, watched: Watched, tmp_path: Path) -> None:
    chrome.open(watched.artifact(watched.scheduled, "run-report"))
    assert chrome.shows("quotes marked")
    links: list[str] = chrome.value("[...document.querySelectorAll('a')].map((one) => one.href)")
    page = next(link for link in links if "/article/" in link)
    chrome.open(page)
    assert chrome.shows("Council of")
    assert chrome.complaints == []
    picture(chrome, "article-page", tmp_path)


@pytest.mark.parametrize("ui", UIS)
def test_the_form_of_a_deployment_says_what_each_field_is(
    chrome: Browser, watched: Watched, tmp_path: Path, ui: str
) -> None:
    identity = watched.news.deployment("ingest/anything")["id"]
    chrome.open(watched.address(f"/deployments/deployment/{identity}/run", ui))
    for told in ("Files, folders of them, addresses, and source lists", "Processes that clean and annotate"):
        assert chrome.shows(told), told
    picture(chrome, f"form-{ui}", tmp_path)


@pytest.mark.parametrize("ui", UIS)
@pytest.mark.parametrize("key", ["run-report", "quotes-sample"])
def test_hostile_articles_are_plain_text_in_the_ui(
    chrome: Browser, watched: Watched, tmp_path: Path, key: str, ui: str
) -> None:
    chrome.open(watched.artifact(watched.hostile, key, ui))
    assert chrome.shows("<script>alert(1)</script>")
    picture(chrome, f"hostile-{key}-{ui}", tmp_path)
    links: list[str] = chrome.value("[...document.querySelectorAll('a')].map((one) => one.href)")
    assert {urlsplit(link).scheme for link in links} <= {"http", "https"}
    assert chrome.value("document.querySelectorAll('iframe, img[src=x], [onclick], [onerror]').length") == 0
    assert [one for one in chrome.complaints if "hasBrowserHandler" in one] == []  # a dialog opened
    assert foreign(chrome) == set()


def test_hostile_articles_are_plain_text_on_the_page_of_their_run(
    chrome: Browser, watched: Watched, tmp_path: Path
) -> None:
    chrome.open(watched.address(f"/runs/flow-run/{watched.hostile['id']}"))
    assert chrome.shows("CompletedWithErrors")
    chrome.click("Artifacts")
    assert chrome.shows("2 articles loaded, 3 documents failed")
    picture(chrome, "hostile-run", tmp_path)
    assert foreign(chrome) == set()
