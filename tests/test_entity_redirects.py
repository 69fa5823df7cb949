"""A user's alias table in the warehouse: told before, joined and parted with a trail; ids stay."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.support.command_line import Onrecord
from tests.support.warehouse_samples import LATER, NOON, article, ingest, opened
from warehouse.files import WarehouseFiles
from warehouse.redirects import Plan, apply, planned

TWO_NAMES = ("Óscar Lindqvist", "Óscar Lind")
JOINED = [("PER", "Ana Ribeiro", "Ana Ribeiro"), ("PER", "Ana Ribeiro", "Óscar Lind")]


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    """A warehouse in which two people speak."""
    found = WarehouseFiles(tmp_path / "w.duckdb")
    ingest(found, "first", [article(1), article(8)])
    return found


def speakers(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in con.execute("SELECT speaker FROM who_said_what ORDER BY ALL").fetchall()]


def trail(con: duckdb.DuckDBPyConnection) -> list[tuple[str, datetime, datetime | None]]:
    return con.execute("SELECT alias, merged_at, ended_at FROM entity_redirects ORDER BY ALL").fetchall()


def changed(con: duckdb.DuckDBPyConnection, wanted: list[tuple[str, str, str]], now: datetime) -> Plan:
    plan = planned(con, wanted)
    apply(con, plan, now)
    return plan


def test_a_plan_tells_what_would_be_joined_and_changes_nothing(files: WarehouseFiles) -> None:
    with opened(files) as con:
        (merge,) = planned(con, JOINED).merges
        assert (merge.old_name, merge.name, merge.mentions, merge.articles) == (
            "Óscar Lind",
            "Ana Ribeiro",
            1,
            1,
        )
        assert merge.is_new
        assert trail(con) == []


def test_names_are_compared_whatever_the_case_and_diacritics(files: WarehouseFiles) -> None:
    with opened(files) as con:
        assert len(planned(con, [JOINED[0], ("PER", "Ana Ribeiro", "OSCAR LIND")]).merges) == 1
        assert planned(con, [JOINED[0], ("ORG", "Ana Ribeiro", "Óscar Lind")]).merges == ()
        # A wording of somebody is not their name: a lone surname stays with its person.
        assert planned(con, [JOINED[0], ("PER", "Ana Ribeiro", "Lind")]).merges == ()


def test_joined_people_speak_with_one_name_and_are_found_by_both(files: WarehouseFiles) -> None:
    with opened(files) as con:
        before = con.execute("SELECT * FROM mentions ORDER BY ALL").fetchall()
        assert speakers(con) == ["Ana Ribeiro", "Óscar Lind"]
        changed(con, JOINED, NOON)
        assert speakers(con) == ["Ana Ribeiro", "Ana Ribeiro"]
        for name in ("ribeiro", "oscar lind"):
            found = con.execute("SELECT count(*) FROM quotes_by(?)", [name]).fetchall()
            assert found == [(2,)]
        assert con.execute("SELECT * FROM mentions ORDER BY ALL").fetchall() == before
        assert con.execute("SELECT count(*) FROM entities").fetchall() == [(2,)]


def test_to_apply_a_table_again_changes_nothing(files: WarehouseFiles) -> None:
    with opened(files) as con:
        changed(con, JOINED, NOON)
        again = changed(con, JOINED, LATER)
        assert [one.is_new for one in again.merges] == [False]
        assert trail(con) == [("Óscar Lind", NOON, None)]


def test_what_a_later_table_does_not_join_is_parted_and_both_are_told(files: WarehouseFiles) -> None:
    with opened(files) as con:
        changed(con, JOINED, NOON)
        (split,) = changed(con, [], LATER).splits
        assert (split.old_name, split.name) == ("Óscar Lind", "Ana Ribeiro")
        assert speakers(con) == ["Ana Ribeiro", "Óscar Lind"]
        assert trail(con) == [("Óscar Lind", NOON, LATER)]
        changed(con, JOINED, LATER)
        assert speakers(con) == ["Ana Ribeiro", "Ana Ribeiro"]
        assert len(trail(con)) == 2


def test_the_command_line_tells_joins_and_parts(files: WarehouseFiles, tmp_path: Path) -> None:
    onrecord = Onrecord(tmp_path, "")
    (tmp_path / "aliases.toml").write_text('[PER]\n"Ana Ribeiro" = ["Óscar Lind"]\n', encoding="utf-8")
    told = onrecord("aliases", "check", "aliases.toml", "--warehouse", files.published)
    assert told.returncode == 0, told.stderr
    assert "would join  PER  Óscar Lind → Ana Ribeiro   (1 mention in 1 article)" in told.stdout
    assert "Nothing was changed" in told.stdout
    done = onrecord("aliases", "apply", "aliases.toml", "--warehouse", files.published)
    assert "joined  PER  Óscar Lind → Ana Ribeiro" in done.stdout
    asked = onrecord(
        "sql", "SELECT DISTINCT speaker FROM who_said_what", "--csv", "--warehouse", files.published
    )
    assert asked.stdout.split() == ["speaker", "Ana", "Ribeiro"]
    (tmp_path / "aliases.toml").write_text("", encoding="utf-8")
    parted = onrecord("aliases", "apply", "aliases.toml", "--warehouse", files.published)
    assert "parted  Óscar Lind, which was joined with Ana Ribeiro" in parted.stdout


def test_an_alias_that_has_nothing_to_join_with_is_told(files: WarehouseFiles, tmp_path: Path) -> None:
    with opened(files) as con:
        (lone,) = planned(con, [("PER", "Óscar Lindqvist", "Óscar Lindqvist"), ("PER", *TWO_NAMES)]).lone
        assert (lone.name, lone.own_name, lone.mentions) == ("Óscar Lindqvist", "Óscar Lind", 1)
        assert planned(con, JOINED).lone == ()
        # The name itself is loaded: there is nothing to tell.
        assert planned(con, [("PER", "Óscar Lind", "Óscar Lind")]).lone == ()
    (tmp_path / "aliases.csv").write_text("label,name,alias\nPER,Óscar Lindqvist,Óscar Lind\n", "utf-8")
    told = Onrecord(tmp_path, "")("aliases", "check", "aliases.csv", "--warehouse", files.published)
    assert "alone  PER  Óscar Lind   (1 mention in 1 article): nothing else of Óscar Lindqvist" in told.stdout
    assert "joins nothing" not in told.stdout


def test_a_table_that_cannot_be_read_ends_with_a_sentence(files: WarehouseFiles, tmp_path: Path) -> None:
    refused = Onrecord(tmp_path, "")("aliases", "check", "none.toml", "--warehouse", files.published)
    assert refused.returncode == 2
    assert "The alias table none.toml cannot be read" in refused.stderr
