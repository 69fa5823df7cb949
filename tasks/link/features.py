"""An article as weighted terms, ready to be compared with any other; computed once, by who read it.

Each field (the body's words, the title's, the names …) is a vector of unit length over hashed terms. Weights
are whole numbers, so that a sum of products is exact and two articles have the same score whichever of them
came first.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.link.fingerprints import SHINGLES
from tasks.link.words import CACHED_WORDS, Dictionary, rarity, stems
from tasks.model import AnnotatedDocument, Label, Role

# Names what makes a row of article_features; those of another name are made anew.
FEATURES: Final = f"features 1+{SHINGLES}"

# The terms that a field keeps: the heaviest. Longer vectors cost space and bring nothing.
FIELDS: Final[Mapping[str, int]] = {
    "body": 120,
    "title": 30,
    "lead": 60,
    "names": 50,
    "pairs": 80,
    "grams": 60,
}
WORD_FIELDS: Final = ("body", "title", "lead")  # these three share one space of terms

BODY_CHARACTERS: Final = 6000  # what comes further down is background
LEAD_CHARACTERS: Final = 600  # the first two or three paragraphs say what happened
PAIR_CHARACTERS: Final = 3000
GRAM: Final = 4  # letters

# Terms are hashed to this many places (Weinberger et al. 2009): two articles then share one of their hundred
# terms by accident in one case out of six, which moves their cosine by less than .01.
PLACES: Final = 1 << 16
# A weight of 1. Small enough for 16 bits and for exact sums in a double.
UNIT: Final = 4096

BODY_ROLES: Final = frozenset({Role.BODY, Role.SUMMARY, Role.CAPTION})
NAMES: Final = frozenset({Label.PERSON, Label.ORGANISATION, Label.PLACE, Label.NATIONALITY})

Weights = Mapping[str, float]


class NamedThing(NamedTuple):
    """A mention as far as linking is concerned; `entity` is equal for mentions of one entity."""

    label: str
    surface: str
    entity: Hashable = None


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """What linking reads of an article: its title, its cleaned body, its mentions."""

    title: str
    body: str
    mentions: tuple[NamedThing, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFeatures:
    """An article's terms, field by field.

    `sizes` (one per field, uint8) cuts `terms` and `weights` (uint16 each, by term inside a field) into
    fields. `characters` is the length of the body.
    """

    sizes: NDArray[np.uint8]
    terms: NDArray[np.uint16]
    weights: NDArray[np.uint16]
    characters: int


def content_of(found: AnnotatedDocument) -> ArticleContent:
    """What linking reads of an annotated document."""
    document = found.document
    body = "\n".join(
        segment.span.of(document.text) for segment in document.segments if segment.role in BODY_ROLES
    )
    mentions = tuple(
        NamedThing(mention.label, mention.span.of(document.text), mention.entity)
        for mention in found.mentions
    )
    return ArticleContent(document.title.value if document.title else "", body, mentions)


def features_of(content: ArticleContent) -> ArticleFeatures:
    """The article as weighted terms."""
    fields = weighted_fields(content)
    packed = [packed_field(fields[name], name, most) for name, most in FIELDS.items()]
    return ArticleFeatures(
        np.array([len(terms) for terms, _ in packed], np.uint8),
        np.concatenate([terms for terms, _ in packed]),
        np.concatenate([weights for _, weights in packed]),
        len(content.body),
    )


def weighted_fields(content: ArticleContent) -> dict[str, Weights]:
    """Every field's terms with their weights, not cut and not normalised yet."""
    title, body = stems(content.title), stems(content.body[:BODY_CHARACTERS])
    lead = stems(content.body[:LEAD_CHARACTERS])
    return {
        "body": weighted(Counter(title + body)),
        "title": weighted(Counter(title)),
        "lead": weighted(Counter(title + lead)),
        "names": weighted(name_terms(content.mentions), "names"),
        "pairs": word_pairs(title, stems(content.body[:PAIR_CHARACTERS])),
        "grams": grams(title),
    }


def weighted(times: Mapping[str, int], dictionary: Dictionary = "words") -> Weights:
    """(1 + ln of how often) times how rare."""
    return {term: (1 + math.log(often)) * rarity(term, dictionary) for term, often in times.items()}


# --- names -------------------------------------------------------------------------


def name_terms(mentions: Sequence[NamedThing]) -> Counter[str]:
    """Names as wholes and word by word, so that "Ana Ribeiro" and "Ribeiro" have something in common."""
    terms: Counter[str] = Counter()
    for name in names_of(mentions):
        terms[f"={name}"] += 1
        terms.update(stems(name))
    return terms


def names_of(mentions: Sequence[NamedThing]) -> list[str]:
    """The name of every mention of one: the longest wording of its entity in the article, in lower case."""
    named = [mention for mention in mentions if mention.label in NAMES]
    longest: dict[Hashable, str] = {}
    for mention in named:
        if mention.entity is not None:
            known = longest.get(mention.entity, "")
            longest[mention.entity] = max(known, mention.surface, key=lambda name: (len(name), name))
    return [_plain(longest.get(mention.entity, mention.surface)) for mention in named]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").removesuffix("'s").removeprefix("the ").split())


# --- word pairs and letter grams ---------------------------------------------------


def word_pairs(*parts: Sequence[str]) -> Weights:
    """Neighbouring words of matter; two rare ones side by side are hardly ever chance."""
    times = Counter(pair for part in parts for pair in pairwise(part))
    return {
        f"{first} {second}": (1 + math.log(often)) * (rarity(first) + rarity(second))
        for (first, second), often in times.items()
    }


def grams(words: Sequence[str]) -> Weights:
    """Four letters of a word in a row, so that "Iran" and "Iranian" have something in common."""
    found: dict[str, float] = {}
    for word in words:
        marked = f" {word} "
        for at in range(max(1, len(marked) - GRAM + 1)):
            gram = marked[at : at + GRAM]
            found[gram] = max(found.get(gram, 0.0), rarity(word))
    return found


# --- packing -----------------------------------------------------------------------


def packed_field(weights: Weights, field: str, most: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """The heaviest terms of a field as places and whole weights, by place; the vector has the length UNIT."""
    heaviest = sorted(((-weight, term) for term, weight in weights.items() if weight > 0))[:most]
    length = math.sqrt(math.fsum(weight * weight for weight, _ in heaviest))
    space = "word" if field in WORD_FIELDS else field
    packed: dict[int, int] = {}
    for weight, term in heaviest:
        place = place_of(space, term)
        packed[place] = max(packed.get(place, 0), round(-weight / length * UNIT))
    places = sorted(packed)
    return np.array(places, np.uint16), np.array([packed[place] for place in places], np.uint16)


@lru_cache(maxsize=CACHED_WORDS)
def place_of(space: str, term: str) -> int:
    """The place of a term among PLACES: CRC-32 (ISO 3309), which will not change."""
    return zlib.crc32(f"{space}\x1f{term}".encode("utf-8", "surrogatepass")) % PLACES
