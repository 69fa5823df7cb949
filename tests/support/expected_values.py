"""What conformance suites state of their feeds, held against what discovery reads of them.

Two suites are understood: feedparser's (a comment at the head of each file holds a Python expression over the
parsed feed) and gofeed's (a JSON file of the same name beside it). A statement is one value of one entry that
candidates carry (address, title, author, date, language), that an entry is there, or how many there are.
Titles are compared as text, for that is what is kept of them.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.discover import read_entries
from tasks.discover.addresses import joined
from tasks.discover.listing import Entry, Reading
from tasks.errors import DocumentError
from tasks.timestamps import parse_timestamp

HEAD = 8_000  # bytes in which a file's expectation stands
EXPECTED = re.compile(r"Expect:[ \t]*(.+)")
HEADER = re.compile(r"(?i)Header:[ \t]*Content-type:[ \t]*(.+)")
TAG = re.compile(r"<!--.*?-->|<script.*?</script>|<[a-zA-Z/!][^<>]*>", re.DOTALL)
PLACE = "http://127.0.0.1:8097/feeds/x.xml"  # feedparser's tests are served from there
DEVIANT_VALUE = object()  # stands for what cannot be compared: only that the entry is there


@dataclass(frozen=True, slots=True)
class Statement:
    """One value: entry number (None: of the feed), field, and what it must be."""

    number: int | None
    field: str
    value: Any = DEVIANT_VALUE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one file: which statements hold, and which do not (as sentences)."""

    path: Path
    held: tuple[str, ...]
    broken: tuple[str, ...]


def verdict(path: Path, statements: list[Statement], content_type: str | None = None) -> Verdict:
    """Hold a file's statements against what is read of it."""
    try:
        reading = read_entries(path.read_bytes(), content_type)
    except DocumentError as error:
        return Verdict(path, (), tuple(f"{error.reason}: {error.message}" for _ in statements))
    held, broken = [], []
    for statement in statements:
        if _holds(statement, reading):
            held.append(statement.field)
        else:
            broken.append(f"{statement} but read: {_shown(statement, reading)}")
    return Verdict(path, tuple(held), tuple(broken))


def _shown(statement: Statement, reading: Reading) -> object:
    if statement.number is None:
        return f"{len(reading.entries)} entries of {reading.title!r} ({reading.language})"
    return reading.entries[statement.number] if statement.number < len(reading.entries) else None


def _holds(statement: Statement, reading: Reading) -> bool:
    if statement.number is None:
        of_feed = {"count": len(reading.entries), "title": reading.title, "language": reading.language}
        return bool((of_feed[statement.field] or "") == (plain(statement.value) or ""))
    if statement.number >= len(reading.entries):
        return False
    if statement.value is DEVIANT_VALUE:
        return True
    return FIELDS[statement.field](reading.entries[statement.number], statement.value)


def plain(value: Any) -> Any:
    """A text without markup, on one line."""
    if not isinstance(value, str):
        return value
    return " ".join(html.unescape(TAG.sub(" ", value)).split())


def _has_link(entry: Entry, value: Any) -> bool:
    return joined(entry.link or "", PLACE) == joined(str(value), PLACE)


def _has_title(entry: Entry, value: Any) -> bool:
    return "".join((entry.title or "").split()) == "".join(plain(value).split())


def _has_author(entry: Entry, value: Any) -> bool:
    name = plain(str(value).partition(" (")[0])
    return not name or "@" in name or any(name in plain(author) for author in entry.authors)


def _has_date(dates: tuple[str, ...], value: Any) -> bool:
    if isinstance(value, tuple):
        value = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*value[:6])
    stamps = [stamp.moment for date in dates if (stamp := parse_timestamp(date))]
    wanted = parse_timestamp(value)
    return wanted is not None and wanted.moment in stamps


FIELDS: dict[str, Callable[[Entry, Any], bool]] = {
    "link": _has_link,
    "title": _has_title,
    "author": _has_author,
    "published": lambda entry, value: _has_date(entry.published, value),
    "updated": lambda entry, value: _has_date((*entry.modified, *entry.published), value),
    "language": lambda entry, value: (entry.language or "") == value,
}

# --- feedparser's ---------------------------------------------------------------------------------------

FEEDPARSER_FIELDS = {
    "link": "link",
    "title": "title",
    "title_detail.value": "title",
    "title_detail.language": "language",
    "author": "author",
    "author_detail.name": "author",
    "published": "published",
    "published_parsed": "published",
    "created": "published",
    "created_parsed": "published",
    "updated": "updated",
    "updated_parsed": "updated",
}


def feedparser_statements(path: Path) -> tuple[list[Statement], str | None]:
    """What a file states of its entries, and the content type that it was sent with."""
    head = path.read_bytes()[:HEAD].replace(b"\0", b"").decode("utf-8", "replace")
    expected, header = EXPECTED.search(head), HEADER.search(head)
    content_type = header[1].strip() if header else None
    if expected is None:
        return [], content_type
    try:
        tree = ast.parse(expected[1].strip(), mode="eval")
    except SyntaxError:
        return [], content_type
    return list(dict.fromkeys(_statements(tree.body))), content_type


def _statements(node: ast.expr) -> Iterator[Statement]:
    """The comparisons of a conjunction."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for part in node.values:
            yield from _statements(part)
    elif isinstance(node, ast.Compare) and all(isinstance(operator, ast.Eq) for operator in node.ops):
        value = _literal(node.comparators[-1])
        for side in (node.left, *node.comparators[:-1]):
            yield from _statement(side, value)


def _statement(side: ast.expr, value: Any) -> Iterator[Statement]:
    """A value that is compared: len(entries), or a field of an entry or of the feed."""
    if isinstance(side, ast.Call):
        if ast.unparse(side) == "len(entries)":
            yield Statement(None, "count", value)
        return
    root, path = _path(side)
    if root == "entries" and path and isinstance(path[0], int):
        keys = [key for key in path[1:] if isinstance(key, str)]
        field = FEEDPARSER_FIELDS.get(".".join(keys))
        if keys[:1] == ["authors"] and keys[1:] == ["name"]:
            field = "author"
        known = field is not None and value is not DEVIANT_VALUE
        yield Statement(path[0], field or "entry", value if known else DEVIANT_VALUE)
    elif root == "feed" and path in (["title"], ["language"]) and value is not DEVIANT_VALUE:
        yield Statement(None, str(path[0]), value)


def _path(node: ast.expr) -> tuple[str, list[str | int]]:
    """`entries[0]['title']` or `entries[0].title` as a name and its keys."""
    keys: list[str | int] = []
    while isinstance(node, ast.Subscript | ast.Attribute):
        key = node.attr if isinstance(node, ast.Attribute) else _literal(node.slice)
        keys.insert(0, key if isinstance(key, str | int) else "?")
        node = node.value
    return (node.id if isinstance(node, ast.Name) else ""), keys


def _literal(node: ast.expr) -> Any:
    """The value of a literal, of texts added up among them."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return left + right if isinstance(left, str) and isinstance(right, str) else DEVIANT_VALUE
    try:
        return ast.literal_eval(node)
    except ValueError:
        return DEVIANT_VALUE


# --- gofeed's -----------------------------------------------------------------------------------------

GOFEED_FIELDS = {
    "link": "link",
    "title": "title",
    "publishedParsed": "published",
    "pubDateParsed": "published",
    "updatedParsed": "updated",
}


def gofeed_statements(path: Path) -> list[Statement]:
    """What the JSON beside a feed states of its entries."""
    expected = json.loads(path.read_text("utf-8"))
    entries = expected.get("items", expected.get("entries"))
    if not isinstance(entries, list):
        return []
    found = [Statement(None, "count", len(entries))]
    for number, entry in enumerate(entries):
        found += _of_gofeed(number, entry)
    return found


def _of_gofeed(number: int, entry: Mapping[str, Any]) -> Iterator[Statement]:
    for name, field in GOFEED_FIELDS.items():
        if entry.get(name):
            yield Statement(number, field, entry[name])
    for link in entry.get("links") or ():
        if isinstance(link, dict) and link.get("rel") == "alternate" and link.get("href"):
            yield Statement(number, "link", link["href"])
            break
    for author in entry.get("authors") or ():
        if isinstance(author, dict) and author.get("name"):
            yield Statement(number, "author", author["name"])


def gofeed_pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Feeds with their expected results: `x.xml` and `x.json`, `x.json` and `x_expected.json`."""
    for expected in sorted(folder.rglob("*.json")):
        feed = expected.with_suffix(".xml")
        if expected.stem.endswith("_expected"):
            feed = expected.with_name(expected.name.replace("_expected", ""))
        if feed != expected and feed.exists():
            yield feed, expected
