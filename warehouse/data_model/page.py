"""The page of the data model: the diagram, and every table and view with its columns and their meanings."""

from __future__ import annotations

import duckdb

from warehouse.data_model.draw import GROUPS, inner
from warehouse.data_model.tables import read_tables
from warehouse.dictionary import section

HEAD = """# The data model

Made from the schema by `python3 dev.py docs`: what stands here is what the warehouse says of itself.

![The tables of the warehouse, and which column refers to which table](data-model.svg)

Offsets are 0-based code points in `article_versions.text`, end exclusive. Ids are functions of content: the
same article has the same ids in every warehouse. [The cookbook](cookbook.md) has questions to ask; the
[decisions](decisions/README.md) say why it is so.
"""


def page(con: duckdb.DuckDBPyConnection) -> str:
    """The page, in Markdown: the tables by their groups, then the views."""
    tables = {table.name: table for table in read_tables(con)}
    parts = [HEAD]
    for row in (*GROUPS, inner(tables)):
        for title, columns in row:
            parts.append(f"# {title}\n")
            parts += [section(con, name) for column in columns for name in column]
    parts.append("# Views\n")
    named = (
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' ORDER BY view_name"
    )
    parts += [section(con, name) for (name,) in con.execute(named).fetchall()]
    return "\n".join(parts).rstrip() + "\n"
