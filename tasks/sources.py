"""What a person wrote about single outlets in `sources.toml`: how their pages differ, and what is followed.

Called by the ingest flow and by `onrecord extract`, which read the file once; `batch` asks for each document
which entry is in force. Pure but for `read_sources`, which reads the file.
"""

from __future__ import annotations

import hashlib
import html
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tasks.discover.addresses import host_of as host_and_port
from tasks.errors import UsageError
from tasks.followed import FOLLOWING, PLACES, FollowedSource, followed_source, refuse_no_pattern
from tasks.model import SourceDocument

HEAD = 300_000  # characters of a page in which its address is looked for; heads have up to 200,000
TAG = re.compile(r"(?i)<(?:link|meta)\b[^<>]{0,2000}>")
ATTRIBUTE = re.compile(r"""([\w:-]{1,50})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
SINGLE = frozenset({"outlet", "publisher"})  # keys that have one text, not several
NO_ELEMENT = re.compile(r"(?:@[\w:*-]+|\btext\(\s*\)|\bcomment\(\s*\))\s*$")


@dataclass(frozen=True, slots=True)
class SourceRules:
    """One entry: which documents it is for, and what is done to them.

    It is for a document whose address is in one of `domains` and matches one of `urls` (where these are
    given), or, where a document names no address, whose outlet is `outlet`. An entry that follows a site and
    names no domain is for the `hosts` (with ports) that it looks at. The document's outlet is then called
    `outlet`, and belongs to the house `publisher`. `prune_xpath` is taken out of a page before anything is
    read of it, `title_suffix` off the end of its title, and the lines in which one of `drop_lines` is found
    get the role dropped.
    """

    outlet: str | None = None
    publisher: str | None = None
    domains: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    prune_xpath: tuple[str, ...] = ()
    title_suffix: tuple[str, ...] = ()
    drop_lines: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """A digest of what it does: part of the name of what made a version."""
        done: tuple[object, ...] = (self.outlet, self.prune_xpath, self.title_suffix, self.drop_lines)
        if self.publisher:
            done = (*done, self.publisher)
        return hashlib.sha256(repr(done).encode()).hexdigest()[:12]

    @property
    def does_something(self) -> bool:
        """Whether it changes what is read of a document."""
        names_outlet = self.outlet and (self.domains or self.urls or self.hosts)
        return bool(
            self.prune_xpath or self.title_suffix or self.drop_lines or self.publisher or names_outlet
        )

    def is_for(self, address: str | None, outlet: str | None) -> bool:
        """Whether it is in force for a document of this address and outlet."""
        if address and (self.domains or self.hosts):
            return self._has_domain(address) and self._has_url(address)
        if self.urls:
            return bool(address) and not self.domains and self._has_url(address or "")
        return bool(self.outlet and outlet) and _folded(self.outlet or "") == _folded(outlet or "")

    def _has_domain(self, address: str) -> bool:
        host = host_of(address)
        if self.hosts and host_and_port(address) in self.hosts:
            return True
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)

    def _has_url(self, address: str) -> bool:
        return not self.urls or any(re.search(pattern, address) for pattern in self.urls)


@dataclass(frozen=True, slots=True)
class Sources:
    """All entries, in their order: the first that is for a document is in force.

    `followed` are those that name places to look for articles, the ones that are turned off among them; those
    order nothing.
    """

    rules: tuple[SourceRules, ...] = ()
    followed: tuple[FollowedSource, ...] = ()

    def of(self, source: SourceDocument) -> SourceRules | None:
        """The entry in force for a document, where there is one that does something."""
        if not any(rules.does_something for rules in self.rules):
            return None
        address, outlet = source.given.url, source.given.outlet
        if source.form == "html" and not (address and outlet):
            found_address, found_outlet = address_and_outlet(source.content)
            address, outlet = address or found_address, outlet or found_outlet
        found = next((rules for rules in self.rules if rules.is_for(address, outlet)), None)
        return found if found and found.does_something else None


def host_of(address: str) -> str:
    """The host of an address, in lower case and without www; empty where there is none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def address_and_outlet(page: str) -> tuple[str | None, str | None]:
    """What the head of a page says of its own address and of its outlet."""
    found: dict[str, str] = {}
    for tag in TAG.finditer(page[:HEAD]):
        told = {name.lower(): "".join(value) for name, *value in ATTRIBUTE.findall(tag[0])}
        kind = (told.get("rel") or told.get("property") or told.get("name") or "").lower()
        value = told.get("href") if kind == "canonical" else told.get("content")
        if value and kind in ("canonical", "og:url", "og:site_name"):
            found.setdefault(kind, html.unescape(value).strip())
    return found.get("canonical") or found.get("og:url"), found.get("og:site_name")


# --- the file ---------------------------------------------------------------------------------------


def read_sources(path: Path) -> Sources:
    """The entries of a file. Raises UsageError, naming the entry, for what cannot be meant."""
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"There is no source list {path}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"The source list {path} cannot be read: {error}.") from error
    entries = written.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{path}: sources are written as [[source]], one such line above each.")
    if strange := sorted(set(written) - {"source"}):
        raise UsageError(f"{path}: {strange[0]!r} stands above all sources; only [[source]] is known there.")
    places = [_place(path, number, entry) for number, entry in enumerate(entries, start=1)]
    rules = [_rules(where, entry) for where, entry in zip(places, entries, strict=True)]
    read = [followed_source(where, entry) for where, entry in zip(places, entries, strict=True)]
    followed: dict[str, FollowedSource] = {}
    for where, source in zip(places, read, strict=True):
        if source and followed.setdefault(source.name, source) is not source:
            raise UsageError(f"{where}: {source.name} is followed by an entry above; join the two.")
    in_force = (
        _with_hosts(one, source)
        for one, source, entry in zip(rules, read, entries, strict=True)
        if entry.get("enabled", True)
    )
    return Sources(tuple(in_force), tuple(followed.values()))


def _with_hosts(rules: SourceRules, source: FollowedSource | None) -> SourceRules:
    """An entry that follows a site without naming its domain, as one that is for the hosts it looks at."""
    if source is None or rules.domains:
        return rules
    return replace(rules, hosts=tuple(dict.fromkeys(host_and_port(url) for url in source.places)))


def _place(path: Path, number: int, entry: Mapping[str, Any]) -> str:
    """An entry as a message names it."""
    name = entry.get("outlet") or (_strings(entry.get("domains")) or ("",))[0]
    return f"{path}, source {number}" + (f" ({name})" if isinstance(name, str) and name else "")


def _rules(where: str, entry: Mapping[str, Any]) -> SourceRules:
    """How the pages of one entry differ, checked."""
    known = [field.name for field in fields(SourceRules) if field.name != "hosts"]
    if strange := [key for key in entry if key not in known and key not in FOLLOWING]:
        raise UsageError(
            f"{where}: {strange[0]!r} is not known; known are {', '.join([*known, *FOLLOWING])}."
        )
    values = {key: _strings(value) for key, value in entry.items() if key in known}
    for key, value in values.items():
        if value is None or (key in SINGLE and len(value) != 1):
            many = "a text" if key in SINGLE else "a text or a list of texts"
            raise UsageError(f"{where}: {key} must be {many}, each with something in it.")
        for text in value:
            CHECKS.get(key, _anything)(where, key, text)
    read = {key: value for key, value in values.items() if value is not None}
    if not entry.keys() & {"outlet", "domains", "urls", *PLACES}:
        raise UsageError(f"{where}: it needs outlet, domains or urls, to tell whose pages it is for.")
    return SourceRules(
        outlet=read.pop("outlet", (None,))[0],
        publisher=read.pop("publisher", (None,))[0],
        domains=tuple(domain.lower().removeprefix("www.") for domain in read.pop("domains", ())),
        **read,
    )


def _strings(value: object) -> tuple[str, ...] | None:
    """A text, or texts, as texts; None for anything else, and for blanks."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        return None
    return tuple(texts)


def _anything(where: str, key: str, text: str) -> None:
    del where, key, text


def _domain(where: str, key: str, text: str) -> None:
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*", text):
        raise UsageError(f"{where}: {key} has {text!r}; a domain is written like news.example.org.")


def _xpath(where: str, key: str, text: str) -> None:
    from lxml.etree import XPath, XPathError
    from lxml.html import fromstring

    try:
        selected = XPath(text)(fromstring("<html><body><p>x</p></body></html>"))
    except XPathError as error:
        raise UsageError(f"{where}: {key} has {text!r}, which is no XPath: {error}.") from error
    if not isinstance(selected, list) or NO_ELEMENT.search(text):
        raise UsageError(f"{where}: {key} has {text!r}, which selects no elements.")


CHECKS: dict[str, Callable[[str, str, str], None]] = {
    "domains": _domain,
    "urls": refuse_no_pattern,
    "drop_lines": refuse_no_pattern,
    "prune_xpath": _xpath,
}
