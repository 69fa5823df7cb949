"""Integrity checks: silent on a sound warehouse, and each finds the fault that it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tasks.link.story_step import link_stories
from tests.support.warehouse_samples import (
    LATER,
    NOON,
    RUN,
    article,
    failure,
    ingest,
    load_staged,
    opened,
    stage,
)
from warehouse.checks import Check, all_checks, run_checks, scope
from warehouse.checks.due import unchecked_since
from warehouse.checks.scope import look_at
from warehouse.files import WarehouseFiles

SOMEONE = "'00000000-0000-0000-0000-00000000dead'::UUID"

# For every check: what to do to a sound warehouse so that it, at least, speaks up.
FAULTS = {
    "articles_without_outlet": f"UPDATE articles SET outlet_id = {SOMEONE} WHERE input_id = '1.txt'",
    "articles_without_version": "DELETE FROM article_versions WHERE location = 'inbox/1.txt'",
    "cue_offsets": "UPDATE quotes SET cue_start = cue_start + 1, cue_end = cue_end + 1",
    "duplicate_ids": "INSERT INTO mentions SELECT * FROM mentions ORDER BY rowid DESC LIMIT 1",
    "duplicate_observations": (
        "INSERT INTO observations "
        "SELECT version_id, article_id, extracted_at, source_digest, unnest(['a', 'b']) FROM article_versions"
    ),
    "duplicate_keys": "UPDATE articles SET natural_key = 'one key'",
    "entities_without_name": "UPDATE entities SET name = 'Nobody' WHERE label = 'PER'",
    "entities_without_use": f"INSERT INTO entities VALUES ({SOMEONE}, 'ORG', 'Nobody Ltd', NULL)",
    "future_dates": "UPDATE article_versions SET modified_at = extracted_at + INTERVAL 3 DAY",
    "impossible_dates": "UPDATE article_versions SET published_on = published_on + 2",
    "ledger_counts": "DELETE FROM failures",
    "mention_offsets": "UPDATE mentions SET char_start = char_start - 1",
    "mentions_in_dropped": "UPDATE segments SET role = 'dropped' WHERE role = 'body'",
    "mentions_of_no_entity": f"UPDATE mentions SET entity_id = {SOMEONE}",
    "orphaned_aliases": f"INSERT INTO entity_aliases VALUES ({SOMEONE}, 'Nobody', 'name', 0, 0)",
    "orphaned_mentions": f"UPDATE mentions SET version_id = {SOMEONE}",
    "orphaned_observations": (
        f"INSERT INTO observations SELECT version_id, {SOMEONE}, extracted_at, source_digest, location "
        "FROM article_versions"
    ),
    "orphaned_quote_spans": f"UPDATE quote_spans SET quote_id = {SOMEONE} WHERE span_no = 1",
    "orphaned_quotes": f"UPDATE quotes SET version_id = {SOMEONE}",
    "orphaned_segments": f"UPDATE segments SET version_id = {SOMEONE} WHERE segment_no = 2",
    "orphaned_versions": f"UPDATE article_versions SET article_id = {SOMEONE}",
    "outlet_drift": """
        CREATE TEMP TABLE made AS
            SELECT number, ('00000000-0000-0000-0000-' || lpad(number::VARCHAR, 12, '0'))::UUID AS id
            FROM range(48) AS numbers (number);
        INSERT INTO articles
            SELECT * EXCLUDE (number, id) REPLACE (id AS article_id)
            FROM (FROM articles LIMIT 1), made;
        INSERT INTO segments
            SELECT * EXCLUDE (number, id) REPLACE (id AS version_id)
            FROM (FROM segments WHERE role = 'title' LIMIT 1), made;
        INSERT INTO article_versions
            SELECT
                * EXCLUDE (number, id) REPLACE (
                    id AS version_id,
                    id AS article_id,
                    published_on + 7 * (number // 12)::INTEGER AS published_on,
                    CASE WHEN number < 36 THEN authors END AS authors
                )
            FROM (FROM article_versions LIMIT 1), made;
    """,
    "pairs_of_linked_articles": """
        INSERT INTO article_pairs (article_a, article_b, kind, score, linked_on)
        SELECT article_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'copy', 1, linked_on FROM linked_articles
    """,
    "quote_offsets": "UPDATE quotes SET text = replace(text, 'close', 'open')",
    "quote_pair_offsets": f"""
        INSERT INTO quote_pairs
        SELECT {SOMEONE}, 0, 5, {SOMEONE}, 0, 5, 'same', 1, 'same-words', story_id
        FROM stories
    """,
    "quotes_in_dropped": "UPDATE segments SET role = 'dropped' WHERE role = 'body'",
    "quotes_of_no_entity": f"UPDATE quotes SET speaker_entity_id = {SOMEONE}",
    "quotes_without_carrier": f"UPDATE quotes SET carrier_quote_id = {SOMEONE}",
    "quotes_without_spans": "UPDATE quote_spans SET span_no = span_no + 1",
    "quotes_without_speaker": "UPDATE quotes SET speaker_entity_id = NULL",
    "statements_without_head": f"""
        INSERT INTO statements
        SELECT {SOMEONE}, story_id, NULL, 'We close', {SOMEONE}, {SOMEONE}, 0, 8, true, NULL
        FROM stories
    """,
    "silent_outlets": f"""
        CREATE TEMP TABLE came AS
            SELECT number, ('00000000-0000-0000-0001-' || lpad(number::VARCHAR, 12, '0'))::UUID AS id
            FROM range(40) AS numbers (number);
        INSERT INTO outlets SELECT * REPLACE ({SOMEONE} AS outlet_id) FROM outlets LIMIT 1;
        INSERT INTO articles
            SELECT
                * EXCLUDE (number, id) REPLACE (
                    id AS article_id,
                    CASE WHEN number < 15 THEN {SOMEONE} ELSE outlet_id END AS outlet_id
                )
            FROM (FROM articles LIMIT 1), came;
        INSERT INTO article_versions
            SELECT
                * EXCLUDE (number, id) REPLACE (
                    id AS version_id,
                    id AS article_id,
                    published_on - 40 + number::INTEGER AS published_on
                )
            FROM (FROM article_versions LIMIT 1), came;
    """,
    "segments_partition": "DELETE FROM segments WHERE segment_no = 1",
    "stories_and_articles": "UPDATE stories SET articles = articles + 1",
    "speaker_offsets": "UPDATE quotes SET speaker = 'Somebody else'",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two loads, a day apart; all is linked."""
    files = WarehouseFiles(tmp_path_factory.mktemp("checks") / "news.duckdb")
    stage(files, "one", [*(article(number) for number in range(10, 14)), failure(2)])
    with opened(files) as con:
        load_staged(con, files, NOON)
        stage(files, "two", [*(article(number) for number in range(4)), failure(1)])
        load_staged(con, files, LATER)
        link_stories(con, LATER)
        yield con


def broken_rules(con: duckdb.DuckDBPyConnection, check: Check, since: datetime | None = None) -> int:
    """The rows that one check finds."""
    look_at(con, since)
    return len(con.execute(check.sql).fetchall())


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert set(FAULTS) == {check.name for check in all_checks()}


@pytest.mark.parametrize("since", [None, LATER], ids=["all", "what was loaded"])
@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_a_check_is_silent_on_a_sound_warehouse_and_finds_its_fault(
    sound: duckdb.DuckDBPyConnection, check: Check, since: datetime | None
) -> None:
    assert broken_rules(sound, check, since) == 0
    sound.execute("BEGIN")
    try:
        sound.execute(FAULTS[check.name])
        assert broken_rules(sound, check, since) > 0
    finally:
        sound.execute("ROLLBACK")


def test_a_gap_between_pieces_of_a_text_is_found_wherever_it_is(sound: duckdb.DuckDBPyConnection) -> None:
    partition = next(check for check in all_checks() if check.name == "segments_partition")
    for fault in (
        "UPDATE segments SET char_end = char_end - 1 WHERE segment_no = 0",
        "UPDATE segments SET char_start = char_start - 1 WHERE segment_no = 2",
        "UPDATE segments SET char_end = char_end - 1 WHERE segment_no = 2",
        "UPDATE segments SET segment_no = 7 WHERE segment_no = 2",
        "DELETE FROM segments",
    ):
        sound.execute("BEGIN")
        sound.execute(fault)
        assert broken_rules(sound, partition, LATER) == 4, fault
        assert broken_rules(sound, partition) == 8, fault
        sound.execute("ROLLBACK")


def test_what_the_checks_found_is_kept_with_the_run(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    ingest(files, "one", [article(1), article(2)])
    with opened(files) as con:
        assert all(result.passed for result in run_checks(con, RUN, NOON))
        con.execute("UPDATE quotes SET speaker = 'Somebody else'")
        con.execute("UPDATE article_versions SET modified_at = extracted_at + INTERVAL 3 DAY")
        wrong = {result.check.name: result for result in run_checks(con, RUN, LATER) if not result.passed}
        assert {name: result.failed for name, result in wrong.items()} == {
            "speaker_offsets": True,
            "future_dates": False,
        }
        kept = con.execute(
            "SELECT violations, sample FROM quality_checks WHERE NOT passed AND name = 'speaker_offsets'"
        ).fetchall()
        assert [violations for violations, _ in kept] == [2]
        assert "Somebody else" in kept[0][1][0]


def found_by(con: duckdb.DuckDBPyConnection, now: datetime, since: datetime | None) -> dict[str, int]:
    return {found.check.name: found.violations for found in run_checks(con, RUN, now, since=since)}


@pytest.mark.parametrize(
    ("since", "found"), [(LATER, 1), (NOON, 2), (None, 2), (LATER + timedelta(seconds=1), None)]
)
def test_texts_that_were_checked_when_they_were_loaded_need_not_be_read_again(
    tmp_path: Path, since: datetime | None, found: int | None
) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    ingest(files, "one", [article(1)], NOON)
    ingest(files, "two", [article(2)], LATER)
    with opened(files) as con:
        con.execute("UPDATE quotes SET speaker = 'Somebody else'")
        assert found_by(con, LATER, since).get("speaker_offsets") == found


def test_what_was_found_broken_is_said_again_until_it_is_mended(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    days = [NOON + timedelta(days=number) for number in range(9)]
    ingest(files, "one", [article(1)], days[0])
    with opened(files) as con:
        assert unchecked_since(con) == days[0]
        con.execute("UPDATE quotes SET speaker = 'Somebody else'")
        assert found_by(con, days[1], unchecked_since(con))["speaker_offsets"] == 1
    ingest(files, "two", [article(2)], days[2])
    with opened(files) as con:
        again = found_by(con, days[3], unchecked_since(con))
        assert (again["speaker_offsets"], len(again)) == (1, len(all_checks()))
        assert found_by(con, days[4], unchecked_since(con)) == {"speaker_offsets": 1}  # nothing new
        con.execute(
            "UPDATE quotes SET speaker = substr(v.text, speaker_start + 1, speaker_end - speaker_start) "
            "FROM article_versions AS v WHERE v.version_id = quotes.version_id"
        )
        assert found_by(con, days[5], unchecked_since(con)) == {"speaker_offsets": 0}
        assert unchecked_since(con) is None


def test_a_run_checks_what_it_loaded_though_others_were_checked_meanwhile(tmp_path: Path) -> None:
    files = WarehouseFiles(tmp_path / "news.duckdb")
    began, meanwhile, later = (NOON + timedelta(minutes=number) for number in range(3))
    ingest(files, "before", [article(1)], NOON - timedelta(days=1))
    with opened(files) as con:
        found_by(con, meanwhile, None)  # the nightly checks, say, while a run fetches
    ingest(files, "slow", [article(2)], began)  # a load bears the clock of when its run began
    with opened(files) as con:
        con.execute("UPDATE quotes SET speaker = 'Somebody else' WHERE rowid > 0")
        assert unchecked_since(con) is None
        assert unchecked_since(con, later) is None  # a run that loaded nothing has nothing to check
        assert unchecked_since(con, began) == began
        assert found_by(con, later, unchecked_since(con, began))["speaker_offsets"] == 1


# --- now and then everything -----------------------------------------------------


def test_everything_is_looked_at_again_when_enough_came_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "LEAST_MORE", 2)
    files = WarehouseFiles(tmp_path / "news.duckdb")
    days = [NOON + timedelta(days=number) for number in range(9)]

    def of_all(day: int) -> bool:
        with opened(files) as con:
            run_checks(con, RUN, days[day], since=unchecked_since(con))
            [(told,)] = con.execute(
                "SELECT DISTINCT of_all FROM quality_checks WHERE checked_at = ?", [days[day]]
            ).fetchall()
            return bool(told)

    ingest(files, "first", [article(number) for number in range(8)], days[0])
    assert of_all(1)
    with opened(files) as con:  # a fault in what was checked, which no load touches
        con.execute("UPDATE quotes SET speaker = 'Somebody else' WHERE rowid = 0")
    ingest(files, "one more", [article(8)], days[2])
    assert not of_all(3)
    with opened(files) as con:
        assert con.execute("SELECT * FROM quality_checks WHERE NOT passed").fetchall() == []
    ingest(files, "two more", [article(9), article(10)], days[4])
    assert of_all(5)
    with opened(files) as con:
        failed = con.execute("SELECT name FROM quality_checks WHERE NOT passed").fetchall()
        assert failed == [("speaker_offsets",)]
