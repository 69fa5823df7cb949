"""The same articles in any order and any batching give the same rows; loading them again changes none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tasks.batch import Batch, plan_batches, shared_out, stage_batch
from tasks.model import DocumentRef, Failure
from tasks.read.discover import discover
from tests.support.made_articles import made_articles
from tests.support.tables import contents
from warehouse.connect import loading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch
from warehouse.publish import publish

NOW = utc_now()
ROWS = list(made_articles(8))
LEDGER = {"load_batches", "snapshot_info"}  # what went together is not what was loaded


def load_rows(folder: Path, name: str, rows: Sequence[object], cuts: Sequence[int]) -> Path:
    """A warehouse of these rows in this order, cut into batches at these places."""
    jsonl = folder / "rows.jsonl"
    jsonl.write_text("".join(json.dumps(row) + "\n" for row in rows))
    files = WarehouseFiles(folder / f"{name}.duckdb")
    refs = discover([str(jsonl)]).refs
    edges = [0, *sorted(set(cuts) - {0}), len(refs)]
    with loading(files, wait_seconds=0) as con:
        for number, (start, end) in enumerate(pairwise(edges), start=1):
            staged = stage_batch(Batch(number, refs[start:end]), files)
            if staged.path is not None:
                load_batch(con, staged.path, NOW)
        publish(con, files, NOW)
    return files.published


def articles_of(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """The tables of what was loaded, without the columns that say where and with what it came."""
    found = contents(warehouse)
    return {table: rows for table, rows in found.items() if table not in LEDGER | {"article_versions"}}


# Every example loads two warehouses: shrinking would take minutes and tell little.
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(order=st.permutations(range(len(ROWS))), cuts=st.lists(st.integers(1, len(ROWS) - 1), max_size=3))
def test_order_and_batching_change_no_row(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    plain = load_rows(folder, "plain", ROWS, [])
    shuffled = load_rows(folder, "shuffled", [ROWS[which] for which in order], cuts)
    expected = articles_of(plain)
    assert len(expected["articles"]) == len(ROWS)
    assert not expected["failures"]
    for table, rows in articles_of(shuffled).items():
        assert rows == expected[table], table


def test_loading_again_in_other_batches_changes_no_count(tmp_path: Path) -> None:
    warehouse = load_rows(tmp_path, "again", ROWS, [])
    before = contents(warehouse)
    assert contents(load_rows(tmp_path, "again", ROWS[::-1], [3, 5])) == before


@pytest.mark.parametrize(
    ("documents", "hands", "largest"), [(150, 2, 13), (20, 2, 8), (150, 1, 64), (5000, 2, 64)]
)
def test_few_documents_are_shared_out_evenly(documents: int, hands: int, largest: int) -> None:
    refs = [DocumentRef(Path("rows.jsonl"), "row", offset=number) for number in range(documents)]
    batches = plan_batches(
        refs, [Failure("lost.txt", "read", "empty", "It is empty.")], skipped={"request": 3}
    )
    shared = shared_out(batches, hands)
    assert [ref for batch in shared for ref in batch.refs] == refs
    assert max(len(batch.refs) for batch in shared) == largest
    assert [batch.number for batch in shared] == list(range(1, len(shared) + 1))
    assert [len(batch.failures) + len(batch.skipped) for batch in shared] == [2] + [0] * (len(shared) - 1)
