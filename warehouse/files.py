"""Where a warehouse lies: the published file that analysts open, and the private folder beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WarehouseFiles:
    """The published file and everything that belongs to it.

    `onrecord.duckdb` has its work in `onrecord.work/`; a name without that ending keeps its own,
    so that `a.duckdb` and `a.db` never share a folder. The folder is beside the file itself, not beside a
    link to it: one warehouse has one build and one lock, by whatever name it is called.
    """

    published: Path

    @property
    def target(self) -> Path:
        """The published file itself, where its name is that of a link."""
        return Path(os.path.realpath(self.published)) if self.published.is_symlink() else self.published

    @property
    def work(self) -> Path:
        """The private folder; nobody but this package reads or writes in it."""
        target = self.target
        return target.with_name(f"{target.name.removesuffix('.duckdb')}.work")

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
    def fetching(self) -> Path:
        """The folder of the journals of runs that fetch."""
        return self.work / "fetching"

    @property
    def lock(self) -> Path:
        """The file whose OS lock the one loader holds."""
        return self.work / "lock"

    @property
    def lease(self) -> Path:
        """What the one loader holds besides, where several machines mount the folder."""
        return self.work / "lease"

    @property
    def receipt(self) -> Path:
        """What the published file looked like when it was last published from here."""
        return self.work / "published.json"

    @property
    def rebuilding(self) -> Path:
        """A mark that is there while the warehouse is made anew from the archive."""
        return self.work / "rebuilding"

    @property
    def set_aside(self) -> list[Path]:
        """The builds that gave way, the latest last: their published file was removed or replaced."""
        return sorted(self.work.glob("build.set-aside-*.duckdb"), key=_number)

    def next_set_aside(self) -> Path:
        """Where the next build that gives way goes; no file is there."""
        number = _number(self.set_aside[-1]) + 1 if self.set_aside else 1
        return self.work / f"build.set-aside-{number}.duckdb"

    def next_published_aside(self) -> Path:
        """Where the next published file goes that turned out to be damaged; no file is there."""
        numbers = map(_number, self.work.glob("published.set-aside-*.duckdb"))
        return self.work / f"published.set-aside-{max(numbers, default=0) + 1}.duckdb"


def _number(set_aside: Path) -> int:
    digits = set_aside.stem.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
