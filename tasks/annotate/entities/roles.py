"""Roles of persons, read before and after their names.

"Russian Deputy Foreign Minister Jane Doe" gives role "Deputy Foreign Minister" of country RU;
"Jane Doe, the company's chief executive," gives "chief executive". Called by `annotate_entities`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.annotate.entities.folding import fold
from tasks.annotate.entities.gazetteer import countries, country_codes, demonyms, longest_demonym, role_words
from tasks.annotate.tokens import Paragraph, Token
from tasks.model import Span

# A role of more words than this is a clause.
LONGEST_ROLE = 9
# How many words of an apposition are searched for its role.
APPOSITION = 10
INSIDE = frozenset({"of", "and", "for", "&"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
LONGEST_COUNTRY = 4  # words: "United States of America" and the like


@dataclass(frozen=True, slots=True)
class PersonRole:
    """What somebody is, and the ISO code of the country that the words before it name."""

    role: str
    country: str | None


def roles(text: str, paragraphs: Sequence[Paragraph], persons: Sequence[Span]) -> dict[Span, PersonRole]:
    """The roles that stand beside the names of persons; `persons` in text order."""
    found: dict[Span, PersonRole] = {}
    at = 0
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            first = at
            while at < len(persons) and persons[at].start < sentence.span.end:
                at += 1
            if first < at:
                found.update(_in_sentence(text, sentence.tokens, persons[first:at]))
    return found


def _in_sentence(text: str, tokens: Sequence[Token], persons: Sequence[Span]) -> dict[Span, PersonRole]:
    starts = {token.start: index for index, token in enumerate(tokens)}
    ends = {token.end: index + 1 for index, token in enumerate(tokens)}
    found: dict[Span, PersonRole] = {}
    last: PersonRole | None = None
    for person in persons:
        if person.start not in starts or person.end not in ends:
            continue
        first, after = starts[person.start], ends[person.end]
        role = (
            _before(text, tokens, first) or _after(text, tokens, after) or _counterpart(tokens, first, last)
        )
        if role is not None:
            found[person] = last = role
    return found


def _before(text: str, tokens: Sequence[Token], name: int) -> PersonRole | None:
    """The role that ends right before the name."""
    end = name
    while end > 0 and tokens[end - 1].text.casefold() in role_words()["honorifics"]:
        end -= 1
    return _role_ending(text, tokens, end, floor=max(0, end - LONGEST_ROLE))


def _role_ending(text: str, tokens: Sequence[Token], end: int, floor: int) -> PersonRole | None:
    """The longest run of role words that ends at a token with a noun."""
    if end <= floor or not _is_noun(tokens[end - 1]):
        return None
    first = end - 1
    while first > floor and _continues(tokens, first - 1, floor):
        first -= 1
    while first < end - 1 and tokens[first].text.casefold() in INSIDE:
        first += 1
    return PersonRole(text[tokens[first].start : tokens[end - 1].end], _country_before(tokens, first))


def _continues(tokens: Sequence[Token], at: int, floor: int) -> bool:
    """Whether the word may belong to a role that goes on behind it."""
    word = tokens[at].text.casefold()
    if word in INSIDE:
        return at > floor and _is_role_word(tokens[at - 1])
    return _is_role_word(tokens[at])


def _is_noun(token: Token) -> bool:
    return token.text.casefold() in role_words()["nouns"]


def _is_role_word(token: Token) -> bool:
    words = role_words()
    word = token.text.casefold()
    return word in words["nouns"] or word in words["modifiers"]


def _country_before(tokens: Sequence[Token], at: int) -> str | None:
    """The country of the demonym or the name (with or without a possessive) before a token."""
    end = at
    if end > 0 and tokens[end - 1].text in POSSESSIVES:
        end -= 1
    for size in range(min(LONGEST_COUNTRY, end), 0, -1):
        name = " ".join(token.text for token in tokens[end - size : end])
        code = demonyms().get(name) if size <= longest_demonym() else None
        code = code or _named_country(name)
        if code in countries():
            return code
    return None


def _named_country(name: str) -> str | None:
    """The country of that name; the pronoun "us" is none."""
    return country_codes().get(fold(name)) if name[:1].isupper() else None


def _after(text: str, tokens: Sequence[Token], end: int) -> PersonRole | None:
    """The role in an apposition behind the name: ", the company's chief executive,"."""
    if end + 1 >= len(tokens) or tokens[end].text != ",":
        return None
    first = end + 1
    opener = tokens[first].text.casefold()
    if opener not in role_words()["after_name"] and not _opens_bare_role(tokens, first):
        return None
    for at in range(first, min(len(tokens), first + APPOSITION)):
        if tokens[at].text[0] in ',.;:()"“”':
            return None
        if _is_noun(tokens[at]) and not (at + 1 < len(tokens) and _is_noun_run(tokens, at)):
            return _role_ending(text, tokens, at + 1, floor=first)
    return None


def _is_noun_run(tokens: Sequence[Token], at: int) -> bool:
    """Whether the next word carries the role on ("chief executive")."""
    return _is_role_word(tokens[at + 1]) and any(_is_noun(token) for token in tokens[at + 1 : at + 4])


def _opens_bare_role(tokens: Sequence[Token], at: int) -> bool:
    """A role without an article: ", chief executive of …", ", Turkish foreign minister"."""
    return _is_role_word(tokens[at]) or (
        tokens[at].text in demonyms() and at + 1 < len(tokens) and _is_role_word(tokens[at + 1])
    )


def _counterpart(tokens: Sequence[Token], name: int, last: PersonRole | None) -> PersonRole | None:
    """The role of the person named before: "his Turkish counterpart, Jane Doe"."""
    at = name - 1
    if at >= 0 and tokens[at].text == ",":
        at -= 1
    if last is None or at < 0 or tokens[at].text.casefold() != "counterpart":
        return None
    return PersonRole(last.role, _country_before(tokens, at))
