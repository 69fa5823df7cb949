"""What the words around a candidate say of it, and the vote of all its occurrences in a document.

Called by the rule tagger for candidates that their own words do not settle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.annotate.entities.gazetteer import context, role_words
from tasks.annotate.tokens import Token
from tasks.model import Label

CLOSING_MARKS = frozenset('”"')
# Weights of the cues: a whole unit would settle a candidate by itself.
STRONG, CLEAR, WEAK = 1.0, 0.6, 0.3
# A candidate without a label needs this much from all its occurrences together.
NEEDED = 0.55

Cues = Counter[Label]


@dataclass(slots=True)
class Candidate:
    """A stretch of a text that may be a name; `label` is None while its own words say nothing."""

    start: int
    end: int
    surface: str
    label: Label | None
    score: float
    why: str
    cues: Mapping[Label, float] = field(default_factory=dict)


def cues(tokens: Sequence[Token], first: int, last: int) -> dict[Label, float]:
    """What the words before and after tokens `first` to `last` of a sentence say, as weights."""
    found: dict[Label, float] = {}
    for label, weight in (*_before(tokens, first), *_after(tokens, last)):
        found[label] = found.get(label, 0.0) + weight
    return found


def _before(tokens: Sequence[Token], first: int) -> Iterable[tuple[Label, float]]:
    one = tokens[first - 1].text if first >= 1 else ""
    two = tokens[first - 2].text.casefold() if first >= 2 else ""
    word = one.casefold()
    if word == "of":
        yield Label.PLACE, STRONG if two in context("place_nouns") else WEAK
    elif one in context("place_prepositions") or (one == "In" and first == 1):
        yield Label.PLACE, _PREPOSITION_WEIGHTS.get(word, CLEAR)
    elif word in role_words()["nouns"] or word in role_words()["honorifics"] or one in context("by_person"):
        yield Label.PERSON, STRONG
    elif one in context("told_by") or (one == "with" and two == "interview"):
        yield (Label.ORGANISATION if one == "told" or two == "interview" else Label.PERSON), WEAK + CLEAR
    elif one in context("speech") or _closes_quote(tokens, first - 1):
        yield Label.PERSON, CLEAR
    elif word in {"that", "when", "with", "by", "and", "as", "while"} or (
        word == "to" and two == "according"
    ):
        yield Label.PERSON, WEAK
    elif word in context("determiners"):
        yield Label.PERSON, -CLEAR


def _closes_quote(tokens: Sequence[Token], at: int) -> bool:
    """Whether a mark ends a quote: glued to what it ends, and not to what follows."""
    return (
        at > 0
        and tokens[at].text in CLOSING_MARKS
        and tokens[at].start == tokens[at - 1].end
        and tokens[at].end < tokens[at + 1].start
    )


_PREPOSITION_WEIGHTS = {"in": STRONG, "near": STRONG, "at": WEAK, "from": WEAK + WEAK / 2}


def _after(tokens: Sequence[Token], last: int) -> Iterable[tuple[Label, float]]:
    if last < len(tokens) and tokens[last].text in context("adverbs"):
        last += 1
    one = tokens[last].text if last < len(tokens) else ""
    two = tokens[last + 1].text if last + 1 < len(tokens) else ""
    if one in context("speech") or one in context("relatives"):
        yield Label.PERSON, CLEAR
    elif one == "," and (two in context("relatives") or _is_age(two) or _opens_role(tokens, last + 1)):
        yield Label.PERSON, STRONG
    elif one in context("place_nouns"):
        yield Label.PLACE, CLEAR
    elif one in context("organisation_nouns"):
        yield Label.ORGANISATION, CLEAR
    elif one in context("people_nouns"):
        yield from ((label, -CLEAR) for label in (Label.PERSON, Label.ORGANISATION, Label.PLACE))
    elif one == "(" and two.isupper() and len(two) > 1:
        yield Label.ORGANISATION, STRONG
    elif one in context("person_verbs") or one in {"'s", "’s"}:
        yield Label.PERSON, WEAK


def _is_age(word: str) -> bool:
    return word.isdigit() and len(word) == 2


def _opens_role(tokens: Sequence[Token], at: int) -> bool:
    """Whether a role follows within a few words: ", the company's chief executive"."""
    if at >= len(tokens) or tokens[at].text not in role_words()["after_name"]:
        return False
    nouns = role_words()["nouns"]
    for token in tokens[at + 1 : at + 6]:
        if token.text in nouns:
            return True
        if not token.text[0].isalnum() and token.text not in {"'s", "’s"}:
            return False
    return False


def vote(candidates: Sequence[Candidate]) -> dict[str, tuple[Label, float]]:
    """The label that all occurrences of a surface together speak for, with its weight."""
    weights: defaultdict[str, Counter[Label]] = defaultdict(Counter)
    for candidate in candidates:
        if candidate.label is not None:
            weights[candidate.surface][candidate.label] += candidate.score  # type: ignore[assignment]
        for label, weight in candidate.cues.items():
            weights[candidate.surface][label] += weight  # type: ignore[assignment]
    found = {}
    for surface, labels in weights.items():
        label = min(labels, key=lambda one: (-labels[one], one.value))
        found[surface] = (label, float(labels[label]))
    return found
