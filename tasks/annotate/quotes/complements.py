"""What follows a cue: adjuncts and addressees to step over, and where the reported words begin and end.

Called by `attribution.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.annotate.quotes.cues import Form, Sense, cue_senses, word_class
from tasks.annotate.quotes.noun_phrases import (
    POSSESSIVES,
    SUBJECT_PRONOUNS,
    is_nominal,
    skip_auxiliaries,
    subject_before,
)
from tasks.annotate.quotes.units import Unit

# Units that adjuncts behind a cue may take ("said on Monday in an interview with the agency that").
ADJUNCT_REACH = 40
QUESTION_WORDS = frozenset({"whether", "if", "what", "why", "how", "who", "when", "where", "which"})
THAT = QUESTION_WORDS | {"that"}
# The longest name of a show or a book, in words.
TITLE_WORDS = 8
TITLE_LENGTH = 80  # characters
TRIMMED = "\"“”«»„‟'‘’`.,"
POINTS = frozenset({".", "!", "?", ";", "…"})


def complement_start(units: Sequence[Unit], at: int, high: int, sense: Sense) -> int | None:
    """The unit at which the words reported by a cue begin, or None where nothing that it takes follows."""
    takes = sense.cue_class.takes
    start = skip_addressee(units, at, high) if sense.cue_class.addressee else at
    start = _step_over(units, start, high, sense)
    if start >= high:
        return None
    unit = units[start]
    if unit.passage is not None:
        return start if sense.cue_class.quotes else None
    if unit.text in {",", ":"}:
        following = start + 1 < high and units[start + 1].passage is not None
        return start + 1 if following and sense.cue_class.quotes else _behind_colon(units, start, high)
    return start if _fits(units, start, high, takes) else None


def _behind_colon(units: Sequence[Unit], at: int, high: int) -> int | None:
    return at + 1 if units[at].text == ":" and at + 2 < high else None


def _fits(units: Sequence[Unit], at: int, high: int, takes: frozenset[str]) -> bool:
    """Whether a word may begin what a cue of this class reports."""
    unit = units[at]
    if unit.lower in THAT:
        return bool(
            takes & ({"that", "clause", "object"} if unit.lower == "that" else {"that", "clause", "wh"})
        )
    if _is_infinitive(units, at, high):
        return "to" in takes
    if unit.lower in word_class("prepositions"):
        return "clause" in takes and _clause_follows(units, at, high)
    if not _opens_phrase(unit) or unit.lower in word_class("auxiliaries"):
        return False
    return "object" in takes or ("clause" in takes and high - at >= 2)


def _is_infinitive(units: Sequence[Unit], at: int, high: int) -> bool:
    """Whether "to" or "not to" begins here."""
    negated = units[at].lower == "not" and at + 1 < high and units[at + 1].lower == "to"
    return negated or units[at].lower == "to"


def _opens_phrase(unit: Unit) -> bool:
    """Whether a clause or a noun phrase may begin with this unit."""
    opens = unit.is_word or unit.text[:1].isdigit() or unit.text in {"$", "€", "£", "#", "@"}
    return opens and unit.lower not in {"and", "or", "but", "as", "by"}


def _clause_follows(units: Sequence[Unit], at: int, high: int) -> bool:
    """Whether a comma and a subject come after an opening adjunct: "said in time, they will"."""
    for place in range(at, min(high - 1, at + ADJUNCT_REACH)):
        if units[place].text == ",":
            return units[place + 1].lower in SUBJECT_PRONOUNS | word_class("determiners")
    return False


def _step_over(units: Sequence[Unit], at: int, high: int, sense: Sense) -> int:
    """Over the adjuncts of a cue, where what is reported follows them; else where they begin."""
    if at < high and "to" in sense.cue_class.takes and _is_infinitive(units, at, high):
        return at
    if not sense.cue_class.quotes or (sense.cue_class.takes & {"object"} and not sense.cue_class.addressee):
        return at
    return skip_adjuncts(units, at, high)


def skip_adjuncts(units: Sequence[Unit], at: int, high: int) -> int:
    """Behind "on Monday", "in a statement", "to reporters", "later": all that tells of the speaking."""
    stop = min(high, at + ADJUNCT_REACH)
    while at < stop:
        unit = units[at]
        if (
            unit.lower in word_class("times")
            or unit.lower
            in {
                "again",
                "then",
                "there",
                "simply",
                "flatly",
                "afterward",
            }
            or (unit.lower.endswith("ly") and len(unit.lower) > 4 and not unit.is_name)
        ):
            at += 1
        elif unit.lower in word_class("adjunct_openers"):
            end = _adjunct_end(units, at + 1, stop)
            if end == at + 1:
                return at
            at = end
        else:
            return at
    return at


def is_work_title(units: Sequence[Unit], at: int) -> bool:
    """Whether a passage is the name of a show, a song or a book: on the station's "Morning News"."""
    unit = units[at]
    if (
        unit.passage is None
        or at == 0
        or len(unit.text) > TITLE_LENGTH
        or not (units[at - 1].is_word or units[at - 1].text in POSSESSIVES)
    ):
        return False
    if units[at - 1].lower in cue_senses():
        return False
    words = [word for word in unit.text.strip(TRIMMED).split() if word[:1].isalpha()]
    small = word_class("prepositions") | word_class("determiners") | word_class("conjunctions")
    capital = all(word[0].isupper() or word.lower() in small for word in words)
    return capital and 0 < len(words) <= TITLE_WORDS and words[0][0].isupper()


def _adjunct_end(units: Sequence[Unit], at: int, high: int) -> int:
    """Behind the noun phrase of an adjunct that begins at `at`."""
    begun = False
    while at < high:
        unit = units[at]
        if (
            (unit.passage is not None and not is_work_title(units, at))
            or unit.text in {",", ":", ".", ";"}
            or unit.lower in THAT
        ):
            return at
        if begun and (unit.lower in SUBJECT_PRONOUNS or unit.lower in word_class("adjunct_openers")):
            return at
        if (
            begun
            and unit.lower in word_class("determiners")
            and units[at - 1].lower not in word_class("prepositions")
        ):
            return at
        if begun and _name_begins(units, at):
            return at
        begun = True
        at += 1
    return at


def _name_begins(units: Sequence[Unit], at: int) -> bool:
    """Whether another name begins here: "in an interview | Smith would"."""
    unit, before = units[at], units[at - 1]
    if not unit.is_name or unit.lower in word_class("times"):
        return False
    if before.is_name:
        return unit.mention is not None and before.mention is not None and unit.mention != before.mention
    return is_nominal(before) and unit.mention is not None


def skip_addressee(units: Sequence[Unit], first: int, high: int) -> int:
    """Behind the noun phrase that says to whom: "told | reporters that"."""
    if first < high and units[first].lower in word_class("objects"):
        return first + 1
    at = first
    while at < min(high, first + ADJUNCT_REACH) and not _ends_addressee(units, first, at):
        at += 1
    is_clause = first < at < high and units[at].lower in word_class("auxiliaries")
    return first if is_clause else at  # "told he | was": what looked like an addressee is a subject


def _ends_addressee(units: Sequence[Unit], first: int, at: int) -> bool:
    """Whether a unit can be no part of the phrase that says to whom."""
    unit = units[at]
    if (
        unit.passage is not None
        or unit.text in {",", ":", ".", ";"}
        or unit.lower in THAT
        or unit.lower == "to"
    ):
        return True
    if unit.lower in word_class("adjunct_openers"):
        return unit.lower not in word_class("links")
    if at == first:
        return False
    if unit.lower in word_class("determiners"):
        return units[at - 1].lower not in word_class("links")
    starts_clause = unit.lower in SUBJECT_PRONOUNS or unit.lower in word_class("auxiliaries") - {"'s", "’s"}
    return starts_clause or _name_begins(units, at)


def is_adjunct_only(units: Sequence[Unit], at: int, high: int) -> bool:
    """Whether nothing but adjuncts of speaking follows, to the end of the sentence or a comma."""
    if at >= high or units[at].text in POINTS or units[at].text in {",", ")", "—", "–"}:
        return True
    at = skip_adjuncts(units, at, high)
    return at >= high or units[at].passage is not None or units[at].text in POINTS | {",", ":", ")", "—", "–"}


def clause_end(units: Sequence[Unit], start: int, high: int) -> int:
    """Where the reported words end: with the sentence, or before the next attribution in it."""
    for at in range(start + 1, high):
        unit = units[at]
        if unit.lower == "according" and units[at - 1].text == ",":
            return at - 1
        for sense in cue_senses().get(unit.lower, ()):
            if sense.cue_class.name in {"say", "tell"} and not sense.particles:
                cut = _cut_before(units, start, at, high, sense)
                if cut is not None:
                    return cut
    return high


def _cut_before(units: Sequence[Unit], start: int, at: int, high: int, sense: Sense) -> int | None:
    """Before ", adding that" and ", but Smith said": where another attribution of the sentence begins."""
    if sense.form is Form.PARTICIPLE:
        left = skip_auxiliaries(units, start, at) - 1
        has_comma = units[left].text == "," or (units[left].lower == "and" and units[left - 1].text == ",")
        follows = complement_start(units, at + 1, high, sense) is not None or high - at < 3
        return left if has_comma and follows and left > start else None
    if sense.form is Form.BASE:
        return None
    joint = at - 1
    if units[joint].lower not in {"and", "but"}:
        subject = subject_before(units, start, at)
        if subject is None or subject.start - 1 <= start:
            return None
        joint = subject.start - 1
    if units[joint].lower not in {"and", "but"} or complement_start(units, at + 1, high, sense) is None:
        return None
    return joint - (units[joint - 1].text == ",")
