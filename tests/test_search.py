"""What search() finds, in which order, and that its index follows the loads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.support.warehouse_samples import NOON, Rows, article, load_staged, opened, stage
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.rows import OutletRow, SegmentRow, VersionRow
from warehouse.search_index import index_versions, sort_postings

ARTICLES = (
    ("Ferry strike ends", "The ferries sail again. Captains signed the new contract on Monday."),
    ("Council meets", "A new contract for the ferry port was on the table; the strike was not."),
    ("Long council night", "Council, council, council. " + "Nothing was decided about the harbour. " * 40),
    ("Erdoğan visits", "The visitor praised the port’s café."),
    ("我们的港口", "港口今天开放。"),
)


def made(number: int, title: str, body: str, *, extractor: str = "test 1") -> Rows:
    """An article of our own words, with a headline of another one cut off behind it."""
    tail = "\n\nZeppelin seen"
    text = f"{title}\n\n{body}{tail}"
    rows = article(number, extractor=extractor)
    [version] = [row for row in rows["article_versions"] if isinstance(row, VersionRow)]
    day = date(2024, 5, 1) + timedelta(days=number)
    version = version._replace(title=title, text=text, published_on=day, author=f"Writer {number}")
    at, end = len(title), len(title) + 2 + len(body)
    return {
        "outlets": [OutletRow(stable_id("outlet", str(number % 3)), f"The Daily {number % 3}")],
        "articles": rows["articles"],
        "article_versions": [version],
        "segments": [
            SegmentRow(version.version_id, 0, 0, at, "title", "first line", 1.0),
            SegmentRow(version.version_id, 1, at, end, "body", "default", 1.0),
            SegmentRow(version.version_id, 2, end, len(text), "dropped", "known title", 1.0),
        ],
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> WarehouseFiles:
    return WarehouseFiles(tmp_path_factory.mktemp("search") / "news.duckdb")


@pytest.fixture(scope="module")
def con(files: WarehouseFiles) -> Iterator[duckdb.DuckDBPyConnection]:
    stage(files, "all", [made(number, *words) for number, words in enumerate(ARTICLES)])
    with opened(files) as con:
        load_staged(con, files)
        assert index_versions(con) == len(ARTICLES)
        yield con


def found(con: duckdb.DuckDBPyConnection, words: str) -> list[str]:
    return [title for (title,) in con.execute("SELECT title FROM search(?)", [words]).fetchall()]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("ferry", ["Ferry strike ends", "Council meets"]),  # in the title it counts more
        ("FERRIES Contracts", ["Ferry strike ends", "Council meets"]),  # plurals, capitals
        ("council", ["Council meets", "Long council night"]),  # the longer the text, the less a word says
        ("erdogan cafe", ["Erdoğan visits"]),  # diacritics
        ("port's", ["Erdoğan visits"]),  # two words that follow each other
        ('"new contract"', ["Ferry strike ends", "Council meets"]),
        ('"contract new"', []),
        ('"Council meets"', ["Council meets"]),
        ("title:strike", ["Ferry strike ends"]),
        ('title:"council night"', ["Long council night"]),
        ("strike -council", ["Ferry strike ends"]),
        ('contract -"ferry port"', ["Ferry strike ends"]),
        ("capt*", ["Ferry strike ends"]),
        ("capt", []),
        ("strike outlet:'the daily 1'", []),
        ('strike outlet:"daily 1"', ["Council meets"]),
        ("strike -outlet:daily", []),
        ("strike author:0", ["Ferry strike ends"]),
        ("strike since:2024-05-02", ["Council meets"]),
        ("strike until:2024-05-01", ["Ferry strike ends"]),
        ("strike since:nonsense", []),
        ("strike language:de", []),
        ("港口", ["我们的港口"]),
        ("口港", []),
        ("strike zeppelin", []),
        ("zeppelin", []),  # it was cut off
        ("", []),
        ("?!", []),
        ('"', []),
        ("-strike", []),
        ("%", []),
    ],
)
def test_search_finds(con: duckdb.DuckDBPyConnection, words: str, titles: list[str]) -> None:
    assert found(con, words) == titles


def test_an_excerpt_shows_where(con: duckdb.DuckDBPyConnection) -> None:
    [(excerpt,)] = con.execute("SELECT excerpt FROM search('captain')").fetchall()
    assert "Captains signed" in excerpt


def test_excerpts_are_of_the_best_and_everything_is_found(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute("SELECT excerpt IS NULL FROM search('council', excerpts := 1)").fetchall()
    assert shown == [(False,), (True,)]


def test_scores_do_not_depend_on_the_order_of_loading(tmp_path: Path) -> None:
    answers = []
    for order in (1, -1):
        files = WarehouseFiles(tmp_path / f"{order}.duckdb")
        with opened(files) as con:
            for number in list(range(len(ARTICLES)))[::order]:
                stage(files, str(number), [made(number, *ARTICLES[number])])
                load_staged(con, files, NOON + timedelta(minutes=order * number))
                index_versions(con)
            answers.append(con.execute("FROM search('council')").fetchall())
            answers.append(con.execute("FROM search('the port')").fetchall())
    assert answers[:2] == answers[2:]
    assert len(answers[0]) == 2


def test_only_the_latest_version_is_found_and_the_clock_may_go_back(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    with opened(files) as con:
        stage(files, "first", [made(0, "Ferry strike ends", "The ferries sail.")])
        load_staged(con, files, NOON)
        assert index_versions(con) == 1
        stage(files, "second", [made(0, "Ferry strike goes on", "They do not.", extractor="test 2")])
        load_staged(con, files, NOON + timedelta(hours=1))
        assert index_versions(con) == 1
        assert (found(con, "strike"), found(con, "sail")) == (["Ferry strike goes on"], [])
        stage(files, "third", [made(1, "Ferry timetable", "Every hour.")])
        load_staged(con, files, NOON - timedelta(days=1))
        assert index_versions(con) == 1
        assert found(con, "timetable") == ["Ferry timetable"]
        assert index_versions(con) == 0


def test_sorted_postings_answer_the_same(con: duckdb.DuckDBPyConnection) -> None:
    before = con.execute("FROM search('the')").fetchall()
    assert sort_postings(con, least=1)
    assert not sort_postings(con, least=1)  # nothing was added since
    assert con.execute("FROM search('the')").fetchall() == before != []
    words = [number for (number,) in con.execute("SELECT term_no FROM search_postings").fetchall()]
    assert words == sorted(words)
