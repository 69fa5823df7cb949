"""Writes to `sources.toml` as a person would: an entry is added or filled up, everything else stays as it is.

Called by `onrecord sources add`. Comments, order and spelling of the rest survive (tomlkit).
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import tomlkit
from tomlkit.items import AoT, Table

from tasks.discover.addresses import host_of
from tasks.errors import UsageError
from tasks.followed import PLACES
from tasks.sources import read_sources

HEADER = (
    "The outlets that onrecord follows; edit this file as you like. Each entry begins with [[source]].",
    "What may stand in one is told by: onrecord sources --help",
)

Change = Literal["added", "completed", "turned on", "there already"]


@dataclass(frozen=True, slots=True)
class NewSource:
    """What was found out about a site, as an entry. `site` is its host, with the port where there is one."""

    outlet: str
    site: str
    language: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    delay: str | None = None


def add_source(path: Path, new: NewSource) -> tuple[Change, str]:
    """Write what was found into the file; what was done, and to the entry of which name.

    An entry that follows the same site is filled up with the places that it lacks, and turned on.
    Raises UsageError where the file cannot be read, understood or written.
    """
    if path.exists():
        read_sources(path)  # what is wrong in it is told before anything is written
    document = _document(path)
    entry = _entry_of(document, new)
    change: Change = "added"
    if entry is None:
        entry = _table(replace(new, outlet=_unused(document, new)))
        _append(document, entry)
    else:
        change = _complete(entry, new)
    if change != "there already":
        _write(path, tomlkit.dumps(document))
    return change, str(entry.get("outlet") or new.outlet)


def _document(path: Path) -> tomlkit.TOMLDocument:
    """The file as it stands, or a new one that says what it is."""
    if path.exists():
        return tomlkit.parse(path.read_text("utf-8"))
    document = tomlkit.document()
    for line in HEADER:
        document.add(tomlkit.comment(line))
    return document


def _entry_of(document: tomlkit.TOMLDocument, new: NewSource) -> Table | None:
    """The entry that follows the site: it looks at one of the places or at its host, or is for its domain."""
    places = {place for key in PLACES for place in getattr(new, key)}
    entries: list[Table] = [entry for entry in document.get("source", []) if _places(entry)]
    signs: list[Callable[[Table], bool]] = [
        lambda entry: bool(places & set(_places(entry))),
        lambda entry: new.site in {host_of(place) for place in _places(entry)},
        lambda entry: new.site.removeprefix("www.") in _texts(entry, "domains"),
    ]
    return next((entry for sign in signs for entry in entries if sign(entry)), None)


def _unused(document: tomlkit.TOMLDocument, new: NewSource) -> str:
    """A name that no other entry has: articles are told apart by it."""
    used = {str(entry.get("outlet")) for entry in document.get("source", [])}
    numbered = (f"{new.outlet} ({number})" for number in itertools.count(2))
    names = itertools.chain((new.outlet, f"{new.outlet} ({new.site})"), numbered)
    return next(name for name in names if name not in used)


def _places(entry: Mapping[str, Any]) -> list[str]:
    return [place for key in PLACES for place in _texts(entry, key)]


def _texts(entry: Mapping[str, Any], key: str) -> list[str]:
    value = entry.get(key, [])
    return [str(value)] if isinstance(value, str) else [str(text) for text in value]


def _table(new: NewSource) -> Table:
    """A new entry, in the order in which people read."""
    entry = tomlkit.table()
    entry["outlet"] = new.outlet
    if ":" not in new.site:  # a port is a site of its own, which a domain cannot tell from others
        entry["domains"] = [new.site.removeprefix("www.")]
    if new.language:
        entry["language"] = new.language
    for key in PLACES:
        if addresses := getattr(new, key):
            entry[key] = _array(addresses)
    if new.delay:
        entry["delay"] = new.delay
    return entry


def _array(addresses: Sequence[str]) -> tomlkit.items.Array:
    array = tomlkit.array()
    array.extend(addresses)
    return array.multiline(len(addresses) > 1)


def _append(document: tomlkit.TOMLDocument, entry: Table) -> None:
    """Put an entry behind all others."""
    sources = document.get("source")
    if sources is None:
        sources = tomlkit.aot()
        sources.append(entry)
        document.add(tomlkit.nl())
        document["source"] = sources
        return
    if isinstance(sources, AoT) and sources.body:
        last = sources.body[-1]
        if not last.as_string().endswith("\n\n"):
            last.add(tomlkit.nl())
    sources.append(entry)


def _complete(entry: Table, new: NewSource) -> Change:
    """Add the places that the entry lacks, and turn it on."""
    change: Change = "there already"
    for key in PLACES:
        known = _texts(entry, key)
        if missing := [place for place in getattr(new, key) if place not in _places(entry)]:
            entry[key] = _array([*known, *missing])
            change = "completed"
    if entry.get("enabled") is not None and not entry["enabled"]:
        entry["enabled"] = True
        change = "turned on" if change == "there already" else change
    return change


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that a stroke in between leaves the old one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as stream:
            stream.write(text)
        mode = path.stat().st_mode if path.exists() else 0o644
        Path(stream.name).chmod(mode & 0o777)
        os.replace(stream.name, path)  # noqa: PTH105 - atomic on every system
    except OSError as error:
        raise UsageError(f"The source list {path} cannot be written: {error.strerror or error}.") from error
