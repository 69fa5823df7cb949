"""Where the noun phrase before or after a cue begins and ends, told from closed classes of words alone.

Called by `attribution.py`. Every walk is bounded by `REACH`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tasks.annotate.quotes.cues import Form, never_nominal, plain_verbs, word_class
from tasks.annotate.quotes.units import Unit

# Units that a noun phrase or an apposition may take; longer ones are no subjects in print.
REACH = 30
# "X, a friend of Y, who knows him, said": commas to look back through.
COMMAS = 3
# "a spokesman for the head of the agency": links to look back through.
LINKS = 4
POSSESSIVES = frozenset({"'s", "’s", "'", "’", "'S", "’S"})
RELATIVES = frozenset({"who", "which", "that"})
# Determiners that may have a possessive or an article before or after them: "all the", "his two".
QUANTIFIERS = frozenset({"all", "both", "some", "many", "most", "several", "one", "two", "three"})
SUBJECT_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "you"})


class Range(NamedTuple):
    """Units [start, end); `core` is the end of the part before any apposition."""

    start: int
    end: int
    core: int


def subject_before(units: Sequence[Unit], low: int, at: int) -> Range | None:
    """The noun phrase that ends before unit `at`, auxiliaries and adverbs skipped; never left of `low`."""
    last = skip_auxiliaries(units, low, at) - 1
    if last < low:
        return None
    if units[last].lower in RELATIVES:
        before_is_noun = last > low and (units[last - 1].text == "," or is_nominal(units[last - 1]))
        return Range(last, last + 1, last + 1) if before_is_noun and units[last].lower != "that" else None
    if units[last].text in {",", ")", "—", "–"}:
        return _before_apposition(units, low, last)
    start = phrase_start(units, low, last)
    return None if start is None else Range(start, last + 1, last + 1)


def agrees(units: Sequence[Unit], subject: Range, at: int, form: Form) -> bool:
    """Whether a verb's form can go with its subject; a noun that looks like a verb seldom does.

    "Smith's claim that" has a possessive for its subject, "the latest polls show" a plural.
    """
    if units[at - 1].text in POSSESSIVES and form in {Form.BASE, Form.PRESENT}:
        return False
    head = units[subject.core - 1]
    helped = any(unit.lower in word_class("helpers") for unit in units[subject.end : at])
    if form is Form.BASE:
        return helped or _is_plural(units, subject, head)
    if form is Form.PRESENT:
        plural_noun = head.lower.endswith("s") and not head.lower.endswith("ss") and not head.is_name
        return not helped and not plural_noun and head.lower not in {"they", "we", "i", "you"}
    return True


def _is_plural(units: Sequence[Unit], subject: Range, head: Unit) -> bool:
    """Whether a subject is "they", "people", a plural noun or two names."""
    if head.lower in word_class("plurals") or (head.lower.endswith("s") and not head.lower.endswith("ss")):
        return head.lower not in {"'s", "’s", "his", "its", "this", "as"}
    opening = units[subject.start].lower
    joined = any(unit.lower == "and" for unit in units[subject.start : subject.core])
    return joined or opening in {"these", "those", "many", "few", "most", "several", "both", "all"}


def skip_auxiliaries(units: Sequence[Unit], low: int, at: int) -> int:
    """The leftmost unit of the chain of auxiliaries and adverbs before a verb: "has also not | said"."""
    auxiliaries, adverbs = word_class("auxiliaries"), word_class("adverbs")
    while at > low:
        unit = units[at - 1]
        if unit.lower in auxiliaries or unit.lower in adverbs or _is_adverb(unit):
            at -= 1
        else:
            break
    return at


def _is_adverb(unit: Unit) -> bool:
    return unit.lower.endswith("ly") and len(unit.lower) > 4 and not unit.is_name


def _before_apposition(units: Sequence[Unit], low: int, last: int) -> Range | None:
    """The phrase in "X, a friend of Y," or "X (R-Ohio)", for the closing mark at `last`."""
    mark = units[last].text
    wanted = "(" if mark == ")" else mark
    place = last
    for _ in range(COMMAS):
        left = _find_left(units, low, place - 1, wanted)
        if left is None or left - 1 < low:
            return None
        place = left
        if mark != ")" and not _opens_apposition(units, place + 1):
            continue
        if units[place - 1].text == ")" and mark != ")":
            inner = _before_apposition(units, low, place - 1)
            return None if inner is None else Range(inner.start, last, inner.core)
        start = phrase_start(units, low, place - 1)
        if start is not None and units[place - 1].lower not in SUBJECT_PRONOUNS:
            return Range(start, last + (mark == ")"), place)
    return None


def _find_left(units: Sequence[Unit], low: int, at: int, text: str) -> int | None:
    for place in range(at, max(low, at - REACH) - 1, -1):
        if units[place].passage is not None:
            return None
        if units[place].text == text:
            return place
    return None


def _opens_apposition(units: Sequence[Unit], at: int) -> bool:
    """Whether what follows a comma can describe the noun before it."""
    unit = units[at]
    if unit.lower in word_class("openings") or unit.text[:1].isdigit() or unit.text in {"R", "D"}:
        return True
    is_noun = is_nominal(unit) and not unit.is_name and not unit.lower.endswith(("ed", "ing"))
    return is_noun and unit.lower not in word_class("times")


def phrase_start(units: Sequence[Unit], low: int, last: int) -> int | None:
    """Where the noun phrase begins whose last unit is `last`, or None where that unit ends none."""
    if units[last].lower in word_class("pronouns") and not _is_noun_use(units, low, last):
        return last if units[last].lower not in {"that", "this"} else None
    if not is_nominal(units[last]) and units[last].text not in {"'", "’"}:
        return None
    start = _chunk_start(units, low, last)
    for _ in range(LINKS):
        longer = _linked_start(units, low, start)
        if longer is None:
            break
        start = longer
    return None if _is_bare_word(units, low, start, last) else start


def _is_noun_use(units: Sequence[Unit], low: int, last: int) -> bool:
    """Whether a word like "critics" has words of its own before it: "many of his critics"."""
    return last > low and units[last].lower in {"critics", "others"} and is_nominal(units[last - 1])


def _chunk_start(units: Sequence[Unit], low: int, last: int) -> int:
    """Left over the names, nouns and adjectives of one phrase, up to its determiner."""
    determiners = word_class("determiners")
    start = last
    while start > max(low, last - REACH):
        unit = units[start - 1]
        if unit.lower in determiners:
            start -= 1
            if unit.lower not in QUANTIFIERS:
                return start
            continue
        if (
            unit.text in POSSESSIVES
            or unit.text in {"&", "-"}
            or _is_number(unit)
            or _is_dollar(unit)
            or (is_nominal(unit) and not _is_boundary(units, low, start - 1))
        ):
            start -= 1
        else:
            break
    return start


def _is_number(unit: Unit) -> bool:
    return unit.text[:1].isdigit()


def _is_dollar(unit: Unit) -> bool:
    return unit.text in {"$", "€", "£"}


def _is_boundary(units: Sequence[Unit], low: int, at: int) -> bool:
    """Whether a capitalised word only opens the sentence and is no part of a name."""
    return at == low and units[at].lower in word_class("adverbs")


def _linked_start(units: Sequence[Unit], low: int, start: int) -> int | None:
    """Further left over "of", "for", "and" …, where a noun phrase of its own stands before."""
    if start - 2 < low or units[start - 1].is_word is False:
        return None
    link, before = units[start - 1].lower, units[start - 2]
    if link == "and":
        return _coordinated_start(units, low, start)
    if link not in word_class("links") or not is_nominal(before):
        return None
    begin = _chunk_start(units, low, start - 2)
    if link == "of" or units[begin].lower in word_class("determiners") or begin == low:
        return begin
    return begin if units[begin - 1].text in {",", "—"} or before.lower in word_class("unnamed") else None


def _coordinated_start(units: Sequence[Unit], low: int, start: int) -> int | None:
    """As in "Smith and Jones said": two names, or two bare nouns that open the clause."""
    before = units[start - 2]
    if not is_nominal(before):
        return None
    begin = _chunk_start(units, low, start - 2)
    both_names = units[start].is_name and before.is_name
    opens_clause = begin == low or units[begin - 1].lower in word_class("conjunctions")
    at_opening = opens_clause or units[begin - 1].text in {",", "—"}
    return begin if at_opening and (both_names or not before.is_name) else None


def _is_bare_word(units: Sequence[Unit], low: int, start: int, last: int) -> bool:
    """Whether the phrase is one small word in mid-clause, more likely a verb or an object than a subject."""
    unit = units[last]
    if start != last or unit.is_name or unit.lower in word_class("unnamed") | word_class("generic"):
        return False
    return start > low and is_nominal(units[start - 1]) is False and units[start - 1].is_word


def is_nominal(unit: Unit) -> bool:
    """Whether a word may stand in a noun phrase: a name, or a small word of no closed class and no cue."""
    if unit.passage is not None or not unit.is_word:
        return False
    if unit.lower in never_nominal():
        return False
    if unit.is_name:
        return True
    return unit.lower not in plain_verbs() and not _is_adverb(unit)


def subject_after(units: Sequence[Unit], at: int, high: int) -> Range | None:
    """The noun phrase that begins with unit `at`: "said | John Smith, a lawyer,"."""
    if at >= high:
        return None
    if units[at].lower in SUBJECT_PRONOUNS | {"who"}:
        return Range(at, at + 1, at + 1)
    core = _right_end(units, at, high)
    if core is None:
        return None
    return Range(at, apposition_end(units, core, high), core)


def _right_end(units: Sequence[Unit], at: int, high: int) -> int | None:
    determiners, links = word_class("determiners"), word_class("links")
    end = at
    seen = False
    while end < min(high, at + REACH):
        unit = units[end]
        if unit.lower in determiners:
            if seen and units[end - 1].lower not in links:
                break
        elif is_nominal(unit) or unit.text in POSSESSIVES or unit.text == "&":
            seen = True
        elif not _continues_phrase(units, end, high, seen=seen):
            break
        end += 1
    return end if seen else None


def _continues_phrase(units: Sequence[Unit], at: int, high: int, *, seen: bool) -> bool:
    """Whether a number, a link or a hyphen goes on inside a phrase to the right of a cue."""
    unit = units[at]
    if unit.text[:1].isdigit():
        return not seen
    if not seen or at + 1 >= high:
        return False
    following = units[at + 1]
    if unit.lower == "and":
        return following.is_name and units[at - 1].is_name
    if unit.lower not in {"of", "for", "from", "at", "with"}:
        return False
    if following.lower in word_class("times") | {"an", "her", "his", "their"} and unit.lower != "of":
        return False
    return is_nominal(following) or following.lower in word_class("determiners")


def apposition_end(units: Sequence[Unit], core: int, high: int) -> int:
    """Behind ", a lawyer from Ohio" where one follows; the comma after it stays out."""
    if core + 1 >= high or units[core].text != "," or not _describes(units, core + 1):
        return core
    relative = units[core + 1].lower in {"who", "whose"}
    for end in range(core + 1, min(high, core + REACH)):
        unit = units[end]
        if unit.passage is not None or unit.text in {",", ".", ";", ":", "—"}:
            return end
        if not relative and unit.lower in word_class("auxiliaries") - set(POSSESSIVES):
            return core  # a clause of its own: "According to Roe, the talks have failed"
        relative = relative or unit.lower in RELATIVES
    return core


def _describes(units: Sequence[Unit], at: int) -> bool:
    unit = units[at]
    return (
        unit.lower in {"a", "an", "the", "who", "whose", "one", "his", "her", "former"} or unit.text.isdigit()
    )
