"""Batches that are loaded in one transaction: the same tables, the same ids, one count for all of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.support.warehouse_samples import DAY, NOON, Rows, article, contents, load_staged, opened, stage
from warehouse import load as load_module
from warehouse.errors import WarehouseError
from warehouse.files import WarehouseFiles
from warehouse.ids import stable_id
from warehouse.ledger import ledger_fault
from warehouse.load import load_batches
from warehouse.rows import SegmentRow
from warehouse.staging import staged_batches

OVERLAPPING = {
    "one": [article(number) for number in range(4)],
    "two": [article(number) for number in range(2, 7)],
    "three": [article(5, location="inbox/other.txt"), article(7)],
}


@pytest.fixture
def files(tmp_path: Path) -> WarehouseFiles:
    return WarehouseFiles(tmp_path / "news.duckdb")


def stage_all(files: WarehouseFiles, batches: dict[str, list[Rows]]) -> list[Path]:
    return [stage(files, name, documents) for name, documents in batches.items()]


def test_batches_together_give_the_tables_that_they_give_one_by_one(tmp_path: Path) -> None:
    one_by_one = WarehouseFiles(tmp_path / "one by one.duckdb")
    stage_all(one_by_one, OVERLAPPING)
    with opened(one_by_one) as con:
        load_staged(con, one_by_one)
        expected = contents(con)
    files = WarehouseFiles(tmp_path / "together.duckdb")
    staged = stage_all(files, OVERLAPPING)
    with opened(files) as con:
        [counts] = load_batches(con, staged, NOON)
        assert contents(con) == expected
        assert ledger_fault(con) is None
        assert counts[0].of("articles") == 8
        assert [one.total for one in counts[1:]] == [0, 0]
        ledger = con.execute("SELECT batch_id, articles, loaded_with FROM load_batches").fetchall()
        ids = {name: stable_id("batch", name) for name in OVERLAPPING}
        assert sorted(ledger) == sorted(
            (batch_id, 8 if name == "one" else 0, ids["one"]) for name, batch_id in ids.items()
        )
        found = con.execute("SELECT DISTINCT batch_id FROM article_versions").fetchall()
        assert {batch_id for (batch_id,) in found} <= set(ids.values())
        [(of_seven,)] = con.execute(
            "SELECT batch_id FROM article_versions WHERE version_id = ?",
            [stable_id("version", "7", "test 1")],
        ).fetchall()
        assert of_seven == ids["three"]
    assert staged_batches(files.staging) == []


@pytest.mark.parametrize("together", [True, False])
def test_rows_lie_in_the_order_of_their_days_however_the_batches_mix_them(
    files: WarehouseFiles, together: bool
) -> None:
    """Each batch has articles of many months; or each those of a day, the last day first."""
    days = [(number * 37) % 60 * 3 for number in range(12)]
    groups = [days[:6], days[6:]] if together else [[day] for day in sorted(days, reverse=True)]
    batches = {str(name): [of_day(day) for day in group] for name, group in enumerate(groups)}
    with opened(files) as con:
        list(load_batches(con, stage_all(files, batches), NOON))
        for table in ("article_versions", "segments", "mentions", "quotes"):
            found = con.execute(f"SELECT published_on FROM {table} ORDER BY rowid").fetchall()
            assert len({day for (day,) in found}) == 12
            assert found == sorted(found), table


def of_day(day: int) -> Rows:
    rows = article(day)
    [version] = rows["article_versions"]
    return rows | {"article_versions": [version._replace(published_on=DAY + timedelta(day))]}  # type: ignore[call-arg]


def test_what_is_in_the_ledger_already_is_told_apart(files: WarehouseFiles) -> None:
    staged = stage_all(files, OVERLAPPING)
    with opened(files) as con:
        list(load_batches(con, staged[:2], NOON))
        stage(files, "one", OVERLAPPING["one"])
        [counts] = load_batches(con, [staged[0], staged[2]], NOON)
        assert [(one.in_ledger, one.of("articles")) for one in counts] == [(True, 0), (False, 1)]
        assert con.execute("SELECT count(*), count(loaded_with) FROM load_batches").fetchall() == [(3, 2)]


def test_batches_that_bring_nothing_new_leave_no_trace(files: WarehouseFiles) -> None:
    with opened(files) as con:
        list(load_batches(con, stage_all(files, OVERLAPPING), NOON))
        staged = [stage(files, f"again {name}", documents) for name, documents in OVERLAPPING.items()]
        [counts] = load_batches(con, staged, NOON)
        assert [one.total for one in counts] == [0, 0, 0]
        assert con.execute("SELECT count(*) FROM load_batches").fetchall() == [(3,)]


def test_a_transaction_is_cut_where_it_gets_too_large(
    files: WarehouseFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = stage_all(files, OVERLAPPING)
    sizes = [sum(file.stat().st_size for file in folder.iterdir()) for folder in staged]
    monkeypatch.setattr(load_module, "BYTES_TOGETHER", sizes[0] + sizes[1])
    with opened(files) as con:
        assert [len(counts) for counts in load_batches(con, staged, NOON)] == [2, 1]


def test_a_bad_batch_among_good_ones_stays_alone_behind(files: WarehouseFiles) -> None:
    bad = article(1)
    (version_id, *_) = bad["segments"][0]
    ends_before_it_begins = SegmentRow(UUID(str(version_id)), 9, 5, 2, "body", "made up", 1.0)
    good, broken = (
        stage(files, "good", [article(0)]),
        stage(files, "bad", [bad, {"segments": [ends_before_it_begins]}]),
    )
    with opened(files) as con:
        with pytest.raises(WarehouseError) as caught:
            list(load_batches(con, [good, broken], NOON))
        assert caught.value.reason == "bad_batch"
        assert str(broken) in caught.value.message
        assert con.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
        assert ledger_fault(con) is None
    assert staged_batches(files.staging) == [broken]
