"""What the words around a candidate say of it, and the vote of all its occurrences in a document.

Called by the rule tagger for candidates that their own words do not settle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tasks.annotate.entities.gazetteer import name_words, role_words
from tasks.annotate.tokens import Token
from tasks.model import Label

PLACE_PREPOSITIONS = frozenset(
    "in at near from across outside inside around toward towards throughout into via nearby northern southern eastern "
    "western central northeastern northwestern southeastern southwestern northeast northwest southeast southwest "
    "downtown greater rural neighbouring neighboring".split()
)
PLACE_NOUNS = frozenset(
    "city town village province state region district county island islands port capital area suburb municipality "
    "governorate neighbourhood neighborhood river valley mountains airport street square border prefecture canton "
    "kingdom republic coast peninsula lake camp settlement township oblast commune hamlet department".split()
)
ORGANISATION_NOUNS = frozenset(
    "party company group newspaper agency militants fighters militia movement rebels network website channel firm bank "
    "magazine organisation organization club team government spokesman spokeswoman spokesperson app platform broadcaster "
    "shares stock brand union coalition daily tabloid editorial airline carrier corporation regime".split()
)
SPEECH = frozenset(
    "said says told added noted explained argued warned claimed insisted stressed recalled wrote tweeted stated "
    "announced replied asked admitted concluded confirmed denied complained joked observed remarked continued thinks "
    "believes".split()
)
RELATIVES = frozenset("who whose whom".split())
TOLD_BY = frozenset("told interviewed quoted".split())
BY_PERSON = frozenset(
    "wife husband son daughter brother sister father mother widow cousin uncle aunt nephew niece".split()
)
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
    if word == "of" and two in PLACE_NOUNS:
        yield Label.PLACE, STRONG
    elif one in PLACE_PREPOSITIONS or (one == "In" and first == 1):
        yield Label.PLACE, STRONG if word in {"in", "near"} else CLEAR
    elif word in role_words()["nouns"] or word in role_words()["honorifics"] or one in BY_PERSON:
        yield Label.PERSON, STRONG
    elif one in TOLD_BY or (one == "with" and two == "interview"):
        yield (Label.ORGANISATION if one == "told" or two == "interview" else Label.PERSON), WEAK + CLEAR
    elif one == "the":
        yield Label.ORGANISATION, WEAK


def _after(tokens: Sequence[Token], last: int) -> Iterable[tuple[Label, float]]:
    one = tokens[last].text if last < len(tokens) else ""
    two = tokens[last + 1].text if last + 1 < len(tokens) else ""
    if one in SPEECH or one in RELATIVES:
        yield Label.PERSON, CLEAR
    elif one == "," and (two in RELATIVES or _is_age(two) or _opens_role(tokens, last + 1)):
        yield Label.PERSON, STRONG
    elif one in PLACE_NOUNS:
        yield Label.PLACE, CLEAR
    elif one in ORGANISATION_NOUNS:
        yield Label.ORGANISATION, CLEAR
    elif one == "(" and two.isupper() and len(two) > 1:
        yield Label.ORGANISATION, STRONG


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


def is_organisation_head(word: str) -> bool:
    """Whether a name that ends with the word is an organisation's."""
    return word.casefold() in name_words()["organisation_last"]
