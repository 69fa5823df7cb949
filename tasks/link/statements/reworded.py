"""Finds statements that another article translates or retells, by several kinds of evidence at once.

Called by `link_statements`. Likeness of words alone is worthless here: what two translators make of one
sentence is less like than two sentences on one topic are. So two articles are only compared where they name
the same occasion for the same speaker; three statements or more must follow each other in the same order in
both; a date or number among them must be the same, none may be another; and outlets that both print the
speaker's own words alike have no translation between them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from tasks.link.statements.model import Occasion, PairKind, Saying, SayingPair
from tasks.link.statements.tellings import DATE, QUANTITY
from tasks.link.statements.words import CALENDAR, is_content, numbers, stem

RULE: Final = "retold-occasion"
LEAST_ALIGNED = 3  # statements in the same order in both articles
LEAST_SHARED = 3  # stems and anchors that the two sayings of a pair have in common
# Shares of the weight of the shorter saying that the longer one has, set on stories without translations.
ALIKE = 0.35
ALIKE_BESIDE = 0.25  # of a saying that stands in the same two quotes as a pair that is ALIKE
VERBATIM_WORDS = 8  # words in marks in both articles that show that they print the speaker's own words
# Articles that name one occasion of one speaker; of more, the earliest are compared.
MOST_ARTICLES = 12
# Sayings of one speaker in one article; of more, the first are aligned (the time grows with their product).
MOST_SAYINGS = 60
# Added where both articles give the words in quote marks: a quote meets a quote sooner than its paraphrase.
BOTH_MARKED = 0.05
MOST_SCORE = 0.9  # of the rule, however like the two are

Cell = tuple[int, int]  # the places of two sayings, each in its article
Step = tuple[float, Cell | None, bool]  # likeness so far, the cell before, whether this one is taken


@dataclass(frozen=True, slots=True)
class Heard:
    """What one article reports of one speaker, in the order of its text, each wording once."""

    sayings: tuple[Saying, ...]
    tokens: tuple[frozenset[str], ...]


def reworded(
    sayings: Mapping[str, Sequence[Saying]],
    occasions: Mapping[str, Mapping[str, frozenset[Occasion]]],
    known: Sequence[SayingPair],
) -> list[SayingPair]:
    """The pairs beyond `known`; sayings and occasions (by speaker's name) are given by article."""
    paired = {(pair.a.key, pair.b.key) for pair in known}
    verbatim = printed_alike(known)
    found = []
    for speaker, articles in together(sayings, occasions).items():
        heard = {article: hear(sayings[article], speaker) for article in articles}
        for one, other in combinations(articles, 2):
            if occasions[one][speaker].isdisjoint(occasions[other][speaker]):
                continue
            own_words = (frozenset((one, other)), speaker) in verbatim
            for pair in retold(heard[one], heard[other]):
                is_known = (pair.a.key, pair.b.key) in paired
                if not is_known and not (own_words and pair.a.marked and pair.b.marked):
                    found.append(pair)
    return sorted(found, key=lambda pair: (pair.a.key, pair.b.key))


# --- which articles --------------------------------------------------------------------


def together(
    sayings: Mapping[str, Sequence[Saying]], occasions: Mapping[str, Mapping[str, frozenset[Occasion]]]
) -> dict[str, list[str]]:
    """By speaker: the articles that quote them on a named occasion, the earliest first; two or more."""
    found: dict[str, list[str]] = defaultdict(list)
    for article in sorted(sayings, key=lambda one: [(s.seen_at, one) for s in sayings[one][:1]]):
        spoke = {saying.speaker_name for saying in sayings[article]}
        for speaker in sorted(occasions.get(article, {})):
            if speaker in spoke and len(found[speaker]) < MOST_ARTICLES:
                found[speaker].append(article)
    return {speaker: articles for speaker, articles in sorted(found.items()) if len(articles) > 1}


def printed_alike(known: Iterable[SayingPair]) -> set[tuple[frozenset[str], str]]:
    """The pairs of articles that give a speaker's words alike in quote marks, with the speaker."""
    return {
        (frozenset((pair.a.article_id, pair.b.article_id)), name)
        for pair in known
        if pair.a.article_id != pair.b.article_id
        and pair.a.marked
        and pair.b.marked
        and min(len(pair.a.words), len(pair.b.words)) >= VERBATIM_WORDS
        for name in (pair.a.speaker_name, pair.b.speaker_name)
        if name
    }


def hear(sayings: Iterable[Saying], speaker: str) -> Heard:
    """What the article reports of the speaker; of a repeated wording the last, as ledes come first."""
    last = {saying.words: saying for saying in sayings if saying.speaker_name == speaker}
    kept = sorted(last.values(), key=lambda saying: saying.number)[:MOST_SAYINGS]
    return Heard(tuple(kept), tuple(map(matter, kept)))


def matter(saying: Saying) -> frozenset[str]:
    """What a saying is about: the stems of its words of matter, and its names, dates and quantities."""
    return frozenset(stem(word) for word in saying.words if is_content(word)) | saying.anchors


# --- the alignment ---------------------------------------------------------------------


def retold(one: Heard, other: Heard) -> list[SayingPair]:
    """The pairs of two articles that hold as a whole, or none."""
    alike = likenesses(one, other)
    aligned = beside_sure_ones(one, other, best_path(one, other, alike), alike)
    steps = min(len({i for i, _ in aligned}), len({j for _, j in aligned}))
    if steps < LEAST_ALIGNED or not any(share_figures(one, other, cell) for cell in aligned):
        return []
    return [made(one.sayings[i], other.sayings[j], alike[i, j]) for i, j in aligned]


def likenesses(one: Heard, other: Heard) -> dict[Cell, float]:
    """The pairs of sayings that are alike enough to be aligned, with their likeness, 0 to 1.

    Likeness is the share of the lighter saying's matter that the other has, each stem and anchor weighing
    the more the fewer of the sayings have it.
    """
    having = Counter(token for tokens in (*one.tokens, *other.tokens) for token in tokens)
    total = len(one.tokens) + len(other.tokens)
    weight = {token: math.log((1 + total) / count) for token, count in having.items()}
    mass = [[sum(weight[token] for token in tokens) for tokens in side.tokens] for side in (one, other)]
    found = {}
    for i, tokens in enumerate(one.tokens):
        for j, others in enumerate(other.tokens):
            shared = tokens & others
            if len(shared) < LEAST_SHARED or contradict(one.sayings[i], other.sayings[j]):
                continue
            share = sum(weight[token] for token in sorted(shared)) / min(mass[0][i], mass[1][j])
            if share >= ALIKE_BESIDE:
                both_marked = one.sayings[i].marked and other.sayings[j].marked
                found[i, j] = round(share + BOTH_MARKED * both_marked, 6)
    return found


def contradict(a: Saying, b: Saying) -> bool:
    """Whether both name dates, numbers or days, and no two are the same."""
    for kind in (DATE, QUANTITY):
        one, other = ({key for key in side.anchors if key.startswith(kind)} for side in (a, b))
        if one and other and one.isdisjoint(other):
            return True
    figures = ((numbers(a.words), numbers(b.words)), (CALENDAR & set(a.words), CALENDAR & set(b.words)))
    return any(one and other and one.isdisjoint(other) for one, other in figures)


def best_path(one: Heard, other: Heard, alike: Mapping[Cell, float]) -> list[Cell]:
    """The cells of most likeness in all that follow each other in both articles.

    Each saying is taken once, but a saying may meet several of one quote in a row: what one outlet gives as a
    sentence, another breaks up. Ties go to the earlier saying. The alignment of Gale & Church (1993), with
    likeness in place of length.
    """
    rows, columns = len(one.sayings), len(other.sayings)
    best: dict[Cell, Step] = {}
    for i in range(rows):
        for j in range(columns):
            choices: list[Step] = [
                (best[beside][0], beside, False) for beside in ((i - 1, j), (i, j - 1)) if beside in best
            ]
            if (i, j) in alike:
                choices += [
                    (before + alike[i, j], cell, True) for before, cell in steps_to(one, other, best, (i, j))
                ]
            if choices:
                best[i, j] = max(choices, key=lambda choice: choice[0])
    return list(walked(best, (rows - 1, columns - 1)))


def steps_to(
    one: Heard, other: Heard, best: Mapping[Cell, Step], cell: Cell
) -> Iterator[tuple[float, Cell | None]]:
    """What lies before a cell that is taken: the diagonal, or a taken cell beside it in the same quote."""
    i, j = cell
    before = best.get((i - 1, j - 1))
    yield (before[0], (i - 1, j - 1)) if before else (0.0, None)
    for beside, quotes in (
        ((i, j - 1), (other.sayings[j - 1], other.sayings[j])),
        ((i - 1, j), (one.sayings[i - 1], one.sayings[i])),
    ):
        kept = best.get(beside)
        if min(beside) >= 0 and kept and kept[2] and quotes[0].quote_id == quotes[1].quote_id:
            yield kept[0], beside


def walked(best: Mapping[Cell, Step], last: Cell) -> Iterator[Cell]:
    """The cells that were taken on the way to the last one, backwards."""
    cell: Cell | None = last
    while cell is not None and cell in best:
        _, before, taken = best[cell]
        if taken:
            yield cell
        cell = before


def beside_sure_ones(
    one: Heard, other: Heard, path: Iterable[Cell], alike: Mapping[Cell, float]
) -> list[Cell]:
    """The cells that are alike for sure, and those in the same two quotes as one of them."""
    path = sorted(path)
    sure = {(one.sayings[i].quote_id, other.sayings[j].quote_id) for i, j in path if alike[i, j] >= ALIKE}
    return [(i, j) for i, j in path if (one.sayings[i].quote_id, other.sayings[j].quote_id) in sure]


def share_figures(one: Heard, other: Heard, cell: Cell) -> bool:
    """Whether the two sayings have a date or a quantity in common."""
    shared = one.tokens[cell[0]] & other.tokens[cell[1]]
    return any(token.startswith((DATE, QUANTITY)) for token in shared)


def made(a: Saying, b: Saying, likeness: float) -> SayingPair:
    """The pair, the lower key first."""
    first, second = sorted((a, b), key=lambda saying: saying.key)
    return SayingPair(first, second, PairKind.REWORDED, round(min(likeness, MOST_SCORE), 3), RULE)
