"""The main job on the two seed articles, through the command line: every detail that the README promises."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Onrecord
from tests.support.tables import contents
from warehouse.connect import reading

pytestmark = pytest.mark.prefect

SYROMOLOTOV = "Oleg Syromolotov"
HEADLINES = (
    "Man discovers massive Roman mosaic floor while gardening",
    "Turkish man dies by suicide after murdering two women on same day",
    "Turkey's stray dogs rehomed abroad following new street clearance law",
    "Women in Turkey take to streets over brutal femicides",
    "5 defendants receive aggravated life sentences for Sinan Ateş's murder",
    "Minimum pension increased to $377, still $200 below hunger threshold",
)
# The thirteen passages in quote marks, by article: how they begin, and the kind of the quote they stand in.
PASSAGES = {
    "000": [
        ("These ISIS militants could", "direct"),
        ("We do not have the exact number", "direct"),
        ("significantly concerned", "mixed"),
        ("These ISIS militants could", "direct"),
        ("resumption of hostiles", "mixed"),
        ("In order to prevent the recreation", "direct"),
    ],
    "001": [
        ("We do not yet have exact data", "direct"),
        ("significantly concerned", "mixed"),
        ("freed IS militants may contribute", "mixed"),
        ("All this has basically become", "direct"),
        ("prevent resumption of active fighting", "mixed"),
        ("contribute to restoring Syria's", "mixed"),
        ("This is what the Russian-Turkish", "direct"),
    ],
}

# Contents that are not indirect: some hold two passages.
CONTENTS = {"000": 6, "001": 5}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, api_url: str, seeds: Path) -> Path:
    """The seeds, ingested once for all tests of this file."""
    onrecord = Onrecord(tmp_path_factory.mktemp("seeds"), api_url)
    result = onrecord("ingest", seeds, "--warehouse", "w.duckdb")
    assert result.returncode == 0, result.stderr
    (onrecord.folder / "summary.txt").write_text(result.stdout)
    return onrecord.folder / "w.duckdb"


def ask(warehouse: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with reading(warehouse) as con:
        return con.execute(query, list(values)).fetchall()


def test_the_summary_tells_what_a_newsroom_wants_to_know(warehouse: Path) -> None:
    summary = warehouse.with_name("summary.txt").read_text()
    for part in (
        "2 articles of 2 outlets",
        SYROMOLOTOV,
        "Deputy Foreign Minister",
        "Dropped",
        "59 words, rule ",
    ):
        assert part in summary
    to_story, to_page = summary.splitlines()[-2:]
    assert "onrecord story" in to_story
    assert "onrecord report" in to_page


def test_exactly_the_six_headlines_are_dropped(warehouse: Path) -> None:
    dropped = ask(warehouse, "SELECT input_id[:3], dropped FROM current_articles ORDER BY input_id")
    assert dropped == [("000", " ".join(HEADLINES)), ("001", "")]


def test_every_passage_in_quote_marks_is_found_with_its_kind_and_speaker(warehouse: Path) -> None:
    rows = ask(
        warehouse,
        """
        SELECT c.input_id[:3], q.text, q.kind, e.name
        FROM quotes AS q
        JOIN current_articles AS c USING (version_id)
        LEFT JOIN entities AS e ON e.entity_id = q.speaker_entity_id
        WHERE q.kind <> 'indirect'
        ORDER BY ALL
        """,
    )
    assert {speaker for *_, speaker in rows} == {SYROMOLOTOV}
    for article, passages in PASSAGES.items():
        found = [(text, kind) for which, text, kind, _ in rows if which == article]
        for passage, kind in passages:
            assert any(passage in text and kind == had for text, had in found), passage
        assert len(found) == CONTENTS[article]


def test_a_direct_quote_is_the_passage_with_its_marks_and_nothing_else(warehouse: Path) -> None:
    direct = ask(warehouse, "SELECT text FROM quotes WHERE kind = 'direct'")
    assert len(direct) == 7
    for (text,) in direct:
        assert text[0] == '"' == text[-1]
        assert text.count('"') == 2


@pytest.mark.parametrize(
    ("names", "entity"),
    [
        (("ISIS", "IS", "Islamic State"), "Islamic State"),
        (("Mevlüt Çavuşoğu", "Çavuşoğlu"), "Mevlüt Çavuşoğlu"),
        (("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"), "Recep Tayyip Erdoğan"),
        (("Oleg Syromolotov", "Syromolotov"), SYROMOLOTOV),
        (("YPG", "People's Protection Units"), "People's Protection Units"),
    ],
)
def test_names_that_mean_the_same_are_one_entity(
    warehouse: Path, names: tuple[str, ...], entity: str
) -> None:
    for name in names:
        query = "SELECT DISTINCT e.name FROM mentions JOIN entities AS e USING (entity_id) WHERE surface = ?"
        assert ask(warehouse, query, name) == [(entity,)], name


def test_both_were_published_on_the_day_and_the_first_says_that_it_was_inferred(warehouse: Path) -> None:
    rows = ask(
        warehouse,
        """
        SELECT c.input_id[:3], c.outlet, c.published_at, v.published_source
        FROM current_articles AS c
        JOIN article_versions AS v USING (version_id)
        ORDER BY ALL
        """,
    )
    day = datetime.fromisoformat("2019-11-22")
    assert rows == [("000", "Duvar English", day, "text"), ("001", "Pakistan Point News", day, "dateline")]


def test_the_dateline_gives_place_agencies_and_day(warehouse: Path) -> None:
    query = (
        "SELECT dateline_place, dateline_agencies, dateline_on::VARCHAR FROM article_versions ORDER BY ALL"
    )
    assert ask(warehouse, query) == [
        ("Moscow", ["Pakistan Point News", "Sputnik"], "2019-11-22"),
        (None, [], None),
    ]


def test_nothing_is_found_in_what_was_dropped(warehouse: Path) -> None:
    for table in ("mentions", "quotes"):
        query = f"""
            SELECT count(*)
            FROM {table} AS t
            JOIN segments AS s USING (version_id)
            WHERE s.role = 'dropped'
              AND t.char_start < s.char_end
              AND t.char_end > s.char_start
        """
        assert ask(warehouse, query) == [(0,)]


def test_who_said_what_reads_like_a_printed_table(warehouse: Path) -> None:
    rows = ask(warehouse, "SELECT speaker, role, quote, outlet FROM who_said_what")
    assert len(rows) == 20
    assert rows[2][:2] == (SYROMOLOTOV, "Deputy Foreign Minister")
    assert all(speaker and quote and outlet for speaker, _, quote, outlet in rows)


def test_a_second_ingest_changes_nothing_and_says_so(onrecord: Onrecord, seeds: Path) -> None:
    onrecord("ingest", seeds, "--warehouse", "w.duckdb")
    before = contents(onrecord.folder / "w.duckdb")
    again = onrecord("ingest", seeds, "--warehouse", "w.duckdb")
    assert again.returncode == 0
    assert "Nothing new (2 documents known already)" in again.stdout
    assert contents(onrecord.folder / "w.duckdb") == before
    states = ask(onrecord.folder / "w.duckdb", "SELECT state FROM runs ORDER BY started_at")
    assert states == [("Completed",), ("NoNewArticles",)]


def test_a_run_without_a_server_starts_one_that_ends_with_it(tmp_path: Path, seeds: Path) -> None:
    alone = Onrecord(tmp_path, "")
    result = alone("ingest", seeds, "--warehouse", "w.duckdb")
    assert result.returncode == 0, result.stderr
    assert "temporary server" in result.stderr or "server at http://127.0.0.1:4200" in result.stderr


def test_a_chosen_server_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path, seeds: Path) -> None:
    result = Onrecord(tmp_path, "http://127.0.0.1:9/api")("ingest", seeds, "--warehouse", "w.duckdb")
    assert result.returncode == 1
    assert "onrecord: The Prefect server at http://127.0.0.1:9/api does not answer" in result.stderr


def test_both_tell_one_story_and_its_statements_are_matched(warehouse: Path) -> None:
    with reading(warehouse) as con:
        pairs = con.execute("SELECT kind, count(*) FROM quote_pairs GROUP BY kind ORDER BY kind").fetchall()
        shared = con.execute(
            """
            SELECT count(*), count(DISTINCT statement_id) FILTER (kind = 'reworded')
            FROM story_wordings((SELECT story_id::VARCHAR FROM stories))
            WHERE voices = 2
            """
        ).fetchone()
    assert pairs == [("reworded", 8), ("same", 3)]
    assert shared == (17, 7)
