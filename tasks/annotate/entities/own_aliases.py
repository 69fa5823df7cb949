"""The alias table that a user keeps: names that mean the same, whatever the rules would say.

Read for `annotate` and for `onrecord aliases`. A TOML file has a table for each label, in it a line for
each name:

    [PER]
    "Recep Tayyip Erdogan" = ["Erdogan", "Tayyip Erdogan"]

a CSV file the columns label, name, alias. A name that is an alias of the shipped table may be given another
meaning, or, as a name of its own with no alias (`"Tamil Tigers" = []`), none.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tasks.annotate.entities.folding import fold
from tasks.annotate.entities.gazetteer import Entry
from tasks.annotate.entities.identity import FAMILY, Identity, folded_name, known_identity
from tasks.errors import UsageError
from tasks.model import Label

RULE = "own alias"
COLUMNS = ("label", "name", "alias")
LABELS = (Label.PERSON, Label.ORGANISATION, Label.PLACE)

Row = tuple[Label, str, str]


@dataclass(frozen=True, slots=True)
class OwnAliases:
    """The rows of the table: label, name, alias; each name is an alias of itself."""

    rows: tuple[Row, ...] = ()
    _identities: Mapping[tuple[Label, str], Identity] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = {
            (label, _key(label, alias)): _identity(label, name, alias) for label, name, alias in self.rows
        }
        object.__setattr__(self, "_identities", found)

    def identity(self, surface: str, label: Label) -> Identity | None:
        """What the table says that a name means; None where it says nothing."""
        return self._identities.get((label, _key(label, surface))) if self.rows else None

    @property
    def mark(self) -> str:
        """Which table it is: "" for an empty one."""
        if not self.rows:
            return ""
        told = "\n".join("\t".join(row) for row in sorted(self.rows))
        return hashlib.sha256(told.encode()).hexdigest()[:8]


NO_ALIASES = OwnAliases()


def _key(label: Label, surface: str) -> str:
    """The form in which an alias is compared: folded, but abbreviations by their case."""
    is_short = Entry(label, surface, surface, "").is_case_sensitive
    return surface if is_short else folded_name(surface, label)


def _identity(label: Label, name: str, alias: str) -> Identity:
    """The entity that a row names: a country or another one of the shipped tables, or one by its name."""
    known = known_identity(name, label)
    rule = "exact" if fold(alias) == fold(name) else RULE
    if known is not None and (known.country or fold(known.name) == fold(name)):
        return Identity(known.key, known.label, known.name, rule, known.country)
    return Identity(f"{FAMILY[label]}:{folded_name(name, label)}", label, name, rule)


def read_aliases(path: Path) -> OwnAliases:
    """The table in a TOML or CSV file.

    Raises UsageError where it cannot be read or understood, or one alias has two names.
    """
    try:
        content = path.read_text("utf-8-sig")
        rows = tuple(_rows_of_csv(content, path) if path.suffix == ".csv" else _rows_of_toml(content, path))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as error:
        raise UsageError(f"The alias table {path} cannot be read: {error}") from error
    _refuse_two_names(rows, path)
    return OwnAliases(rows)


def _rows_of_toml(content: str, path: Path) -> Iterator[Row]:
    for label, names in tomllib.loads(content).items():
        if not isinstance(names, dict):
            raise UsageError(f"{path}: {label} must be a table, like [PER], with a line for each name.")
        for name, aliases in names.items():
            if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
                raise UsageError(f"{path}: the aliases of {name} must be a list of texts.")
            for alias in (name, *aliases):
                yield _row(label, name, alias, path)


def _rows_of_csv(content: str, path: Path) -> Iterator[Row]:
    rows = csv.DictReader(content.splitlines())
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise UsageError(f"{path}: its first line must name the columns {', '.join(COLUMNS)}.")
    for row in rows:
        label, name, alias = (row[column] or "" for column in COLUMNS)
        yield _row(label, name, name, path)
        if alias.strip():
            yield _row(label, name, alias, path)


def _row(label: str, name: str, alias: str, path: Path) -> Row:
    if label not in {one.value for one in LABELS}:
        raise UsageError(f"{path}: {label} is no label of a name; there are PER, ORG and LOC.")
    if not name.strip() or not alias.strip():
        raise UsageError(f"{path}: a name or an alias under {label} is empty.")
    return Label(label), name.strip(), alias.strip()


def _refuse_two_names(rows: tuple[Row, ...], path: Path) -> None:
    meant: dict[tuple[Label, str], str] = {}
    for label, name, alias in rows:
        other = meant.setdefault((label, _key(label, alias)), name)
        if fold(other) != fold(name):
            raise UsageError(f"{path}: {alias} is an alias of two names, {other} and {name}.")
