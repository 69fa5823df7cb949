"""What a user's alias table joins among the entities that are loaded: planned, applied, and parted again.

Called by `onrecord aliases`. Ids stay: a joined entity gets a row in `entity_redirects`, and that row ends
where the table no longer joins it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import duckdb

from warehouse.scripts import statements

Wanted = Sequence[tuple[str, str, str]]  # label, name, alias


@dataclass(frozen=True, slots=True)
class Merge:
    """An entity that an alias joins with another; `name` and `alias` as the table has them."""

    old_entity_id: UUID
    new_entity_id: UUID
    label: str
    name: str
    alias: str
    old_name: str
    mentions: int
    articles: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Split:
    """An entity that stands for itself again."""

    old_entity_id: UUID
    old_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Lone:
    """An entity that is loaded under an alias, while none is loaded under the name or another alias."""

    label: str
    name: str
    own_name: str
    mentions: int
    articles: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What the table would change, with the merges that hold already (`is_new` is false)."""

    merges: tuple[Merge, ...]
    splits: tuple[Split, ...]
    lone: tuple[Lone, ...] = ()


def planned(con: duckdb.DuckDBPyConnection, wanted: Wanted) -> Plan:
    """What a table of aliases joins and parts. Changes nothing but temporary tables.

    An entity is joined where an alias is its name (whatever the case and diacritics), not where it is but
    one of its wordings: a lone surname that belongs to a full name stays with it.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE wanted_aliases (label VARCHAR, name VARCHAR, alias VARCHAR)")
    if wanted:
        con.executemany("INSERT INTO wanted_aliases VALUES (?, ?, ?)", [list(row) for row in wanted])
    merging, splitting, lone = statements("redirects.sql")
    merges = tuple(Merge(*row) for row in con.execute(merging).fetchall())
    con.execute("CREATE OR REPLACE TEMP TABLE joined_now (old_entity_id UUID, new_entity_id UUID)")
    if merges:
        pairs = [[one.old_entity_id, one.new_entity_id] for one in merges]
        con.executemany("INSERT INTO joined_now VALUES (?, ?)", pairs)
    splits = tuple(Split(*row) for row in con.execute(splitting).fetchall())
    return Plan(merges, splits, tuple(Lone(*row) for row in con.execute(lone).fetchall()))


def apply(con: duckdb.DuckDBPyConnection, plan: Plan, now: datetime) -> None:
    """Write the merges that are new, and end those that no longer hold."""
    ended = [*(one.old_entity_id for one in plan.splits)]
    ended += [one.old_entity_id for one in plan.merges if one.is_new]
    con.execute("BEGIN")
    try:
        for entity in ended:
            con.execute(
                "UPDATE entity_redirects SET ended_at = ? WHERE old_entity_id = ? AND ended_at IS NULL",
                [now, entity],
            )
        for one in plan.merges:
            if one.is_new:
                row = [one.old_entity_id, one.new_entity_id, one.name, one.alias, now]
                con.execute("INSERT INTO entity_redirects VALUES (?, ?, ?, ?, ?, NULL)", row)
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
