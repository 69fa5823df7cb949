"""The words that report: cue verbs with all their forms, and the classes of words around them.

Used by `noun_phrases.py` and `attribution.py`. The words stand in `lexicon/*.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from tasks.model import Stance

VOWELS = frozenset("aeiou")
# Past tense and participle of the lemmas that do not take -ed.
IRREGULAR = {
    "say": ("said",), "tell": ("told",), "write": ("wrote", "written"), "think": ("thought",),
    "know": ("knew", "known"), "feel": ("felt",), "find": ("found",), "show": ("showed", "shown"),
    "see": ("saw", "seen"), "hear": ("heard",), "swear": ("swore", "sworn"), "sing": ("sang",),
    "begin": ("began",), "go": ("went", "gone"), "read": ("read",), "understand": ("understood",),
    "forget": ("forgot", "forgotten"), "seek": ("sought",), "speak": ("spoke", "spoken"), "hit": ("hit",),
    "take": ("took", "taken"), "foresee": ("foresaw",), "forecast": ("forecast", "forecasted"),
    "underwrite": ("underwrote",), "recount": ("recounted",), "hold": ("held",), "put": ("put",),
    "retell": ("retold",), "dream": ("dreamed", "dreamt"), "learn": ("learned", "learnt"),
}  # fmt: skip
# Two-syllable lemmas whose last consonant doubles: admit, admitted.
DOUBLING = frozenset(
    {"admit", "aver", "quip", "commit", "refer", "snap", "shrug", "dub", "plan", "slam", "allot", "rebut"}
)


class Form(StrEnum):
    """The form of a verb."""

    BASE = "base"
    PRESENT = "-s"
    PAST = "-ed"
    PARTICIPLE = "-ing"


@dataclass(frozen=True, slots=True)
class CueClass:
    """Verbs that take the same complements; see the head of `cues.toml`."""

    name: str
    stance: Stance
    quotes: bool
    inverts: bool
    parenthetical: bool
    addressee: bool
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading of a word as a cue: its class, its form, and the particles that must follow."""

    lemma: str
    form: Form
    cue_class: CueClass
    particles: tuple[str, ...] = ()


def _lexicon(name: str) -> dict[str, Any]:
    text = files("tasks.annotate.quotes").joinpath("lexicon", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def word_class(name: str) -> frozenset[str]:
    """A closed class of words from `words.toml`, in small letters."""
    return frozenset(str(_lexicon("words.toml")[name]).split())


@cache
def cue_senses() -> dict[str, tuple[Sense, ...]]:
    """Every form of every cue verb, in small letters, with its readings; longer particles first."""
    found: dict[str, list[Sense]] = {}
    for name, entry in _lexicon("cues.toml").items():
        cue_class = CueClass(
            name=name,
            stance=Stance(entry["stance"]),
            quotes=entry["quotes"],
            inverts=entry["inverts"],
            parenthetical=entry["parenthetical"],
            addressee=entry.get("addressee", False),
            takes=frozenset(entry["takes"]),
        )
        for verb in entry["verbs"].split():
            lemma, *particles = verb.split("+")
            for form, word in forms(lemma):
                found.setdefault(word, []).append(Sense(lemma, form, cue_class, tuple(particles)))
    return {word: tuple(sorted(senses, key=lambda s: -len(s.particles))) for word, senses in found.items()}


@cache
def never_nominal() -> frozenset[str]:
    """Words that stand in no noun phrase but at its left end."""
    names = ("determiners", "prepositions", "conjunctions", "auxiliaries", "adverbs", "times", "personal")
    return frozenset().union(*(word_class(name) for name in names))


@cache
def plain_verbs() -> frozenset[str]:
    """Forms of cue verbs that are hardly ever nouns."""
    finite = {Form.PAST, Form.PARTICIPLE}
    found = {word for word, senses in cue_senses().items() if senses[0].form in finite}
    return frozenset(found | word_class("verbs"))


def forms(lemma: str) -> list[tuple[Form, str]]:
    """The forms of an English verb: (PAST, "denied") of "deny"."""
    past = IRREGULAR.get(lemma, (_with_ending(lemma, "ed"),))
    return [
        (Form.BASE, lemma),
        (Form.PRESENT, _third_person(lemma)),
        (Form.PARTICIPLE, _with_ending(lemma, "ing")),
        *((Form.PAST, word) for word in past),
    ]


def _third_person(lemma: str) -> str:
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return lemma[:-1] + "ies"
    return lemma + "s"


def _with_ending(lemma: str, ending: str) -> str:
    if lemma.endswith("e"):
        return lemma + ending if lemma.endswith("ee") and ending == "ing" else lemma[:-1] + ending
    if ending == "ed" and lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return lemma[:-1] + "ied"
    if lemma in DOUBLING:
        return lemma + lemma[-1] + ending
    return lemma + ending
