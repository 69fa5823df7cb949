"""What analysts see: the contract's tables, views and macros, comments on everything, read-only SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import duckdb
import pytest

from tests.support.warehouse_samples import DAY, LATER, NOON, Rows, article, ingest, opened
from warehouse.connect import reading, utc_now
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import load_batch
from warehouse.query import query
from warehouse.rows import ROW_TYPES, ArticleRow, VersionRow
from warehouse.schema import migrate
from warehouse.staging import write_batch

CONTRACT = {
    "outlets": "outlet_id name domain publisher",
    "articles": "article_id outlet_id input_id url first_seen_at",
    "article_versions": "version_id article_id title author published_at published_on language text "
    "extractor extracted_at",
    "segments": "version_id segment_no char_start char_end role rule score",
    "entities": "entity_id label name",
    "entity_aliases": "entity_id alias rule",
    "mentions": "mention_id version_id entity_id label surface char_start char_end score rule",
    "quotes": "quote_id version_id kind stance text char_start char_end cue cue_start cue_end speaker "
    "speaker_start speaker_end speaker_entity_id speaker_null_reason carrier_quote_id score",
    "quote_spans": "quote_id span_no char_start char_end",
    "article_pairs": "article_a article_b kind score",
    "stories": "story_id",
    "story_articles": "story_id article_id role",
    "story_redirects": "old_story_id new_story_id",
    "quote_pairs": "quote_a a_start a_end quote_b b_start b_end kind score rule",
    "fetches": "url outcome reason",
    "failures": "input stage reason message",
    "runs": "",
    "load_batches": "",
    "quality_checks": "",
    "current_articles": "article_id version_id input_id outlet url title author published_at language "
    "body dropped",
    "who_said_what": "speaker role quote outlet title published_at story_id quote_id",
}
STORY = UUID(int=11)
OLD_STORY = UUID(int=12)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> WarehouseFiles:
    files = WarehouseFiles(tmp_path_factory.mktemp("sql") / "news.duckdb")
    ingest(files, "one", [article(number) for number in range(8)])
    with opened(files) as con:
        con.execute("INSERT INTO stories VALUES (?, 'The harbour', NULL, NULL, 2, 2)", [STORY])
        con.execute(
            """
            INSERT INTO story_articles (story_id, article_id, role, published_on)
            SELECT ?, article_id, 'report', ?
            FROM articles
            WHERE input_id <= '1.txt'
            """,
            [STORY, DAY],
        )
        con.execute("INSERT INTO story_redirects VALUES (?, ?, ?)", [OLD_STORY, STORY, NOON])
    ingest(files, "two", [article(8)])
    return files


@pytest.fixture
def con(files: WarehouseFiles) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading(files.published) as con:
        yield con


def rows(files: WarehouseFiles, sql: str) -> list[tuple[object, ...]]:
    return query(files.published, sql).rows


# --- the contract ----------------------------------------------------------------


def test_every_table_and_view_of_the_contract_has_its_columns(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for name, columns in CONTRACT.items():
        described = [column for column, *_ in con.execute(f"DESCRIBE {name}").fetchall()]
        assert set(columns.split()) <= set(described), name


def test_every_table_view_macro_and_column_carries_a_comment(con: duckdb.DuckDBPyConnection) -> None:
    bare = con.execute(
        """
        SELECT table_name FROM duckdb_tables() WHERE comment IS NULL
        UNION ALL
        SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal
        UNION ALL
        SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal
        UNION ALL
        SELECT function_name FROM duckdb_functions()
        WHERE comment IS NULL AND NOT internal AND database_name = current_database()
        """
    ).fetchall()
    assert bare == []


def test_a_published_file_says_how_old_it_is_and_what_it_holds(files: WarehouseFiles) -> None:
    assert rows(files, "SELECT made_at, batches, articles FROM snapshot_info") == [(NOON, 2, 9)]
    ((made_at, age, articles),) = rows(files, "SELECT made_at, age, articles FROM snapshot")
    assert (made_at, articles) == (NOON, 9)
    assert isinstance(age, timedelta)
    assert abs(utc_now() - NOON - age) < timedelta(minutes=5)


def test_an_older_duckdb_may_open_the_published_file(files: WarehouseFiles) -> None:
    (tags,) = rows(files, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal")
    assert tags == ("v1.5.0+",)


# --- views -----------------------------------------------------------------------


def test_a_current_article_is_its_body_without_what_was_cut_off(files: WarehouseFiles) -> None:
    ((title, body, dropped),) = rows(
        files, "SELECT title, body, dropped FROM current_articles WHERE input_id = '3.txt'"
    )
    assert title == "Harbour closes for 3 days"
    assert body == "“We close for 3 days,” Lind said, “and not one more.”\n\nShips wait."
    assert dropped == "Ten soups for the winter"


def test_stretches_that_touch_are_one_text_and_others_are_paragraphs(con: duckdb.DuckDBPyConnection) -> None:
    def joined(words: str, *cuts: tuple[int, int]) -> str:
        stretches = [{"char_start": start, "char_end": end} for start, end in cuts]
        row = con.execute("SELECT joined(?, ?)", [words, stretches]).fetchone()
        assert row is not None
        return str(row[0])

    assert joined("abc def", (0, 4), (4, 7)) == "abc def"
    assert joined("abc \n \n def\nghi", (0, 7), (7, 15)) == "abc\n\ndef\nghi"
    assert joined("abc Photo: X def ", (0, 4), (13, 17)) == "abc\n\ndef"
    assert joined("çğ😀 x", (2, 3)) == "😀"


def test_an_article_without_body_or_outlet_is_an_article_all_the_same(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    bare = article(1)
    row = cast("ArticleRow", bare["articles"][0])._replace(outlet_id=None)
    ingest(files, "one", [{"articles": [row], "article_versions": bare["article_versions"]}])
    assert rows(files, "SELECT outlet, body, dropped FROM current_articles") == [(None, "", "")]


def test_the_latest_version_is_the_current_one(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    ingest(files, "new", [article(1, extractor="test 2")], LATER)
    ingest(files, "old", [article(1, extractor="test 1")], NOON)
    assert rows(files, "SELECT extractor FROM current_articles JOIN article_versions USING (version_id)") == [
        ("test 2",)
    ]
    assert len(rows(files, "FROM who_said_what")) == 1


def version(name: str, location: str, published: int | None = 5, modified: int | None = None) -> Rows:
    """A version of article 1 with this extractor, place in its source, and days of May."""
    rows = article(1, extractor=name, location=location)
    (row,) = cast("list[VersionRow]", rows["article_versions"])
    at = [None if day is None else NOON.replace(day=day) for day in (published, modified)]
    on = at[0].date() if at[0] else None
    return rows | {"article_versions": [row._replace(published_at=at[0], published_on=on, modified_at=at[1])]}


@pytest.mark.parametrize(
    ("versions", "current"),
    [
        ([version("a", "in.jsonl:2"), version("b", "in.jsonl:10"), version("c", "in.jsonl:9")], "b"),
        ([version(name, f"in.jsonl:{ord('k') - ord(name)}") for name in "abcdefgh"], "a"),
        ([version("a", "in.jsonl:1", 6), version("b", "in.jsonl:2", 5)], "a"),
        ([version("a", "in.jsonl:1", 4, 7), version("b", "in.jsonl:2", 6)], "a"),
        ([version("a", "in.jsonl:1", 4), version("b", "in.jsonl:2", None)], "b"),
        ([version("a", "in.jsonl:3", 4), version("b", "in.jsonl:2", None), version("c", "x:9", 3)], "a"),
        ([version("a", "a.txt"), version("b", "b.txt")], "b"),
    ],
)
def test_of_the_versions_of_one_load_the_later_date_then_the_later_line_is_current(
    empty: duckdb.DuckDBPyConnection, tmp_path: Path, versions: list[Rows], current: str
) -> None:
    for order in (versions, versions[::-1]):
        for table in (*ROW_TYPES, "load_batches"):
            empty.execute(f"TRUNCATE {table}")
        for number, rows in enumerate(order):
            load_batch(empty, write_batch(tmp_path, stable_id(str(number)), rows), NOON)
        assert empty.execute("SELECT extractor FROM current_versions").fetchall() == [(current,)]


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:", config={"threads": 1})
    migrate(con, NOON)
    return con


def test_who_said_what_reads_in_the_order_of_publication_and_leaves_out_the_attribution(
    files: WarehouseFiles,
) -> None:
    found = rows(files, "SELECT speaker, role, quote, outlet, published_at FROM who_said_what")
    assert [row[:4] for row in found[:2]] == [
        (
            "Dr Ana Maria Ribeiro",
            "Harbour Master",
            "“We close for 8 days,” … “and not one more.”",
            "The Daily 2",
        ),
        ("Óscar Lind", "Harbour Master", "“We close for 7 days,” … “and not one more.”", "The Daily 1"),
    ]
    times = [str(row[4]) for row in found]
    assert times == sorted(times)


# --- macros ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "speaker", "quotes"),
    [
        ("ribeiro", "Dr Ana Maria Ribeiro", 5),
        ("ANA RIBÉIRO", "Dr Ana Maria Ribeiro", 5),
        ("oscar", "Óscar Lind", 4),
        (" Óscar Lind ", "Óscar Lind", 4),
        ("lin", None, 0),
        ("%", None, 0),
        ("", None, 0),
    ],
)
def test_quotes_are_found_by_any_name_of_their_speaker(
    con: duckdb.DuckDBPyConnection, name: str, speaker: str | None, quotes: int
) -> None:
    found = con.execute("SELECT speaker FROM quotes_by(?)", [name]).fetchall()
    assert found == [(speaker,)] * quotes


def test_a_story_board_shows_its_articles_and_follows_a_merge(con: duckdb.DuckDBPyConnection) -> None:
    for story in (STORY, str(OLD_STORY)):
        board = con.execute("SELECT role, outlet, quotes, speakers FROM story_board(?)", [story]).fetchall()
        assert sorted(board) == [
            ("report", "The Daily 0", 1, ["Dr Ana Maria Ribeiro"]),
            ("report", "The Daily 1", 1, ["Óscar Lind"]),
        ]
    assert con.execute("FROM story_board('no story')").fetchall() == []


def test_an_excerpt_is_cut_between_words(con: duckdb.DuckDBPyConnection) -> None:
    words = "Ships wait. " * 30
    cut = con.execute(
        "SELECT excerpt($w, 1), excerpt($w, 200), excerpt('All of it', 3)", {"w": words}
    ).fetchone()
    assert cut is not None
    assert [set(part.replace("…", "").split()) for part in cut[:2]] == [{"Ships", "wait."}] * 2
    assert cut[0].endswith("…")
    assert cut[1].startswith("… ")
    assert cut[2] == "All of it"


# --- ad-hoc SQL ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nope FROM articles", "nope"),
        ("SELECT * FROM quote", 'Did you mean "quotes"'),
        ("DELETE FROM articles", "read-only"),
        ("COPY articles TO 'stolen.csv'", "disabled"),
        ("SELECT * FROM read_text('/etc/passwd')", "disabled"),
        ("ATTACH 'other.duckdb'", "disabled"),
        ("SET enable_external_access = true", "."),
        ("SELECT * FROM files", "files"),
        ("", "who_said_what"),
        ("-- nothing", "who_said_what"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_sql_that_is_wrong_or_wants_too_much_is_told_in_one_line(
    files: WarehouseFiles, sql: str, told: str
) -> None:
    with pytest.raises(WarehouseError, match=told) as caught:
        query(files.published, sql)
    assert caught.value.reason == "bad_sql"
    assert "\n" not in caught.value.message


def test_a_result_has_its_columns_types_and_rows(files: WarehouseFiles) -> None:
    result = query(files.published, "SELECT count(*) AS articles, DATE '2024-05-01' AS day FROM articles")
    assert (result.columns, result.types, result.rows) == (
        ("articles", "day"),
        ("BIGINT", "DATE"),
        [(9, DAY)],
    )
    assert query(files.published, "SELECT 1 WHERE false;").rows == []
    exact = "SELECT 1.50::DECIMAL(9, 2) AS a, {'b': [1::HUGEINT]} AS c"
    assert query(files.published, exact).types == ("DECIMAL(9,2)", "STRUCT(b HUGEINT[])")
