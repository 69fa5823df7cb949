"""Write the diagram and the page into a folder: `python -m warehouse.data_model docs`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.data_model import diagram, page, read_tables
from warehouse.schema import migrate


def files() -> dict[str, str]:
    """The files by their names, as they should be for the schema of today."""
    with duckdb.connect(":memory:") as con:
        migrate(con, datetime(2000, 1, 1))  # noqa: DTZ001 - the warehouse stores UTC without a zone
        return {"data-model.svg": diagram(read_tables(con)), "data-model.md": page(con)}


def main(folder: Path) -> None:
    """Write the files."""
    for name, content in files().items():
        (folder / name).write_text(content, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
