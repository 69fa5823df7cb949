"""Who wrote the article: persons, and the agencies that are credited with it or without them.

Called by `read_metadata`. The rule: of these sources the first that names a person gives all names; where
none does, the first that credits an agency.

1. `json-ld`  `author`, else `creator`, of the object that describes the article; references are followed
2. `meta`     the tags of `AUTHOR_META`
3. `byline`   elements near the heading whose class, `rel` or `itemprop` says author or byline, and whose text
              is nothing but names, roles and outlets; it also overrules a field where it names more persons
              than that, and where it tells the authors from photographers, editors and other helpers

The site, its publisher, its desks and staff are nobody: a page that credits only these has no author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.clean.byline import ROLE, is_outlet
from tasks.clean.metadata.candidates import Candidates
from tasks.clean.metadata.json_ld import Node, kinds
from tasks.clean.metadata.names import is_agency, is_of_house, name_parts, person
from tasks.clean.metadata.wording import one_line

AUTHOR_META = (
    "article:author_name", "parsely-author", "sailthru.author", "cxenseparse:author", "authors", "byl",
    "dc.creator", "dcterms.creator", "citation_author", "author", "article:author", "og:article:author",
    "dcsext.author", "mediator_author", "creator",
)  # fmt: skip
NEAR_HEADING = 2  # paragraphs before a byline
MAX_BYLINE = 150  # characters; what is longer is a biography
MAX_AUTHORS = 12
MAX_VALUES = 50  # names in one field
# What follows the names in a byline: dates, times, links.
TRAILER = re.compile(
    r"(?i)\s*(?:\b(?:published|updated|posted|last|on|follow|email|contact|share|read)\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d|\d|@|https?:).*$",
    re.DOTALL,
)
PLACE = re.compile(r"[^\W\d_][^\W\d_-]+")  # where it was written: "Jane Doe, Berlin"
# Others who had a hand in it.
HELPERS = re.compile(
    r"(?i)[\s,|]*\b(?:photograph|photo|illustrat|contribut|edit|review|styl|research|translat"
    r"|additional report)\w*\s+(?:by|from)\b.*$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Authors:
    """The persons and the agencies, and where they are named."""

    persons: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """A name as it stands in a source, and whether that says that it is a person's."""

    text: str
    is_person: bool = False


def choose_authors(page: Candidates, site_names: Sequence[str]) -> Authors:
    """The authors by the rule above."""
    credited = Authors()
    for named, source in _sources(page):
        found = _read(named, site_names, source)
        if found.persons:
            return _by_readers_view(found, page, site_names)
        if found.agencies and not credited.agencies:
            credited = found
    byline, _ = _byline(page, site_names)
    return byline if byline.persons or not credited.agencies else credited


def _by_readers_view(found: Authors, page: Candidates, site_names: Sequence[str]) -> Authors:
    """The field's names, or the byline's where that names more, or tells authors from helpers."""
    byline, has_helpers = _byline(page, site_names)
    named, shown = set(found.persons), set(byline.persons)
    if shown > named or (has_helpers and shown and shown < named):
        return replace(found, persons=byline.persons, source=byline.source)
    return found


def _sources(page: Candidates) -> Iterator[tuple[list[_Named], str]]:
    """The fields that name authors, the best first."""
    persons = {
        node["@id"]: node for node in page.nodes if isinstance(node.get("@id"), str) and node.get("name")
    }
    for field in ("author", "creator"):
        for node in page.articles:
            if node.get(field):
                yield list(_of_json_ld(node[field], persons)), "json-ld"
    for name in AUTHOR_META:
        yield [_Named(value) for value in page.all(name)], "meta"


def _of_json_ld(value: object, nodes: Mapping[str, Node]) -> Iterator[_Named]:
    """The names in JSON-LD's author, references followed once."""
    for one in (value if isinstance(value, list) else [value])[:MAX_VALUES]:
        node: Any = one
        if isinstance(one, dict):
            node = nodes.get(str(one.get("@id")), one) if not one.get("name") else one
        if isinstance(node, dict):
            is_person = "Person" in kinds(node)
            for name in _texts(node.get("name")):
                yield _Named(name, is_person)
        else:
            yield from (_Named(name) for name in _texts(node))


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if line := one_line(one):
            yield line


def _read(named: Iterable[_Named], site_names: Sequence[str], source: str) -> Authors:
    """The persons and agencies among the names of one field."""
    persons: dict[str, None] = {}
    agencies: dict[str, None] = {}
    for name in named:
        parts = name_parts(name.text)
        for part in parts:
            if is_agency(part):
                agencies[part] = None
            elif found := person(part, site_names, is_called_person=name.is_person and len(parts) == 1):
                persons[found] = None
    return Authors(tuple(persons)[:MAX_AUTHORS], tuple(agencies), source)


def _byline(page: Candidates, site_names: Sequence[str]) -> tuple[Authors, bool]:
    """The names in the first byline near the heading, and in those beside it of the same kind.

    Also whether it names helpers (photographers, editors), who are left out.
    """
    found: dict[str, None] = {}
    label, has_helpers = None, False
    for mark in page.marks:
        is_near = mark.paragraphs < NEAR_HEADING and mark.after_heading and not mark.is_foreign
        if mark.kind != "author" or not is_near:
            continue
        text = HELPERS.sub("", mark.text)
        has_helpers = has_helpers or text != mark.text
        if label in (None, mark.label) and (people := _names_alone(text, site_names)):
            label = mark.label
            found.update(dict.fromkeys(people))
    return Authors(tuple(found)[:MAX_AUTHORS], (), "byline"), has_helpers


def _names_alone(text: str, site_names: Sequence[str]) -> list[str]:
    """The persons in a text that is nothing but names, roles, outlets and a place; else none."""
    bare = TRAILER.sub("", text[: MAX_BYLINE + 1])
    if len(text) > MAX_BYLINE or not bare:
        return []
    people: list[str] = []
    for part in name_parts(bare):
        if found := person(part, site_names):
            people.append(found)
        elif not (_is_beside_names(part, site_names) or (people and PLACE.fullmatch(part))):
            return []
    return people


def _is_beside_names(part: str, site_names: Sequence[str]) -> bool:
    """Whether it stands in bylines beside names: an outlet, a role, an agency."""
    return bool(is_outlet(part) or ROLE.search(part) or is_of_house(part, site_names) or is_agency(part))
