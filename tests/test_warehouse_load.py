"""Loading exactly once: overlapping batches, re-loads, any order, torn leftovers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, permutations
from pathlib import Path
from typing import cast
from uuid import UUID

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.warehouse_samples import (
    LATER,
    NOON,
    Rows,
    article,
    contents,
    counts,
    failure,
    load_staged,
    opened,
    stage,
    together,
)
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.load import load_batch, sweep
from warehouse.rows import (
    ROW_TYPES,
    AliasRow,
    EntityRow,
    MentionRow,
    OutletRow,
    QuoteRow,
    Row,
    SegmentRow,
    sql_columns,
)
from warehouse.schema import migrate
from warehouse.staging import host_name, staged_batch, staged_batches, write_batch

DOCUMENTS: list[Rows] = [*(article(number) for number in range(9)), failure(1), failure(2)]


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


# --- exactly once ----------------------------------------------------------------


def test_a_batch_brings_every_row_it_holds(files: WarehouseFiles) -> None:
    stage(files, "one", DOCUMENTS)
    with opened(files) as con:
        (loaded,) = load_staged(con, files)
        assert (loaded.of("articles"), loaded.of("quote_spans"), loaded.of("failures")) == (9, 18, 2)
        assert loaded.total == sum(len(rows) for rows in contents(con).values())
    assert staged_batches(files.staging) == []


def test_loading_the_same_again_changes_no_row_and_no_count(files: WarehouseFiles) -> None:
    stage(files, "one", DOCUMENTS)
    with opened(files) as con:
        load_staged(con, files)
        before, counted = contents(con, with_clocks=True), counts(con)
        stage(files, "one", DOCUMENTS)
        stage(files, "the same under another name", DOCUMENTS)
        again = load_staged(con, files, LATER)
        assert sorted((batch.total, batch.in_ledger) for batch in again) == [(0, False), (0, True)]
        assert contents(con, with_clocks=True) == before
        assert counts(con) == counted


def test_a_new_extraction_adds_versions_and_touches_nothing_else(files: WarehouseFiles) -> None:
    stage(files, "one", [article(1)])
    stage(files, "two", [article(1, extractor="test 2")])
    with opened(files) as con:
        load_staged(con, files)
        found = counts(con)
        assert (found["articles"], found["article_versions"], found["quotes"]) == (1, 2, 2)


def test_a_batch_that_breaks_the_schema_is_loaded_not_even_in_part(files: WarehouseFiles) -> None:
    good = article(1)
    (version_id, *_) = good["segments"][0]
    ends_before_it_begins = SegmentRow(UUID(str(version_id)), 9, 5, 2, "body", "made up", 1.0)
    stage(files, "bad", [good, {"segments": [ends_before_it_begins]}])
    with opened(files) as con:
        with pytest.raises(WarehouseError) as caught:
            load_staged(con, files)
        assert caught.value.reason == "bad_batch"
        assert sum(len(rows) for rows in contents(con).values()) == 0
        stage(files, "good", [good])  # the connection is as good as before
        assert load_batch(con, staged_path(files, "good"), NOON).of("articles") == 1


def staged_path(files: WarehouseFiles, name: str) -> Path:
    path = staged_batch(files.staging, stable_id("batch", name))
    assert path is not None
    return path


# --- the same tables in any order ------------------------------------------------


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Emptied:
    con = duckdb.connect(":memory:", config={"threads": 1})
    migrate(con, NOON)
    return Emptied(con, tmp_path_factory.mktemp("staging"))


class Emptied:
    """One warehouse in memory, empty again before each use: making the schema anew takes longer."""

    def __init__(self, con: duckdb.DuckDBPyConnection, staging: Path) -> None:
        self.con = con
        self.staging = staging
        self.expected = self.load([DOCUMENTS])

    def load(self, batches: Sequence[Sequence[Rows]]) -> dict[str, list[tuple[object, ...]]]:
        """What the tables hold after these batches."""
        for table in (*ROW_TYPES, "load_batches"):
            self.con.execute(f"TRUNCATE {table}")
        for number, documents in enumerate(batches):
            staged = write_batch(self.staging, stable_id(str(number)), together(documents))
            load_batch(self.con, staged, NOON)
        return contents(self.con)


def test_overlapping_batches_and_rows_told_twice_are_loaded_once(empty: Emptied) -> None:
    overlapping = [[*DOCUMENTS[:6], *DOCUMENTS[:6]], DOCUMENTS[3:], DOCUMENTS]
    assert empty.load(overlapping) == empty.expected


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(DOCUMENTS))), cuts=st.sets(st.integers(1, len(DOCUMENTS) - 1), max_size=2)
)
def test_any_order_and_any_batching_give_the_same_tables(
    empty: Emptied, order: list[int], cuts: set[int]
) -> None:
    edges = [0, *sorted(cuts), len(order)]
    batches = [[DOCUMENTS[at] for at in order[start:end]] for start, end in pairwise(edges)]
    assert empty.load(batches) == empty.expected


def test_an_entity_is_called_by_the_best_of_its_aliases_whatever_came_first(empty: Emptied) -> None:
    best_last = [[article(0), article(2)], [article(4), article(6)]]
    for batches in (best_last, best_last[::-1]):
        assert [row[2:] for row in empty.load(batches)["entities"]] == [("Dr Ana Maria Ribeiro", "ES")]


def test_of_equally_good_aliases_the_first_in_the_alphabet_names_the_entity(empty: Emptied) -> None:
    entity = EntityRow(stable_id("e"), "ORG", "Fishers’ Union")
    aliases: list[Row] = [
        AliasRow(entity.entity_id, alias, "name", 3) for alias in ("Union of Fishers", "The Fishers")
    ]
    found = empty.load([[{"entities": [entity], "entity_aliases": aliases}]])
    assert [row[2] for row in found["entities"]] == ["The Fishers"]
    assert ("Fishers’ Union", "name", None, 0) in [row[1:] for row in found["entity_aliases"]]


def named(number: int, *wordings: str, rule: str = "exact") -> Rows:
    """An article whose only entity is worded so, each wording being as good a name as any other."""
    entity_id = stable_id("named")
    rows = article(number)
    mention = cast("MentionRow", rows["mentions"][0])._replace(entity_id=entity_id)
    return rows | {
        "entities": [EntityRow(entity_id, "PER", min(wordings))],
        "entity_aliases": [AliasRow(entity_id, wording, rule, 5) for wording in wordings],
        "mentions": [
            mention._replace(mention_id=stable_id(f"{number} {at}"), surface=wording)
            for at, wording in enumerate(wordings)
        ],
        "quotes": [],
        "quote_spans": [],
    }


@pytest.mark.parametrize(
    ("documents", "name"),
    [
        ([named(1, "An Bo"), named(2, "Ann Bo"), named(3, "Ann Bo", rule="fold")], "Ann Bo"),
        ([named(1, "AN BO"), named(2, "ANn Bo", "An Bo", "an bo")], "An Bo"),
        ([named(1, "An Bo", "An Bo", "Zed"), named(2, "Zed", rule="typo"), named(3, "Zed")], "Zed"),
    ],
)
def test_of_equally_good_aliases_the_most_frequent_then_the_well_cased_names_the_entity(
    empty: Emptied, documents: list[Rows], name: str
) -> None:
    all_at_once = empty.load([documents])
    for order in permutations(documents):
        assert empty.load([[document] for document in order]) == all_at_once
        assert empty.load([order, order[:1]]) == all_at_once
    assert [row[2] for row in all_at_once["entities"]] == [name]
    counted = {(row[1], row[4]) for row in all_at_once["entity_aliases"]}
    mentioned = Counter(str(row[4]) for row in all_at_once["mentions"])
    assert counted == set(mentioned.items())


def test_an_outlet_is_called_by_its_well_cased_spelling(empty: Emptied) -> None:
    spellings = ["DAILY NEWS", "Daily News", "daily news"]
    rows: list[Rows] = [{"outlets": [OutletRow(stable_id("o"), name)]} for name in spellings]
    for order in permutations(rows):
        for batches in ([order], [[one] for one in order]):
            assert [row[1] for row in empty.load(batches)["outlets"]] == ["Daily News"]


def test_an_outlet_has_one_of_its_domains_and_publishers_whatever_came_first(empty: Emptied) -> None:
    told = [(None, None), ("news.example", None), ("daily.example", "Press House"), (None, "Other House")]
    rows: list[Rows] = [{"outlets": [OutletRow(stable_id("o"), "Daily News", *more)]} for more in told]
    for order in permutations(rows):
        for batches in ([order], [[one] for one in order]):
            (row,) = empty.load(batches)["outlets"]
            assert row[2:4] == ("daily.example", "Other House")


def test_the_same_content_in_two_files_is_one_version_wherever_it_was_read_first(empty: Emptied) -> None:
    there, here = article(1, location="z/1.txt"), article(1, location="a/1.txt")
    assert empty.load([[there], [here]]) == empty.load([[here], [there]]) == empty.load([[there, here]])


def test_a_poor_name_stays_a_poor_name_though_it_was_the_only_one_in_its_article(empty: Emptied) -> None:
    entity_id = stable_id("e")
    poor: Rows = {
        "entities": [EntityRow(entity_id, "ORG", "FU")],
        "entity_aliases": [AliasRow(entity_id, "FU", "name", -20)],
    }
    better: Rows = {
        "entities": [EntityRow(entity_id, "ORG", "The Union")],
        "entity_aliases": [AliasRow(entity_id, "The Union", "name", -10)],
    }
    for batches in ([[poor], [better]], [[better], [poor]]):
        assert [row[2] for row in empty.load(batches)["entities"]] == ["The Union"]


# --- staging ---------------------------------------------------------------------


def test_staged_rows_have_the_columns_and_types_of_the_warehouse(empty: Emptied) -> None:
    own = {"first_seen_at", "batch_id", "extracted_at", "revived_at", "mentions", "linked_on"}  # the loader's
    for table in ROW_TYPES:
        described = empty.con.execute(f"DESCRIBE {table}").fetchall()
        in_warehouse = {name: sql for name, sql, *_ in described if name not in own}
        assert list(sql_columns(table).items()) == list(in_warehouse.items()), table


def test_what_utf8_cannot_hold_is_replaced_one_for_one(files: WarehouseFiles) -> None:
    rows = article(1, location="inbox/\udce9t\udce9.txt")
    stage(files, "one", [rows])
    with opened(files) as con:
        load_staged(con, files)
        assert con.execute("SELECT location FROM article_versions").fetchone() == ("inbox/\ufffdt\ufffd.txt",)


def test_an_id_in_sql_is_the_id_in_python() -> None:
    for parts in (("outlet", "Ørsted–Çelik 😀"), ("",), ("a", "", "b")):
        sql = "SELECT (sha256(array_to_string(?, chr(31)))[:32])::UUID"
        assert duckdb.execute(sql, [list(parts)]).fetchone() == (stable_id(*parts),)


def test_a_staged_batch_is_there_whole_or_not_at_all(files: WarehouseFiles) -> None:
    broken = article(1)
    broken["quotes"] = [cast("QuoteRow", ("not", "a", "quote"))]
    with pytest.raises((duckdb.Error, TypeError, ValueError)):
        stage(files, "broken", [broken])
    assert staged_batch(files.staging, stable_id("batch", "broken")) is None
    assert list(files.staging.iterdir()) == []


def test_several_processes_stage_one_batch_at_once(files: WarehouseFiles) -> None:
    code = (
        "import sys;"
        "from pathlib import Path; from tests.support.warehouse_samples import article, stage;"
        "from warehouse.files import WarehouseFiles;"
        "[stage(WarehouseFiles(Path(sys.argv[1])), str(n), [article(n)]) for n in range(3)]"
    )
    workers = [subprocess.Popen([sys.executable, "-c", code, str(files.published)]) for _ in range(2)]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert len(staged_batches(files.staging)) == len(list(files.staging.iterdir())) == 3


def test_sweeping_removes_the_loaded_and_the_torn_and_nothing_that_is_still_wanted(
    files: WarehouseFiles,
) -> None:
    stage(files, "loaded", [article(1)])
    with opened(files) as con:
        load_staged(con, files)
        loaded, waiting = stage(files, "loaded", [article(1)]), stage(files, "waiting", [article(2)])
        being_written, torn = begun_by(files, os.getpid()), begun_by(files, dead_pid())
        assert set(sweep(con, files)) == {loaded, torn}
    assert set(files.staging.iterdir()) == {waiting, being_written}


def test_sweeping_removes_a_staged_batch_that_nobody_asked_for_again(files: WarehouseFiles) -> None:
    old, young = stage(files, "old", [article(1)]), stage(files, "young", [article(2)])
    now = young.stat().st_mtime
    os.utime(old, (now - 8 * 24 * 3600, now - 8 * 24 * 3600))
    os.utime(young, (now - 6 * 24 * 3600, now - 6 * 24 * 3600))
    with opened(files) as con:
        assert sweep(con, files, lambda: now) == [old]
    assert list(files.staging.iterdir()) == [young]


def begun_by(files: WarehouseFiles, pid: int) -> Path:
    """A folder as the process of that number has it while it writes."""
    folder = files.staging / f"{stable_id('torn')}.{host_name()}.{pid}.abc.tmp"
    folder.mkdir()
    return folder


def dead_pid() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid
