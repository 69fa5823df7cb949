"""Who wrote the article: persons, and the agencies that are credited with it or without them.

Called by `read_metadata`. The rule: of these sources the first that names a person gives all names; where
none does, the first that credits an agency.

1. `json-ld`  `author`, else `creator`, of the object that describes the article; references are followed
2. `meta`     the tags of `AUTHOR_META`, and the pair of twitter:label "Written by" and twitter:data
3. `byline`   elements near the heading whose class, `rel`, `itemprop` or link says author or byline and whose
              text is nothing but names, roles and outlets; it also overrules a field where it names more
              persons than that, and where it tells the authors from photographers, editors, other helpers

The site and its publisher are nobody: a page that credits only these has no author. A desk or the staff
counts as an agency does where it stands beside persons or agencies, or where a byline says that the text is
by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.clean.byline import ROLE, is_outlet
from tasks.clean.metadata.candidates import Candidates, Mark
from tasks.clean.metadata.json_ld import Node, kinds
from tasks.clean.metadata.names import is_agency, is_desk, is_of_house, name_parts, person
from tasks.clean.metadata.wording import folded, one_line

AUTHOR_META = (
    "article:author_name", "parsely-author", "sailthru.author", "cxenseparse:author", "authors", "byl",
    "dc.creator", "dcterms.creator", "citation_author", "author", "article:author", "og:article:author",
    "dcsext.author", "mediator_author", "creator",
)  # fmt: skip
# The label in front of a name, as content systems write it in their languages.
WRITTEN_BY = re.compile(
    r"(?i)written by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|skriven av"
    r"|skrevet av|skrevet af|napisane przez|автор|yazan"
)
NEAR_HEADING = 3  # paragraphs before a byline
MAX_BYLINE = 150  # characters; what is longer is a biography
MAX_AUTHORS = 12
MAX_VALUES = 50  # names in one field
# What follows the names in a byline: dates, times, links.
TRAILER = re.compile(
    r"(?i)\s*(?:\b(?:published|updated|posted|last|on|follow|email|contact|share|read)\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d|\+?\d|@|https?:).*$",
    re.DOTALL,
)
PICTURE = re.compile(
    r"(?i)\b(?:(?:foto|photo|bild|image)s?\s*[:/|]|foto\b|getty|imago)"
)  # of a picture, not of the text
PLACE = re.compile(r"[^\W\d_][^\W\d_-]+")  # where it was written: "Jane Doe, Berlin"
BY = re.compile(r"(?i)(?:by|von|par|por|di|door|av|af|przez)\s+(?:the\s+)?(?=\S)")
EDITED = re.compile(r"(?i)(?:editor|edited by|redaktur|penyunting|redacción)\s*:?\s+(\S.{2,60})$")
# Others who had a hand in it.
HELPERS = re.compile(
    r"(?i)[\s,|]*\b(?:photograph|photo|illustrat|contribut|edit|review|styl|research|translat"
    r"|additional report)\w*\s+(?:by|from)\b.*$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Authors:
    """The persons, the agencies and desks, and where they are named."""

    persons: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    source: str | None = None
    is_one_line: bool = False  # a byline that names several


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
    if byline.persons:
        return byline
    return credited if credited.agencies else _credited_house(page)


def _credited_house(page: Candidates) -> Authors:
    """The agency that the first byline is, or the desk that it is by ("By the Some Daily Staff")."""
    mark = next((mark for mark in page.marks if _is_byline(mark)), None)
    if mark is None:
        return Authors()
    if is_agency(mark.text):
        return Authors((), (mark.text,), "byline")
    desk = next(iter(name_parts(BY.sub("", TRAILER.sub("", mark.text)))), "")
    return Authors((), (desk,), "byline") if BY.match(mark.text) and is_desk(desk) else Authors()


def _by_readers_view(found: Authors, page: Candidates, site_names: Sequence[str]) -> Authors:
    """The field's names, or the byline's where that names more, or tells authors from helpers."""
    byline, has_helpers = _byline(page, site_names)
    edited = {name for mark in page.marks if (match := EDITED.match(mark.text)) for name in [match[1]]}
    named, shown = set(found.persons), set(byline.persons)
    if shown and named <= edited:
        return byline
    if (byline.is_one_line and shown > named) or (has_helpers and shown and shown < named):
        return replace(found, persons=byline.persons, source=byline.source)
    return found


def _sources(page: Candidates) -> Iterator[tuple[list[_Named], str]]:
    """The fields that name authors, the best first."""
    persons = {
        node["@id"]: node for node in page.nodes if isinstance(node.get("@id"), str) and node.get("name")
    }
    for field in ("author", "creator"):
        yield list(_of_json_ld(page.of_article(field), persons)), "json-ld"
    for name in AUTHOR_META:
        yield [_Named(value) for value in page.all(name)], "meta"
    if page.of_article("author"):
        return  # what follows is the name of whoever typed it in
    yield [_Named(value) for value in page.all("twitter:misc:written by")], "meta"
    for number in ("1", "2"):
        if WRITTEN_BY.fullmatch(page.first(f"twitter:label{number}") or ""):
            yield [_Named(value) for value in page.all(f"twitter:data{number}")], "meta"


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
    desks: dict[str, None] = {}
    for name in named:
        parts = name_parts(name.text)
        for part in parts:
            if is_agency(part):
                agencies[part] = None
            elif is_desk(part):
                desks[part] = None
            elif found := person(part, site_names, is_called_person=name.is_person and len(parts) == 1):
                persons[found] = None
    beside = tuple(desks) if persons or agencies else ()
    return Authors(tuple(persons)[:MAX_AUTHORS], (*agencies, *beside), source)


def _byline(page: Candidates, site_names: Sequence[str]) -> tuple[Authors, bool]:
    """The names in the bylines near the heading, and whether these name helpers, who are left out.

    Elements lie in each other: those that are one name alone ("Jane Doe") tell where a name ends in those
    around them ("By Jane Doe and John Roe", "Jane Doe Culture reporter").
    """
    marks = [mark for mark in page.marks if _is_byline(mark)] or _lone_byline(page)
    read = [(mark, _names_alone(HELPERS.sub("", mark.text), site_names)) for mark in marks]
    has_helpers = any(HELPERS.search(mark.text) for mark in marks)
    alone = [(mark.label, people[0]) for mark, people in read if len(people) == 1 and _is_bare(mark, people)]
    alone = [
        (label, name) for label, name in alone if not any(name.startswith(f"{other} ") for _, other in alone)
    ]
    names = dict.fromkeys(name for label, name in alone if label == alone[0][0])
    together = next((people for _, people in read if len(people) > 1 and set(names) <= set(people)), None)
    persons = tuple(dict.fromkeys(together or names))[:MAX_AUTHORS]
    return Authors(persons, (), "byline", is_one_line=together is not None), has_helpers


def _is_byline(mark: Mark) -> bool:
    is_near = mark.paragraphs < NEAR_HEADING and mark.after_heading and not mark.is_foreign
    is_of_picture = PICTURE.search(mark.text) or "media" in mark.label
    return is_near and mark.kind == "author" and not is_of_picture


def _lone_byline(page: Candidates) -> list[Mark]:
    """The byline of a page without a heading: the only one that it has."""
    if any(mark.kind == "h1" for mark in page.marks):
        return []
    marks = [mark for mark in page.marks if mark.kind == "author" and not mark.is_foreign]
    return marks if len({folded(mark.text) for mark in marks}) == 1 else []


def _is_bare(mark: Mark, people: Sequence[str]) -> bool:
    """Whether the name is all that the byline says, but for its opening, a place and what follows."""
    parts = name_parts(TRAILER.sub("", HELPERS.sub("", mark.text)))
    return bool(parts) and folded(parts[0]) == folded(people[0])


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
