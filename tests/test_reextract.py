"""`onrecord reextract`: today's extraction over what was fetched, as new versions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import tasks.batch
from tasks.archive.chosen import EVERYTHING, NoArchiveError, Window, chosen_pages
from tasks.archive.writer import open_archive
from tests.support.command_line import Onrecord
from tests.support.exchanges import BEGAN, HOST, address, candidate, exchange, page
from tests.support.loading import ask, load_refs
from warehouse.files import WarehouseFiles

DAY = 24 * 60  # minutes


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Three articles, a day apart, the first of them fetched again unchanged; and what is no article."""
    folder = tmp_path / "archive"
    with open_archive(folder) as writer:
        for number in range(3):
            writer.append(exchange(number, minutes=number * DAY), candidate(number))
        writer.append(exchange(0, minutes=3 * DAY), candidate(0))
        writer.append(exchange(9, b"User-agent: *", url=f"{HOST}/robots.txt"))
        writer.append(exchange(8, page(8), status=404, reason="Not Found"), candidate(8))
    return folder


def chosen(archive: Path, window: Window = EVERYTHING, hosts: frozenset[str] | None = None) -> list[str]:
    return [str(ref.url) for ref in chosen_pages(archive, window, hosts)]


def test_what_was_fetched_as_an_article_is_chosen(archive: Path) -> None:
    assert chosen(archive) == [address(0), address(1), address(2), address(0)]


def test_a_window_of_days(archive: Path) -> None:
    first = BEGAN.date()
    assert chosen(archive, Window(date(2026, 3, 2), date(2026, 3, 3))) == [address(1), address(2)]
    assert chosen(archive, Window(None, first)) == [address(0)]
    assert chosen(archive, Window(date(2027, 1, 1))) == []


def test_the_hosts_of_one_outlet(archive: Path) -> None:
    assert len(chosen(archive, hosts=frozenset({"news.example"}))) == 4
    assert chosen(archive, hosts=frozenset({"other.example"})) == []


def test_an_archive_that_is_being_written_is_read_as_far_as_it_has_come(archive: Path) -> None:
    with open_archive(archive) as writer:
        writer.append(exchange(5, minutes=9 * DAY), candidate(5))
        writer.sync()
        assert chosen(archive)[-1] == address(5)


def test_no_archive_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError, match="nothing was fetched yet"):
        chosen(tmp_path / "nowhere")


def test_another_extraction_adds_versions_and_deletes_none(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    load_refs(files, list(chosen_pages(archive)))
    before = ask(files, "SELECT version_id FROM article_versions ORDER BY ALL")
    [again] = load_refs(files, list(chosen_pages(archive)))
    assert (again.known, again.path) == (4, None)
    monkeypatch.setattr(tasks.batch, "EXTRACTOR", "tomorrow's")
    load_refs(files, list(chosen_pages(archive)))
    after = ask(files, "SELECT version_id FROM article_versions ORDER BY ALL")
    assert set(before) < set(after)
    assert len(after) == 2 * len(before) == 6
    assert ask(files, "SELECT DISTINCT split_part(extractor, '+', 1) FROM current_versions") == [
        ("tomorrow's",)
    ]
    assert ask(files, "SELECT count(*) FROM observations") == [(8,)]
    assert ask(files, "SELECT DISTINCT cause FROM version_changes") == [("extraction",)]
    assert ask(files, "FROM corrections") == []


@pytest.mark.prefect
def test_the_command_loads_what_is_missing_and_then_nothing(onrecord: Onrecord, archive: Path) -> None:
    run = onrecord("reextract", "--archive", archive, "--warehouse", "news.duckdb")
    assert run.returncode == 0, run.stderr
    assert "3 articles" in run.stdout
    again = onrecord(
        "reextract", "--archive", archive, "--warehouse", "news.duckdb", "--outlet", "news.example"
    )
    assert again.returncode == 0, again.stderr
    assert "Nothing new (4 documents known already)" in again.stdout
    commands = onrecord("sql", "SELECT command FROM runs", "--csv", "--warehouse", "news.duckdb").stdout
    assert commands.split() == ["command", "reextract", "reextract"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--archive", "nowhere"), 1, "There is no archive at nowhere"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), 2, "--since 2026-03-02 is after"),
        (("--since", "yesterday"), 2, "does not match the format"),
    ],
)
def test_what_cannot_be_meant_is_told_at_once(
    onrecord: Onrecord, words: tuple[str, ...], code: int, sentence: str
) -> None:
    run = onrecord("reextract", *words)
    assert run.returncode == code
    assert sentence in run.stderr
