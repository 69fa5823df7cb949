"""Pages over HTTP: made when asked for, anew after a load, and for nobody but this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.page_address import PAGES_URL, served_at
from flows.pages import PageServer, pages_for_runs, started, stop
from tests.support.told_story import told_story
from warehouse.connect import reading


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PageServer]:
    running = started(told_story(tmp_path), "127.0.0.1", 0)
    yield running
    stop(running)


def test_the_latest_stories_one_story_and_one_article_are_pages(server: PageServer) -> None:
    index = httpx.get(server.address)
    assert index.status_code == 200
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    assert "Latest stories" in index.text
    with reading(server.warehouse) as con:
        [story] = con.execute("SELECT story_id::VARCHAR FROM stories ORDER BY articles DESC").fetchone() or (
            "",
        )
        [article] = con.execute("SELECT article_id::VARCHAR FROM articles").fetchone() or ("",)
    assert "Anna Keller" in httpx.get(f"{server.address}story/{story}").text
    assert httpx.get(f"{server.address}article/{article}?from=ui").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "story/91a0ad4f",
        "story/",
        "article/00000000-0000-0000-0000-00000000000G",
        "../../etc/passwd",
        "story/%00",
        "<script>alert(1)</script>",
        "story/'; DROP TABLE quotes; --",
    ],
)
def test_anything_else_is_no_page(server: PageServer, path: str) -> None:
    answer = httpx.get(server.address + path)
    assert answer.status_code == 404
    assert "alert" not in answer.text


@pytest.mark.parametrize("kind", ["story", "article"])
def test_one_that_there_is_not_is_told_in_a_sentence(server: PageServer, kind: str) -> None:
    answer = httpx.get(f"{server.address}{kind}/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert f"There is no {kind}" in answer.text


def test_what_was_loaded_since_is_seen(server: PageServer) -> None:
    before = httpx.get(server.address).text
    assert httpx.get(server.address).text == before
    server.warehouse.unlink()
    gone = httpx.get(server.address)
    assert gone.status_code == 503
    assert "<p>" in gone.text


def test_nobody_is_answered_who_came_by_another_name(server: PageServer) -> None:
    assert httpx.get(server.address, headers={"Host": "evil.example"}).status_code == 421
    assert httpx.get(server.address, headers={"Host": "localhost:1"}).status_code == 200
    assert httpx.post(server.address).status_code == 501


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://127.0.0.1:4201/", "http://127.0.0.1:4201/"),
        ("https://news.example/onrecord", "https://news.example/onrecord"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_where_pages_are_served_is_an_address_of_the_web(
    monkeypatch: pytest.MonkeyPatch, written: str, read: str | None
) -> None:
    monkeypatch.setenv(PAGES_URL, written)
    assert served_at() == read


def test_runs_learn_where_the_pages_are_and_a_taken_port_is_no_trouble(
    server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PAGES_URL, raising=False)
    taken = int(server.server_address[1])
    with pages_for_runs(server.warehouse, "127.0.0.1", taken) as address:
        assert served_at() == address
        assert not address.endswith(f":{taken}/")
        assert "Latest stories" in httpx.get(address).text
    assert served_at() is None


def test_behind_a_proxy_runs_link_to_that(server: PageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PAGES_URL, "https://news.example/onrecord/")
    with pages_for_runs(server.warehouse, "127.0.0.1", 0) as address:
        assert address == "https://news.example/onrecord/"
    assert served_at() == "https://news.example/onrecord/"
