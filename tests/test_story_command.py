"""Stories for analysts: the board, who quoted what and who left it out, each outlet's wording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest
from click.testing import CliRunner, Result

from flows.cli import main
from tasks.link.statement_step import link_statements_of
from tests.support.told_story import NOW, load_articles, told_story
from warehouse.checks import run_checks
from warehouse.connect import loading, reading
from warehouse.files import WarehouseFiles

REBUILD = "We will rebuild the bridge before the first snow falls, and the state will pay for every nail"
NORTHERN, LEDGER = "Northern Press", "The Daily Ledger"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told_story(tmp_path_factory.mktemp("story"))


@pytest.fixture
def con(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(warehouse) as con:
        yield con


@pytest.fixture(scope="module")
def bridge(warehouse: Path) -> str:
    """The story that four articles tell."""
    return story_of(warehouse, articles=4)


@pytest.fixture(scope="module")
def harvest(warehouse: Path) -> str:
    """The story that one article tells."""
    return story_of(warehouse, articles=1)


def story_of(warehouse: Path, articles: int) -> str:
    with reading(warehouse) as con:
        [(story_id,)] = ask(con, "SELECT story_id::VARCHAR FROM stories WHERE articles = ?", articles)
    return str(story_id)


def ask(con: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(values)).fetchall()


def story(warehouse: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["story", *words, "--warehouse", str(warehouse)])


# --- in SQL ------------------------------------------------------------------------


def test_the_board_folds_copies_and_publishers_into_voices(
    con: duckdb.DuckDBPyConnection, bridge: str
) -> None:
    board = ask(
        con,
        "SELECT voice_no, voice, role, outlet, floor(epoch(behind_first) / 3600) FROM story_board(?)",
        bridge,
    )
    assert board == [
        (1, LEDGER, "original", LEDGER, 0),
        (1, LEDGER, "copy", "Coast Tribune", 1),
        (2, NORTHERN, "report", "Morning Post Herald", 3),
        (2, NORTHERN, "report", "Inland Gazette", 22),
    ]


def test_who_quoted_what_and_who_left_it_out(con: duckdb.DuckDBPyConnection, bridge: str) -> None:
    rows = ask(
        con,
        "SELECT statement, speaker, voices, quoted_by, left_out_by, wordings FROM story_statements(?)",
        bridge,
    )
    by_statement = {row[0]: row[1:] for row in rows}
    assert by_statement[REBUILD] == ("Anna Keller", 2, [NORTHERN, LEDGER], [], 4)
    assert by_statement["Nobody was hurt this morning"] == ("Anna Keller", 1, [LEDGER], [NORTHERN], 2)
    mine = "I have crossed this bridge every day of my life"
    assert by_statement[mine] == ("Anna Keller", 1, [NORTHERN], [LEDGER], 1)
    assert rows[0][0] == REBUILD


def test_how_each_outlet_worded_a_statement(con: duckdb.DuckDBPyConnection, bridge: str) -> None:
    rows = ask(con, "SELECT outlet, kind, wording FROM story_wordings(?) WHERE voices > 1", bridge)
    assert rows == [
        (LEDGER, "head", REBUILD),
        ("Coast Tribune", "same", REBUILD),
        ("Morning Post Herald", "fragment", "rebuild the bridge before the first snow falls"),
        (
            "Inland Gazette",
            "variant",
            "We'll rebuild this bridge before the first snow falls, and the state will pay for each nail",
        ),
    ]


def test_the_offsets_of_pairs_cut_the_statement_out_of_the_text(con: duckdb.DuckDBPyConnection) -> None:
    pairs = ask(
        con,
        """
        SELECT
            p.kind,
            substr(va.text, p.a_start + 1, p.a_end - p.a_start),
            substr(vb.text, p.b_start + 1, p.b_end - p.b_start)
        FROM quote_pairs AS p
        JOIN quotes AS a ON a.quote_id = p.quote_a
        JOIN article_versions AS va ON va.version_id = a.version_id
        JOIN quotes AS b ON b.quote_id = p.quote_b
        JOIN article_versions AS vb ON vb.version_id = b.version_id
        """,
    )
    assert {one for kind, *both in pairs if kind == "same" for one in both} >= {REBUILD}
    assert all(one.casefold() == other.casefold() for kind, one, other in pairs if kind == "same")
    assert all(one in other or other in one for kind, one, other in pairs if kind == "fragment")
    assert {kind for kind, *_ in pairs} == {"same", "fragment", "variant"}


def test_a_story_of_one_article_has_no_statements(con: duckdb.DuckDBPyConnection, harvest: str) -> None:
    assert ask(con, "FROM story_statements(?)", harvest) == []
    assert ask(con, "SELECT statements FROM latest_stories WHERE story_id = ?::UUID", harvest) == [(0,)]


def test_the_latest_stories_say_how_many_voices_tell_them(
    con: duckdb.DuckDBPyConnection, bridge: str, harvest: str
) -> None:
    rows = ask(
        con, "SELECT story_id::VARCHAR, articles, copies, voices, shared_statements FROM latest_stories"
    )
    assert rows == [(harvest, 1, 0, [NORTHERN], 0), (bridge, 4, 1, [NORTHERN, LEDGER], 1)]


# --- kept up to date -----------------------------------------------------------------


def test_linking_again_changes_nothing_and_a_story_that_is_no_more_is_forgotten(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "w.duckdb")
    load_articles(files)
    tables = ("quote_pairs", "statements", "statement_wordings")
    with loading(files, wait_seconds=0) as con:
        [(bridge,)] = ask(con, "SELECT story_id FROM stories WHERE articles = 4")
        before = {table: ask(con, f"FROM {table} ORDER BY ALL") for table in tables}
        assert all(before.values())
        link_statements_of(con, [bridge])
        assert {table: ask(con, f"FROM {table} ORDER BY ALL") for table in tables} == before
        con.execute("DELETE FROM story_articles WHERE story_id = ?", [bridge])
        con.execute("DELETE FROM stories WHERE story_id = ?", [bridge])
        link_statements_of(con, [], [bridge])
        assert {table: ask(con, f"FROM {table}") for table in tables} == {table: [] for table in tables}


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param(([4, 3, 2, 1, 0],), id="the other way round"),
        pytest.param(([3], [1], [4, 2], [0], [0, 1]), id="one by one, the first last, some again"),
    ],
)
def test_the_order_of_loading_changes_no_statement(
    warehouse: Path, tmp_path: Path, batches: tuple[list[int], ...]
) -> None:
    files = WarehouseFiles(tmp_path / "w.duckdb")
    load_articles(files, batches)
    tables = {
        "story_articles": "* EXCLUDE (story_id)",
        "quote_pairs": "* EXCLUDE (story_id)",
        "statements": "* EXCLUDE (story_id)",
        "statement_wordings": "* EXCLUDE (story_id)",
    }
    with reading(warehouse) as con:
        wanted = {table: ask(con, f"SELECT {of} FROM {table} ORDER BY ALL") for table, of in tables.items()}
    with loading(files, wait_seconds=0) as con:
        for table, of in tables.items():
            assert ask(con, f"SELECT {of} FROM {table} ORDER BY ALL") == wanted[table], table
        stories = (
            "SELECT count(*), count(DISTINCT story_id) FROM stories SEMI JOIN statements USING (story_id)"
        )
        assert ask(con, stories) == [(1, 1)]


def test_the_checks_find_nothing_wrong(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "w.duckdb")
    load_articles(files)
    with loading(files, wait_seconds=0) as con:
        results = run_checks(con, UUID(int=7), NOW)
        assert [found.check.name for found in results if not found.passed] == []
        assert {"quote_pair_offsets", "statements_without_head"} <= {found.check.name for found in results}


# --- in the terminal -----------------------------------------------------------------


def test_the_list_has_what_several_voices_tell(warehouse: Path) -> None:
    result = story(warehouse)
    assert result.exit_code == 0, result.output
    assert "Oslo closes its harbour bridge" in result.stdout
    assert "2 voices, 1 shared statement" in result.stdout
    assert "Accra" not in result.stdout
    assert "Accra" in story(warehouse, "--all").stdout


def test_a_story_is_printed_with_its_wordings(warehouse: Path, bridge: str) -> None:
    result = story(warehouse, bridge[:8])
    assert result.exit_code == 0, result.output
    told = result.stdout
    assert "4 articles, 1 of them copies · 2 voices" in told
    assert "a copy" in told
    assert "⊂ Morning Post Herald  “rebuild the bridge before the first snow falls”" in told
    assert "~ Inland Gazette  “We'll rebuild this bridge" in told
    assert "= Coast Tribune" in told
    assert "Only in Northern Press" in told
    assert "\x1b" not in told


@pytest.mark.parametrize("columns", [80, 160])
def test_no_line_is_wider_than_the_terminal(
    warehouse: Path, bridge: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.console.width_of", lambda _stream, elsewhere: columns or elsewhere)
    lines = story(warehouse, bridge, "--all").stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert max(map(len, lines)) > min(columns, 100) - 15


def test_json_has_the_whole_story(warehouse: Path, bridge: str) -> None:
    made = json.loads(story(warehouse, bridge, "--json").stdout)
    assert [row["outlet"] for row in made["board"]][:2] == [LEDGER, "Coast Tribune"]
    first = made["statements"][0]
    assert first["statement"] == REBUILD
    assert [wording["kind"] for wording in first["wordings"]] == ["head", "same", "fragment", "variant"]
    assert [json.loads(line)["story_id"] for line in story(warehouse, "--json").stdout.splitlines()] == [
        bridge
    ]


@pytest.mark.parametrize("given", ["ffff0000", "no story", "a", "'; DROP"])
def test_an_id_of_no_story_is_told(warehouse: Path, given: str) -> None:
    result = story(warehouse, given)
    assert result.exit_code == 1
    assert "There is no story" in result.stderr
