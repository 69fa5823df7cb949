"""`onrecord ingest` of addresses and source lists, against loopback sites, as a user would do it."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Onrecord
from tests.support.newsroom import article_page, article_title, open_newsroom, source_list
from tests.support.site import Answer, Site, busy, redirect, text

pytestmark = pytest.mark.prefect


@pytest.fixture
def online(onrecord: Onrecord) -> Onrecord:
    """The command line that may reach loopback, and need not wait for it."""
    settings = 'fetch_allow = "127.0.0.0/8"\nfetch_delay = 0.0\nwarehouse = "w.duckdb"\narchive = "kept"\n'
    (onrecord.folder / "onrecord.toml").write_text(settings)
    return onrecord


def ask(onrecord: Onrecord, query: str) -> list[dict[str, Any]]:
    """The rows of a query."""
    ran = onrecord("sql", query, "--json")
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def state(onrecord: Onrecord) -> str:
    """How the last run ended."""
    return str(ask(onrecord, "SELECT state FROM runs ORDER BY started_at DESC LIMIT 1")[0]["state"])


def artifact(onrecord: Onrecord, key: str) -> str:
    """Description and content of the latest artifact of a key."""
    asked = {"artifacts": {"key": {"any_": [key]}}}
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{onrecord.api_url}/artifacts/latest/filter",
        json.dumps(asked).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        (found,) = json.load(answer)
    return f"{found['description']} {found['data']}"


def ingest(onrecord: Onrecord, *inputs: str | Path) -> str:
    """Ingest, and what it printed."""
    ran = onrecord("ingest", *inputs)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_source_list_is_followed_and_what_is_known_is_left_alone(online: Onrecord) -> None:
    with Site(2).in_thread() as site:
        for number, host in enumerate(site.hosts):
            open_newsroom(host, 3, first=3 * number)
        sources = source_list(online.folder / "list.toml", site)
        assert "6 new" in ingest(online, sources)
        assert state(online) == "Completed"
        assert "| Ledger 0 |" in artifact(online, "source-health")
        titles = {row["title"] for row in ask(online, "SELECT title FROM current_articles")}
        assert titles == {article_title(number) for number in range(6)}

        asked = len(site.log)
        assert "Nothing new" in ingest(online, sources)
        assert state(online) == "NoNewArticles"
        assert {one.path for one in site.log[asked:]} == {"/feed.xml"}  # robots.txt holds for a day

        open_newsroom(site.hosts[0], 4)
        assert "1 new" in ingest(online, sources)
        assert len(ask(online, "SELECT * FROM current_articles")) == 7
        assert [one.path for one in site.log].count("/news/0") == 1


def test_an_article_that_was_changed_becomes_a_new_version(online: Onrecord) -> None:
    with Site().in_thread() as site:
        host = site.hosts[0]
        host.pages["/a"] = article_page(1)
        ingest(online, host.url("/a"))
        ingest(online, host.url("/a"))
        assert state(online) == "NoNewArticles"
        host.pages["/a"] = article_page(1, "“We shall see,” said Peter Holm, a member of the council.")
        assert "1 new version" in ingest(online, host.url("/a"))
        assert len(ask(online, "SELECT * FROM article_versions")) == 2
        assert len(ask(online, "SELECT * FROM articles")) == 1


def test_every_attempt_is_a_row_and_every_failure_too(online: Onrecord) -> None:
    with Site(2).in_thread() as site:
        host, other = site.hosts
        host.pages.update({
            "/robots.txt": text("User-agent: *\nDisallow: /private\n"),
            "/a": article_page(1),
            "/moved": redirect("/a2"),
            "/a2": article_page(2),
            "/private": article_page(3),
            "/inward": redirect("http://169.254.169.254/latest"),
            "/packed": Answer(b"x" * 2000, headers=(("Content-Encoding", "br"),)),
        })  # fmt: skip
        other.pages["/busy"] = busy(503, 86_400)
        paths = ["/a", "/moved", "/private", "/inward", "/packed", "/gone"]
        printed = ingest(online, *(host.url(path) for path in paths), other.url("/busy"))
        rows = ask(online, "SELECT url, outcome, reason FROM fetches WHERE kind <> 'robots'")
        ended = {(row["url"].rpartition("/")[2], row["outcome"]): row["reason"] for row in rows}
        failed = ask(online, "SELECT input, stage, reason FROM failures")
        kept = list((online.folder / "kept").glob("*.warc.gz"))
    assert state(online) == "CompletedWithErrors"
    assert "Failed" in printed
    assert ended == {
        ("a", "fetched"): None,
        ("moved", "redirected"): None,
        ("moved", "fetched"): None,
        ("private", "refused"): "robots",
        ("inward", "redirected"): None,
        ("inward", "refused"): "blocked_address",
        ("packed", "failed"): "unsupported_coding",
        ("gone", "failed"): "http_404",
        ("busy", "failed"): "http_503",
        ("busy", "refused"): "backing_off",
    }
    assert {(row["input"].rpartition("/")[2], row["reason"]) for row in failed} == {
        ("private", "robots"),
        ("inward", "blocked_address"),
        ("packed", "unsupported_coding"),
        ("gone", "http_404"),
        ("busy", "backing_off"),
    }
    assert {row["stage"] for row in failed} == {"fetch"}
    assert kept


def test_a_feed_that_fails_costs_the_others_nothing(online: Onrecord) -> None:
    with Site(2).in_thread() as site:
        open_newsroom(site.hosts[0], 2)
        site.hosts[1].pages["/feed.xml"] = text("", 404)
        printed = ingest(online, source_list(online.folder / "list.toml", site))
        places = ask(online, "SELECT source, reason, new_items FROM fetch_places ORDER BY source")
    assert state(online) == "CompletedWithErrors"
    assert "Ledger 1" in printed
    assert [(row["source"], row["reason"], row["new_items"]) for row in places] == [
        ("Ledger 0", None, 2),
        ("Ledger 1", "http_404", 0),
    ]
    assert len(ask(online, "SELECT * FROM current_articles")) == 2


def test_a_page_is_looked_at_without_being_loaded(online: Onrecord) -> None:
    with Site().in_thread() as site:
        host = site.hosts[0]
        open_newsroom(host, 2)
        ran = online("extract", host.url("/news/1"))
        feed = online("extract", host.url("/feed.xml"))
        gone = online("extract", host.url("/gone"))
    assert ran.returncode == 0
    assert article_title(1) in ran.stdout
    assert (feed.returncode, "names 2 articles" in feed.stderr) == (1, True)
    assert (gone.returncode, "404" in gone.stderr) == (1, True)
    assert not (online.folder / "kept").exists()
    assert not (online.folder / "w.duckdb").exists()


def test_an_article_that_is_given_and_named_by_a_feed_is_asked_for_once(online: Onrecord) -> None:
    with Site().in_thread() as site:
        host = site.hosts[0]
        open_newsroom(host, 2)
        ingest(online, host.url("/news/1"), host.url("/feed.xml"))
        assert sorted(host.paths()) == ["/feed.xml", "/news/0", "/news/1", "/robots.txt"]
    assert len(ask(online, "SELECT * FROM current_articles")) == 2


def test_nothing_private_is_asked_without_leave(online: Onrecord) -> None:
    (online.folder / "onrecord.toml").write_text('warehouse = "w.duckdb"\narchive = "kept"\n')
    with Site().in_thread() as site:
        site.hosts[0].pages["/a"] = article_page(1)
        printed = ingest(online, site.hosts[0].url("/a"))
        assert site.log == []
    assert "ONRECORD_FETCH_ALLOW" in printed


def test_an_allow_list_that_means_nothing_is_the_users_mistake(online: Onrecord) -> None:
    (online.folder / "onrecord.toml").write_text('fetch_allow = "10.0.0.0/99"\n')
    ran = online("ingest", "http://127.0.0.1:1/")
    assert ran.returncode == 2
    assert "10.0.0.0/99" in ran.stderr


def test_what_the_feed_says_is_used_where_the_page_says_nothing(online: Onrecord) -> None:
    with Site().in_thread() as site:
        host = site.hosts[0]
        open_newsroom(host, 1)
        host.pages["/news/0"] = Answer(article_page(0).body.replace(b"2026-02-01T08:00:00Z", b""))
        ingest(online, host.url("/feed.xml"))
    (row,) = ask(online, "SELECT published_at, published_source FROM article_versions")
    assert (row["published_at"][:10], row["published_source"]) == ("2026-03-02", "feed")
