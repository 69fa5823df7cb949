"""The lexicons as look-up tables, each read once, when first asked for.

Called by the rule tagger, the closed classes, the roles and the resolver.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tasks.annotate.entities.folding import fold, fold_word
from tasks.annotate.tokens import words
from tasks.model import Label

# Names of up to this many letters that are all capitals are abbreviations: their case counts ("US", "us").
LONGEST_ABBREVIATION = 5
# The section of `aliases.toml` with places that act as organisations.
ACTING = "ACTING"
# Demonyms that take no plural "s": "British", "Chinese", "Swiss", "Frenchmen".
NO_PLURAL = ("ish", "ese", "ch", "sh", "s", "men", "chman", "shman", "tsman")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory of ISO 3166."""

    code: str
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase of a lexicon means: its label, the name of what it means, and how it is written."""

    label: Label
    head: str
    surface: str
    kind: str  # country, capital, place, organisation
    country: str | None = None

    @property
    def is_case_sensitive(self) -> bool:
        """Whether it is an abbreviation that other case would turn into a word."""
        letters = self.surface.replace(".", "")
        return letters.isupper() and len(letters) <= LONGEST_ABBREVIATION


@cache
def countries() -> dict[str, Country]:
    """All countries by ISO code."""
    found = {}
    for line in _lines("countries.tsv"):
        code, name, *lists = [*line.split("\t"), "", "", ""][:5]
        names, demonyms, capitals = (tuple(part for part in one.split(";") if part) for one in lists)
        found[code] = Country(code, name, names, demonyms, capitals)
    return found


@cache
def country_codes() -> dict[str, str]:
    """ISO code by folded name of the country."""
    found: dict[str, str] = {}
    for country in countries().values():
        for name in (country.name, *country.names):
            found.setdefault(fold(name), country.code)
    return found


@cache
def capital_codes() -> dict[str, str]:
    """ISO code by folded name of the capital, for governments that are called by it."""
    return {fold(capital): country.code for country in countries().values() for capital in country.capitals}


@cache
def demonyms() -> dict[str, str]:
    """What a demonym stands for: an ISO code, or the head of a group ("Kurdish" for "Kurds")."""
    found: dict[str, str] = {}
    for country in countries().values():
        for demonym in country.demonyms:
            found.setdefault(demonym, country.code)
            if not demonym.endswith(NO_PLURAL):
                found.setdefault(demonym + "s", country.code)
    for line in _lines("groups.tsv"):
        head, _, others = line.partition("\t")
        for form in (head, *filter(None, others.split(";"))):
            found[form] = found.get(form, head)
    return found


@cache
def longest_demonym() -> int:
    """How many words the longest demonym has."""
    return max(len(demonym.split()) for demonym in demonyms())


@cache
def phrases() -> dict[str, Entry]:
    """Known names of places and organisations, by their folded tokens joined with blanks."""
    found: dict[str, Entry] = {}
    for entry in _entries():
        found.setdefault(" ".join(fold_word(token.text) for token in words(entry.surface)), entry)
    return found


@cache
def longest_phrase() -> dict[str, int]:
    """How many tokens the longest phrase has that begins with this folded token."""
    found: dict[str, int] = {}
    for phrase in phrases():
        tokens = phrase.split(" ")
        found[tokens[0]] = max(found.get(tokens[0], 0), len(tokens))
    return found


def _entries() -> Iterator[Entry]:
    """All entries; the first of two with one spelling wins."""
    yield from _country_entries()
    yield from _alias_entries()
    for country in countries().values():
        for capital in country.capitals:
            yield Entry(Label.PLACE, capital, capital, "capital", country.code)
    for line in _lines("places.txt"):
        for place in line.split(","):
            yield Entry(Label.PLACE, place.strip(), place.strip(), "place")
    for agency in _lines("news_agencies.txt"):
        yield Entry(Label.ORGANISATION, agency, agency, "organisation")


def _country_entries() -> Iterator[Entry]:
    for country in countries().values():
        for name in (country.name, *country.names):
            yield Entry(Label.PLACE, country.name, name, "country", country.code)


@cache
def acting_places() -> dict[str, str]:
    """By folded name of a place: the organisation that is meant where the place acts ("Europe": the EU)."""
    heads = _toml("aliases.toml")[ACTING]
    return {fold(place): head for head, places in heads.items() for place in places}


def _alias_entries() -> Iterator[Entry]:
    for label, heads in _toml("aliases.toml").items():
        if label == ACTING:
            continue
        kind = "organisation" if label == Label.ORGANISATION else "place"
        for head, others in heads.items():
            for name in (head, *others):
                yield Entry(Label(label), head, name, kind)


@cache
def first_names() -> frozenset[str]:
    """Given names, folded."""
    return frozenset(fold_word(name) for name in _all_words("first_names.txt"))


@cache
def cities() -> dict[str, int]:
    """Names of cities of one word, folded, with their size: 1 to 3 (`cities.txt`)."""
    return {name: size for size, line in enumerate(_lines("cities.txt"), start=1) for name in line.split()}


@cache
def function_words() -> frozenset[str]:
    """Words that never open a name."""
    return frozenset(_all_words("function_words.txt"))


@cache
def ordinary_words() -> frozenset[str]:
    """Words that open sentences without being names, function words among them."""
    return function_words() | frozenset(_all_words("ordinary_words.txt"))


@cache
def name_words() -> dict[str, frozenset[str]]:
    """The lists of `org_words.toml`."""
    return {key: frozenset(value.split()) for key, value in _toml("org_words.toml").items()}


@cache
def role_words() -> dict[str, frozenset[str]]:
    """The lists of `roles.toml`."""
    return {key: frozenset(value.split()) for key, value in _toml("roles.toml").items()}


@cache
def amount_words() -> dict[str, dict[str, str]]:
    """The tables of `amounts.toml`."""
    return _toml("amounts.toml")


@cache
def context(name: str) -> frozenset[str]:
    """A list of `context.toml`."""
    return all_contexts()[name]


@cache
def all_contexts() -> dict[str, frozenset[str]]:
    """The lists of `context.toml`."""
    return {key: frozenset(value.split()) for key, value in _toml("context.toml").items()}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_read(name))


def _all_words(name: str) -> list[str]:
    return [word for line in _lines(name) for word in line.split()]


def _lines(name: str) -> list[str]:
    return [line for line in _read(name).splitlines() if line.strip() and not line.startswith("#")]


def _read(name: str) -> str:
    return files("tasks.annotate.entities.lexicon").joinpath(name).read_text("utf-8")
