"""`onrecord aliases`: what an alias table joins in the warehouse, told or done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tasks.annotate.entities.own_aliases import OwnAliases, read_aliases
from tasks.settings import Settings
from warehouse.connect import loading, reading, utc_now
from warehouse.files import WarehouseFiles
from warehouse.publish import publish
from warehouse.redirects import Lone, Merge, Plan, Split, planned
from warehouse.redirects import apply as write


def check_aliases(file: Path, chosen: Settings) -> None:
    """Print what the table would change. Raises UsageError for a table that cannot be understood."""
    table = read_aliases(file)
    with reading(chosen.warehouse) as con:
        plan = planned(con, wanted(table))
    for line in told(plan, "would join", "would part"):
        click.echo(line)
    if changes(plan):
        click.echo(f"Nothing was changed; `onrecord aliases apply {file}` does it.")


def apply_aliases(file: Path, chosen: Settings) -> None:
    """Change the warehouse as the table says, and print what was changed."""
    table = read_aliases(file)
    files = WarehouseFiles(chosen.warehouse)
    with loading(files, wait_seconds=chosen.lock_wait) as con:
        plan = planned(con, wanted(table))
        if changes(plan):
            now = utc_now()
            write(con, plan, now)
            publish(con, files, now)
    for line in told(plan, "joined", "parted"):
        click.echo(line)


def wanted(table: OwnAliases) -> list[tuple[str, str, str]]:
    """The rows of the table as the warehouse takes them."""
    return [(label.value, name, alias) for label, name, alias in table.rows]


def changes(plan: Plan) -> int:
    """How many entities would change."""
    return sum(one.is_new for one in plan.merges) + len(plan.splits)


def told(plan: Plan, joined: str, parted: str) -> Iterator[str]:
    """The plan as lines for a person."""
    for one in plan.merges:
        yield _merge(one, joined if one.is_new else "joined already")
    for split in plan.splits:
        yield _split(split, parted)
    for lone in plan.lone:
        yield _lone(lone)
    if not plan.merges and not plan.splits and not plan.lone:
        yield "The table joins nothing that is loaded: no two entities are called by its names and aliases."


def _merge(one: Merge, verb: str) -> str:
    return f"{verb}  {one.label}  {one.old_name} → {one.name}   ({_often(one)})"


def _often(one: Merge | Lone) -> str:
    often = f"{one.mentions:,} {'mention' if one.mentions == 1 else 'mentions'}"
    where = f"{one.articles:,} {'article' if one.articles == 1 else 'articles'}"
    return f"{often} in {where}"


def _split(one: Split, verb: str) -> str:
    return f"{verb}  {one.old_name}, which was joined with {one.name}"


def _lone(one: Lone) -> str:
    return (
        f"alone  {one.label}  {one.own_name}   ({_often(one)}): nothing else of {one.name} is loaded"
        " to join it with; articles that are read with --aliases take the name."
    )
