"""Where a warehouse lies: the published file that analysts open, and the private folder beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WarehouseFiles:
    """The published file and everything that belongs to it.

    `onrecord.duckdb` has its work in `onrecord.work/`; a name without that ending keeps its own,
    so that `a.duckdb` and `a.db` never share a folder.
    """

    published: Path

    @property
    def work(self) -> Path:
        """The private folder; nobody but this package reads or writes in it."""
        name = self.published.name.removesuffix(".duckdb")
        return self.published.with_name(f"{name}.work")

    @property
    def build(self) -> Path:
        """The database that the loader writes; published as a copy."""
        return self.work / "build.duckdb"

    @property
    def staging(self) -> Path:
        """The folder of batches that wait to be loaded."""
        return self.work / "staging"

    @property
    def titles(self) -> Path:
        """The folder of the titles that runs under way know."""
        return self.work / "titles"

    @property
    def lock(self) -> Path:
        """The file whose OS lock the one loader holds."""
        return self.work / "lock"

    @property
    def receipt(self) -> Path:
        """What the published file looked like when it was last published from here."""
        return self.work / "published.json"

    @property
    def set_aside(self) -> Path:
        """The last build whose published file somebody removed or replaced."""
        return self.work / "build.set-aside.duckdb"
