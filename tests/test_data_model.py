"""The diagram and the page of the data model are those of the schema, and can be looked at."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as ET

import duckdb
import pytest

from tests.conftest import ROOT
from warehouse.data_model import diagram, read_tables
from warehouse.data_model.__main__ import files
from warehouse.data_model.draw import WIDTH, placed
from warehouse.schema import migrate


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:")
    migrate(con, datetime(2024, 1, 1))  # noqa: DTZ001
    return con


@pytest.mark.parametrize("name", ["data-model.svg", "data-model.md"])
def test_what_is_in_docs_is_what_the_schema_says(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == files()[name], "behind the schema: run `python3 dev.py docs` and commit what it writes"


def test_every_table_and_column_is_drawn_and_told(con: duckdb.DuckDBPyConnection) -> None:
    made = files()
    drawn = ET.fromstring(made["data-model.svg"])  # noqa: S314 - our own
    words = {one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")}
    for table in read_tables(con):
        assert table.about, table.name
        assert {table.name, *(column.name for column in table.columns)} <= words
        assert f"## {table.name}\n" in made["data-model.md"]
        assert all(column.about for column in table.columns), table.name


def test_columns_refer_to_the_tables_whose_ids_they_hold(con: duckdb.DuckDBPyConnection) -> None:
    refers = {
        f"{table.name}.{column.name}": column.refers for table in read_tables(con) for column in table.columns
    }
    assert refers["quotes.speaker_entity_id"] == "entities"
    assert refers["quotes.carrier_quote_id"] == "quotes"
    assert refers["articles.outlet_id"] == "outlets"
    assert refers["article_pairs.article_a"] == "articles"
    assert refers["stories.story_id"] is None
    assert refers["runs.flow_run_id"] is None
    ids = {name for name in refers if re.search(r"_id$", name) and refers[name] is None}
    own = [name for name in ids if not name.endswith(("flow_run_id", "input_id"))]
    assert len(own) == len({name.partition(".")[2] for name in own}), "an id that refers to nothing"


def test_no_two_boxes_cover_each_other(con: duckdb.DuckDBPyConnection) -> None:
    boxes, _, width, height = placed({table.name: table for table in read_tables(con)})
    places = [(box.x, box.y, box.x + WIDTH, box.y + box.height) for box in boxes.values()]
    for at, one in enumerate(places):
        assert one[2] <= width
        assert one[3] <= height
        for other in places[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart
    assert "<script" not in diagram(read_tables(con))
