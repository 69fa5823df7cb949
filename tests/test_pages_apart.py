"""Through the work on a batch: a page that costs its process costs itself only, and entries make versions."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from tasks.batch import Batch, stage_batch
from tasks.clean.html import extract
from tasks.expendable import ExpendableProcess, expendable
from tasks.model import DocumentRef
from tasks.sources import read_sources
from tests.support.warehouse_samples import NOON, load_staged, opened
from warehouse.files import WarehouseFiles
from warehouse.publish import publish

WORDS = (
    "harbour",
    "stays",
    "open",
    "through",
    "the",
    "winter",
    "town",
    "council",
    "decided",
    "boats",
    "waited",
)
MORE_THAN_IT_GETS = 260 << 20  # bytes: libraries take 180 MB, and the large page 400


def page(number: int, paragraphs: int = 8) -> str:
    """A page with as many paragraphs of its own."""
    chance = random.Random(number)  # noqa: S311 - nothing secret
    text = (" ".join(chance.choices(WORDS, k=45)).capitalize() for _ in range(paragraphs))
    head = f"<title>Harbour stays open for {number} days</title>"
    address = f'<link rel="canonical" href="https://ledger.example/{number}">'
    body = "".join(f"<p>{words}.</p>\n" for words in text)
    return f"<html><head>{head}{address}</head><body><article>{body}</article></body></html>"


def batch_of(folder: Path, pages: dict[str, str]) -> Batch:
    refs = []
    for name, content in pages.items():
        (folder / name).write_text(content)
        refs.append(DocumentRef(folder / name, "html"))
    return Batch(1, tuple(refs))


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def test_a_page_that_takes_all_memory_becomes_a_failure_and_the_others_are_staged(
    files: WarehouseFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = ExpendableProcess(memory=MORE_THAN_IT_GETS)
    monkeypatch.setattr("tasks.batch.expendable", lambda: process)
    pages = {"1.html": page(1), "2.html": page(2, paragraphs=28_000), "3.html": page(3)}
    staged = stage_batch(batch_of(tmp_path, pages), files)
    process.end()
    (failure,) = staged.failures
    assert (Path(failure.input).name, failure.stage, failure.reason) == ("2.html", "clean", "out_of_memory")
    with opened(files) as con:
        load_staged(con, files)
        assert con.execute("SELECT input_id FROM articles ORDER BY ALL").fetchall() == [
            ("1.html",),
            ("3.html",),
        ]
        assert con.execute("SELECT reason FROM failures").fetchall() == [("out_of_memory",)]
    assert staged.cpu_seconds["extract"] > 0


def test_texts_start_no_process(
    files: WarehouseFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = ExpendableProcess()
    monkeypatch.setattr("tasks.batch.expendable", lambda: process)
    (tmp_path / "a.txt").write_text("The harbour stays open through the winter, the council decided.")
    staged = stage_batch(Batch(1, (DocumentRef(tmp_path / "a.txt", "text"),)), files)
    assert not staged.failures
    assert process._running is None
    assert "extract" not in staged.cpu_seconds


def test_a_page_comes_out_of_the_process_as_it_comes_out_here() -> None:
    try:
        assert expendable()(extract, page(1), None) == extract(page(1), None)
    finally:
        expendable().end()


def test_an_entry_makes_new_versions_of_its_outlets_articles_and_of_no_others(
    files: WarehouseFiles, tmp_path: Path
) -> None:
    batch = batch_of(tmp_path, {"1.html": page(1), "2.html": page(2)})
    listed = tmp_path / "sources.toml"
    hours = count(1)

    def loaded(order: str) -> list[int]:
        """How many versions each article has, after a load under this order."""
        entry = f"[[source]]\ndomains = 'ledger.example'\nurls = '/1$'\ndrop_lines = '{order}'"
        listed.write_text(entry if order else "")
        staged = stage_batch(batch, files, read_sources(listed))
        with opened(files) as con:
            if staged.path is not None:
                load_staged(con, files, NOON + timedelta(hours=next(hours)))
            publish(con, files, con.execute("SELECT now()::TIMESTAMP").fetchall()[0][0])
            found = con.execute(
                """
                SELECT input_id, count(*)
                FROM articles
                JOIN article_versions USING (article_id)
                GROUP BY input_id
                ORDER BY input_id
                """
            ).fetchall()
        return [versions for _, versions in found]

    def in_force() -> list[bool]:
        """Whether the current version of each article is the one that no entry made."""
        with opened(files) as con:
            found = con.execute(
                """
                SELECT extractor NOT LIKE '%+source %'
                FROM current_versions
                JOIN articles USING (article_id)
                ORDER BY input_id
                """
            ).fetchall()
        return [is_plain for (is_plain,) in found]

    try:
        assert loaded("") == [1, 1]
        assert loaded("never there") == [2, 1]
        assert loaded("never there") == [2, 1]
        assert loaded("harbour") == [3, 1]
        assert in_force() == [False, True]
        for _ in range(2):  # a second load of the same changes nothing
            assert loaded("") == [3, 1]
            assert in_force() == [True, True]
        with opened(files) as con:
            assert con.execute("SELECT count(*) FROM version_revivals").fetchall() == [(1,)]
        assert loaded("harbour") == [3, 1]
        assert in_force() == [False, True]
        assert loaded("") == [3, 1]
        assert in_force() == [True, True]
    finally:
        expendable().end()
