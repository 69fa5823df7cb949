"""What `onrecord sql` prints: for people, for spreadsheets, for programs; and never anything that steers."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from flows.sql_command import print_csv, print_json, print_table
from warehouse.query import QueryResult

ROW = (
    None,
    True,
    12345678.9,
    Decimal("1.50"),
    date(2020, 1, 2),
    datetime.fromisoformat("2020-01-02"),
    UUID(int=1),
)
NESTED = ([1, None, "a"], {"k": [date(2020, 1, 1)]}, {date(2020, 1, 1): 1}, float("nan"), b"ab")
EVIL = "a\x1b[31mb\x9bc\u202ed"


def result(*rows: tuple[object, ...], names: str = "") -> QueryResult:
    columns = tuple(names.split()) or tuple(f"c{number}" for number in range(len(rows[0])))
    return QueryResult(columns, tuple("VARCHAR" for _ in columns), list(rows))


def test_json_has_jsons_own_types(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(result(ROW, ROW))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    found = list(json.loads(lines[0]).values())
    expected = [None, True, 12345678.9, 1.5, "2020-01-02", "2020-01-02T00:00:00", str(UUID(int=1))]
    assert found == expected


def test_json_of_nested_values_is_valid_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(result(NESTED))
    found = list(json.loads(capsys.readouterr().out).values())
    assert found == [[1, None, "a"], {"k": ["2020-01-01"]}, {"2020-01-01": 1}, None, "6162"]


def test_json_loses_no_column_whose_name_another_has(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(result((1, 2, 3), names="a a a_1"))
    assert json.loads(capsys.readouterr().out) == {"a": 1, "a_1": 2, "a_1_1": 3}


def test_csv_is_read_back_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(result(("a,b", 'say "x"', "two\nlines", [1, 2], None), names="a b c d e"))
    out = capsys.readouterr().out
    assert "\r" not in out
    assert list(csv.reader(io.StringIO(out)))[1] == ["a,b", 'say "x"', "two\nlines", "[1, 2]", ""]


@pytest.mark.parametrize("printed", [print_table, print_json])
def test_nothing_printed_steers_the_terminal(printed: object, capsys: pytest.CaptureFixture[str]) -> None:
    printed(result((EVIL,)))  # type: ignore[operator]
    out = capsys.readouterr().out
    assert not {"\x1b", "\x9b", "\u202e"} & set(out)


def test_a_table_shows_whole_numbers_days_and_the_number_of_rows(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(result(ROW))
    out = capsys.readouterr().out
    for part in ("12345678.9", "1.5", "2020-01-02", "1 row"):
        assert part in out
    assert "00:00" not in out


def test_many_columns_become_a_block_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(result(tuple(range(40))))
    assert "c39  39" in capsys.readouterr().out
