"""Pairs the sayings of a story that are one statement: word for word, a part of it, or edited.

Called by `link_statements`. Sayings of the same words and speaker are one wording, and only different
wordings are compared, so a group of copies costs no more than one article.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, product
from typing import NamedTuple

from tasks.link.statements.likeness import Worded, in_length_order, likeness, worded
from tasks.link.statements.model import Id, Key, PairKind, Saying, SayingPair
from tasks.link.statements.score import model_name, variant_score
from tasks.link.statements.words import CALENDAR, is_content

# Of the least words by which one saying is found in another. Short ones are said by many ("thank you very
# much"), so they count where the speaker is the same, and only long ones where the speakers are two.
SAME_SPEAKER_WORDS, UNKNOWN_SPEAKER_WORDS, OTHER_SPEAKER_WORDS = 3, 5, 8
LEAST_UNMARKED = 5  # words of a part of a longer saying that is not in quote marks ("the White House")
LEAST_CONTENT = 2  # words of matter in them
# Probabilities, set on pairs read by hand: at least .96 of those above are one statement.
VARIANT = 0.68
VARIANT_OTHER_SPEAKER = 0.8
VARIANT_WITHIN = 0.9  # inside one article, where speakers repeat their figures of speech
# A pair of words that so many wordings of a story have ("the president", "white house") is no clue.
MOST_SHARING = 40
LEAST_CLUES = 2  # pairs of words that two wordings must share to be compared
LEAST_CLUES_WITHIN = 4  # the same inside one article, whose sentences share their topic's words
SHORT_WORDS = 5  # a wording of so many words or fewer is compared for one
# Two wordings said in more places than this are linked by their earliest sayings only.
MOST_CROSSED = 16
# A wording said in more places than this has them linked to the earliest one, not to each other.
MOST_ALIKE = 8
# Of a fragment, whatever its length; the share of the longer saying that it is makes up the rest.
SURE_FRAGMENT = 0.9


class Verdict(NamedTuple):
    """What two wordings are to each other, how sure that is, and which rule or model says so."""

    kind: PairKind
    score: float
    rule: str


def paired(sayings: Iterable[Saying]) -> list[SayingPair]:
    """The pairs, in the order of their keys; the same for the same set of sayings."""
    wordings = by_words(sayings)
    heads = worded([wording[0] for wording in wordings])
    found = [pair for wording in wordings for pair in alike(wording)]
    for i, j in compared(heads):
        if (verdict := judged(heads[i], heads[j])) is not None:
            found += [
                made(a, b, verdict) for a, b in crossed(wordings[i], wordings[j]) if counts(a, b, verdict)
            ]
    return sorted(best(found), key=lambda pair: (pair.a.key, pair.b.key))


# --- which are compared ------------------------------------------------------------


def by_words(sayings: Iterable[Saying]) -> list[list[Saying]]:
    """The sayings of the same words and speaker together; the earliest of each first."""
    found: dict[tuple[object, ...], list[Saying]] = defaultdict(list)
    for saying in sorted(sayings, key=earliest):
        found[wording_key(saying)].append(saying)
    return list(found.values())


def wording_key(saying: Saying) -> tuple[object, ...]:
    """The same for sayings of the same words and speaker."""
    return (saying.words, saying.speaker_name or saying.speaker)


def earliest(saying: Saying) -> tuple[object, ...]:
    """What puts sayings in the order in which they were published."""
    return (saying.seen_at, saying.article_id, saying.number, saying.key)


def compared(heads: Sequence[Worded]) -> Iterator[tuple[int, int]]:
    """The wordings that share enough pairs of neighbouring words, in order."""
    with_clue: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, head in enumerate(heads):
        for clue in set(pairwise(head.saying.words)):
            if is_content(clue[0]) or is_content(clue[1]):
                with_clue[clue].append(place)
    clues: Counter[tuple[int, int]] = Counter()
    for places in with_clue.values():
        if len(places) <= MOST_SHARING:
            clues.update(combinations(places, 2))
    for (i, j), shared in sorted(clues.items()):
        within = heads[i].saying.article_id == heads[j].saying.article_id
        least = LEAST_CLUES_WITHIN if within else LEAST_CLUES
        if shared >= least or min(len(heads[i].code), len(heads[j].code)) <= SHORT_WORDS:
            yield i, j


def crossed(one: Sequence[Saying], other: Sequence[Saying]) -> Iterator[tuple[Saying, Saying]]:
    """The sayings of two wordings, each with each; where these are many, each with the other's earliest."""
    if len(one) * len(other) <= MOST_CROSSED:
        yield from product(one, other)
        return
    yield from ((saying, other[0]) for saying in one)
    yield from ((one[0], saying) for saying in other[1:])


def alike(wording: Sequence[Saying]) -> Iterator[SayingPair]:
    """The sayings of one wording in pairs; where these are many, each with the earliest."""
    verdict = Verdict(PairKind.SAME, 1.0, "same-words")
    if not says_enough(wording[0], wording[0]):
        return
    several = combinations(wording, 2) if len(wording) <= MOST_ALIKE else product(wording[:1], wording[1:])
    yield from (made(a, b, verdict) for a, b in several if counts(a, b, verdict))


# --- what they are to each other -----------------------------------------------------


def judged(a: Worded, b: Worded) -> Verdict | None:
    """What two wordings are to each other; None where they are two statements, as far as one can tell."""
    short, long = in_length_order(a, b)
    if short.code in long.code:
        return found_whole(short, long) if says_enough(short.saying, long.saying) else None
    if contradict(short, long):
        return None
    score = variant_score(likeness(short, long))
    if score < (VARIANT_OTHER_SPEAKER if short.saying.other_speaker(long.saying) else VARIANT):
        return None
    return Verdict(PairKind.VARIANT, round(score, 3), model_name())


def found_whole(short: Worded, long: Worded) -> Verdict | None:
    """What a wording is whose words the other has in a row."""
    if len(short.code) == len(long.code):
        return Verdict(PairKind.SAME, 1.0, "same-words")
    if len(short.code) < LEAST_UNMARKED and not short.saying.marked:
        return None
    share = len(short.code) / len(long.code)
    return Verdict(PairKind.FRAGMENT, round(SURE_FRAGMENT + (1 - SURE_FRAGMENT) * share, 3), "same-run")


def says_enough(short: Saying, long: Saying) -> bool:
    """Whether the words of the shorter one are so many that two would not say them by chance."""
    if short.other_speaker(long):
        least = OTHER_SPEAKER_WORDS
    else:
        least = SAME_SPEAKER_WORDS if short.same_speaker(long) else UNKNOWN_SPEAKER_WORDS
    return len(short.words) >= least and sum(map(is_content, short.words)) >= LEAST_CONTENT


def contradict(short: Worded, long: Worded) -> bool:
    """Whether each has numbers, days or months, and none in common: another year's figure, another plan."""
    return any(
        one and other and one.isdisjoint(other)
        for one, other in ((short.numbers, long.numbers), (short.words & CALENDAR, long.words & CALENDAR))
    )


def counts(a: Saying, b: Saying, verdict: Verdict) -> bool:
    """Whether the verdict on two wordings holds for these sayings, if they are of one article."""
    if a.article_id != b.article_id:
        return True
    return not a.span.touches(b.span) and (
        verdict.kind is not PairKind.VARIANT or verdict.score >= VARIANT_WITHIN
    )


def made(a: Saying, b: Saying, verdict: Verdict) -> SayingPair:
    """The pair, the lower key first."""
    first, second = sorted((a, b), key=lambda saying: saying.key)
    return SayingPair(first, second, *verdict)


def best(pairs: Iterable[SayingPair]) -> list[SayingPair]:
    """Of the pairs between two articles those that are the best for one of their sayings."""
    pairs = list(pairs)
    most: dict[tuple[Key, Id], float] = {}
    for pair in pairs:
        for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
            place = one.key, other.article_id
            most[place] = max(most.get(place, 0.0), strength(pair))
    return [
        pair
        for pair in pairs
        if strength(pair) >= min(most[pair.a.key, pair.b.article_id], most[pair.b.key, pair.a.article_id])
    ]


def strength(pair: SayingPair) -> float:
    """What orders pairs: the same words before a part of them, that before edited ones."""
    return pair.score + (pair.kind is PairKind.SAME) + (pair.kind is not PairKind.VARIANT)
