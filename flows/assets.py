"""The tables of the warehouse as Prefect's assets: a run materializes those that it added rows to.

The open-source UI has no page of assets; they come as events, `prefect.asset.materialization.succeeded`,
with the key of a table as the resource, which automations can wait for.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from prefect.assets import Asset, AssetProperties, add_asset_metadata

from flows.outcome import Outcome
from tasks.settings import DEFAULT_WAREHOUSE

# What Prefect does not take in the name of an asset, and what would not be readable there.
UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
ABOUT = re.compile(r"^COMMENT ON TABLE (\w+) IS '((?:[^']|'')*)';", re.MULTILINE)

OF_NO_USE = frozenset({"article_sayings"})  # for the linking alone
ABOUT_THE_FILE = "The published warehouse: the snapshot that analysts open, replaced after each run."


def key_of(warehouse: Path, table: str = "") -> str:
    """The key of a table, `duckdb://onrecord.duckdb/quotes`, or of the file."""
    name = UNFIT.sub("-", warehouse.name) or "-"
    return f"duckdb://{name}/{table}" if table else f"duckdb://{name}"


WAREHOUSE = Asset(key=key_of(Path(DEFAULT_WAREHOUSE)))  # a task that materializes needs one from the start


def published_tables(outcome: Outcome) -> list[Asset]:
    """The published file, and each of its tables that got rows."""
    told = meanings()
    tables = [
        Asset(
            key=key_of(outcome.warehouse, table),
            properties=AssetProperties(name=table, description=told.get(table)),
        )
        for table in rows_by_table(outcome)
    ]
    file = Asset(
        key=key_of(outcome.warehouse),
        properties=AssetProperties(name=str(outcome.warehouse), description=ABOUT_THE_FILE),
    )
    return [file, *tables]


def tell_rows(outcome: Outcome) -> None:
    """Say of each table how many rows it got, and of the file how the run ended; inside the task."""
    add_asset_metadata(key_of(outcome.warehouse), {"state": outcome.state, "message": outcome.message})
    for table, rows in rows_by_table(outcome).items():
        add_asset_metadata(key_of(outcome.warehouse, table), {"rows_added": rows})


def rows_by_table(outcome: Outcome) -> dict[str, int]:
    """The tables that got rows, with how many; of stories, how many were told anew."""
    links = outcome.loaded.links
    found = {**outcome.loaded.tables, "stories": links.stories}
    return {table: rows for table, rows in sorted(found.items()) if rows and table not in OF_NO_USE}


def meanings() -> dict[str, str]:
    """What each table is, as the migrations say."""
    folder = resources.files("warehouse") / "migrations"
    scripts = sorted((one for one in folder.iterdir() if one.name.endswith(".sql")), key=lambda one: one.name)
    found = [pair for script in scripts for pair in ABOUT.findall(script.read_text("utf-8"))]
    return {table: meaning.replace("''", "'") for table, meaning in found}
