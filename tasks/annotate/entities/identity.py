"""Keys and names of entities: what makes two mentions, in one article or in two, the same entity.

Called by the resolver; `name_rank` also by the loader, to choose one name from those of many articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.annotate.entities.folding import fold, fold_word, without_ends
from tasks.annotate.entities.gazetteer import (
    Entry,
    acting_places,
    countries,
    country_codes,
    demonyms,
    phrases,
)
from tasks.annotate.tokens import words
from tasks.model import Label

FAMILY = {Label.PERSON: "per", Label.ORGANISATION: "org", Label.PLACE: "loc", Label.NATIONALITY: "norp"}
COMPANY_FORM = re.compile(
    r",?\s(?:inc|corp|corporation|co|company|ltd|limited|plc|llc|ag|gmbh|sa|holdings?)$"
)
# The plural of those who follow a party or a movement: "Democrats", "Islamists", "Conservatives".
FOLLOWERS = re.compile(r"(?<=crat|.can|.ist|tive)s$")
ARABIC_ARTICLE = re.compile(r" (?:al|el) ")
# Every country has one: without its country the name says little.
INSTITUTION = re.compile(
    r"""
      (?:.*\ )?(?:ministry|treasury|parliament|senate|congress|assembly|cabinet|government|army|navy
        |air\ force|armed\ forces|national\ guard|police
        |coast\ guard|supreme\ court|high\ court|constitutional\ court
        |court\ of\ appeal|central\ bank|national\ bank|electoral\ commission|presidency|judiciary
        |house\ of\ representatives|state\ security|attorney\ general's\ office)
    | (?:ministry|department|house|chamber|court|office|supreme\ council)\ (?:of|for)\ .*
    """,
    re.VERBOSE,
)
OF_COUNTRY = re.compile(r"^(.+) of (?:the )?(.+)$")
# Rules whose aliases are never the name to show: they are shorter, or mean the thing only in passing.
SHORT_RULES = frozenset({"surname", "subset", "acronym", "parenthesis", "affix", "metonym", "demonym"})
HEAD_RULE = "head"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a name says of itself, without its document: its entity's key, label, name and country."""

    key: str
    label: Label
    name: str
    rule: str
    country: str | None = None


def known_identity(surface: str, label: Label) -> Identity | None:
    """What the tables of countries, demonyms and aliases say of a name."""
    if label is Label.NATIONALITY:
        return _demonym_identity(surface)
    if label not in {Label.PLACE, Label.ORGANISATION}:
        return None
    acting = acting_places().get(fold(surface)) if label is Label.ORGANISATION else None
    if acting is not None:
        return Identity(f"{FAMILY[label]}:{fold(acting)}", label, acting, "alias table")
    # A country's name that is called an organisation is its team; its abbreviation is mostly the country.
    if (label is Label.PLACE or surface.isupper()) and _is_name_of_country(surface):
        code = country_codes().get(fold(surface))
        if code is not None:
            return country_identity(code, "country")
    entry = entry_of(surface)
    if entry is None or entry.label is not label:
        return None
    rule = "exact" if fold(entry.head) == fold(surface) else "alias table"
    return Identity(f"{FAMILY[label]}:{fold(entry.head)}", label, entry.head, rule)


def _is_name_of_country(surface: str) -> bool:
    entry = entry_of(surface)
    return entry is None or entry.country is not None


def entry_of(surface: str) -> Entry | None:
    """The lexicons' entry of a name; case counts for abbreviations."""
    bare = without_ends(surface)
    entry = phrases().get(" ".join(fold_word(token.text) for token in words(bare)))
    return None if entry is None or (entry.is_case_sensitive and entry.surface != bare) else entry


def country_identity(code: str, rule: str) -> Identity:
    """The entity of a country."""
    return Identity(f"country:{code}", Label.PLACE, countries()[code].name, rule, code)


def _demonym_identity(surface: str) -> Identity:
    form = surface if surface in demonyms() else surface.capitalize()
    code = demonyms().get(form, form)
    if code in countries():
        return country_identity(code, "demonym")
    return Identity(f"norp:{fold(code)}", Label.NATIONALITY, code, "exact" if code == form else "demonym")


def folded_name(surface: str, label: Label) -> str:
    """The form in which two spellings of one name are equal.

    Without a company's form of law, a following's plural ("Republicans") and the article in Arabic names.
    """
    folded = fold(surface)
    if label is Label.ORGANISATION:
        return FOLLOWERS.sub("", COMPANY_FORM.sub("", folded)) or folded
    return ARABIC_ARTICLE.sub(" ", folded) if label is Label.PERSON else folded


def institution(surface: str, beside: str | None) -> tuple[str, str | None] | None:
    """The bare name and the country of a state institution; None where it is none.

    `beside` is the country of a demonym or possessive next to the mention.
    """
    folded = fold(surface)
    for demonym_words in (3, 2, 1):
        parts = surface.split(" ", demonym_words)
        head = " ".join(parts[:demonym_words])
        code = demonyms().get(head) or country_codes().get(fold(head))
        if len(parts) > demonym_words and code in countries() and INSTITUTION.fullmatch(fold(parts[-1])):
            return fold(parts[-1]), code
    if (
        (match := OF_COUNTRY.fullmatch(folded))
        and (code := country_codes().get(match[2]))
        and INSTITUTION.fullmatch(match[1])
    ):
        return match[1], code
    return (folded, beside) if INSTITUTION.fullmatch(folded) else None


def name_rank(alias: str, rule: str, label: Label) -> int:
    """How fit a surface is to be the name shown: higher is better, a function of these values alone.

    The head of a table wins over all; then full names over short forms, mixed case over capitals,
    diacritics over none.
    """
    rank = 1000 if rule == HEAD_RULE else 0
    rank -= 200 if rule in SHORT_RULES else 0
    rank += 20 * min(len(alias.split()), 4) if label in {Label.PERSON, Label.ORGANISATION} else 0
    rank += 10 if not alias.isupper() else 0
    rank += 5 if not alias.isascii() and alias != fold(alias) and not _is_only_typographic(alias) else 0
    return rank + (2 if rule == "typo" else 0)


def _is_only_typographic(alias: str) -> bool:
    """Whether a curly apostrophe or a dash is all that is not ASCII."""
    return alias.translate({ord(mark): None for mark in "‘’“”–—‐‑"}).isascii()
