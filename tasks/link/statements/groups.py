"""Makes statements of the pairs: each has a head, its fullest wording, and what is paired with that.

Called by `link_statements`. No long chains: a wording joins the head that it is paired with best, or the
statement that holds an edited form of it, so two statements that share a fragment stay two. What is reworded
is a statement of its own that points to the one it translates or retells, and counts in no figure of that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tasks.link.statements.model import Id, PairKind, Saying, SayingPair, Statement, Wording
from tasks.link.statements.pairs import by_words, earliest, says_enough, strength, wording_key
from warehouse.ids import stable_id

Node = tuple[object, ...]  # the key of a wording
Joined = tuple[Node, PairKind, float]  # the head that a wording joins, how it is worded, how sure that is


def statements_of(sayings: Iterable[Saying], pairs: Sequence[SayingPair]) -> list[Statement]:
    """All that is said in a story as statements, with those that one article alone reports; earliest first.

    What is too short to be known again is no statement.
    """
    beside = neighbours(pair for pair in pairs if pair.kind is not PairKind.REWORDED)
    found = []
    for members in gathered(by_words(sayings), beside):
        wordings = tuple(members)
        found.append(Statement(identity(min((w.saying for w in wordings), key=earliest)), wordings))
    found.sort(key=lambda statement: min(earliest(wording.saying) for wording in statement.wordings))
    return pointing(found, pairs)


def identity(first: Saying) -> Id:
    """The id of a statement: of its earliest saying the article, the speaker and the words.

    So it stays what it is when other outlets take the statement up, and when an article is extracted anew.
    """
    speaker = first.speaker_name or (first.speaker or "")
    return str(stable_id("statement", first.article_id, speaker, " ".join(first.words)))


def neighbours(pairs: Iterable[SayingPair]) -> dict[Node, dict[Node, SayingPair]]:
    """Of each wording the others that it is paired with, by the strongest pair."""
    found: dict[Node, dict[Node, SayingPair]] = defaultdict(dict)
    for pair in pairs:
        one, other = wording_key(pair.a), wording_key(pair.b)
        kept = found[one].get(other)
        if one != other and (kept is None or strength(pair) > strength(kept)):
            found[one][other] = found[other][one] = pair
    return found


def gathered(
    wordings: Iterable[list[Saying]], beside: dict[Node, dict[Node, SayingPair]]
) -> list[list[Wording]]:
    """The members of each statement, the head first, then as they were published."""
    members: dict[Node, list[Wording]] = {}
    head_of: dict[Node, Node] = {}
    for sayings in sorted(wordings, key=fullest):
        node = wording_key(sayings[0])
        if not says_enough(sayings[0], sayings[0]):
            continue
        joined = closest(beside.get(node, {}), head_of)
        if joined is None:
            head_of[node] = node
            first, *others = sorted(sayings, key=lambda one: (not one.marked, earliest(one)))
            members[node] = [Wording(first, None, 1.0)]
            members[node] += [Wording(saying, PairKind.SAME, 1.0) for saying in others]
        else:
            head, kind, score = joined
            head_of[node] = head
            members[head] += [Wording(saying, kind, score) for saying in sayings]
    return [[of[0], *sorted(of[1:], key=lambda one: earliest(one.saying))] for of in members.values()]


def fullest(sayings: Sequence[Saying]) -> tuple[object, ...]:
    """What puts the wording of most words first; of two, the one in quote marks, then the earlier one."""
    return (-len(sayings[0].words), not any(one.marked for one in sayings), earliest(sayings[0]))


def closest(beside: dict[Node, SayingPair], head_of: dict[Node, Node]) -> Joined | None:
    """The statement that a wording belongs to: the best head it is paired with, else by an edited member."""
    to_heads = [
        (strength(pair), other, pair) for other, pair in beside.items() if head_of.get(other) == other
    ]
    if to_heads:
        _, head, pair = max(to_heads, key=lambda one: (one[0], one[2].a.key, one[2].b.key))
        return head, pair.kind, pair.score
    to_members = [
        (pair.score, head_of[other], pair)
        for other, pair in beside.items()
        if other in head_of and pair.kind is not PairKind.FRAGMENT
    ]
    if to_members:
        score, head, _ = max(to_members, key=lambda one: (one[0], one[2].a.key, one[2].b.key))
        return head, PairKind.VARIANT, score
    return None


def pointing(statements: Sequence[Statement], pairs: Iterable[SayingPair]) -> list[Statement]:
    """The statements, those that are reworded with the earliest that they have the matter in common with."""
    place = {wording.saying.key: number for number, of in enumerate(statements) for wording in of.wordings}
    root = list(range(len(statements)))

    def rooted(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for pair in pairs:
        if pair.kind is PairKind.REWORDED and {pair.a.key, pair.b.key} <= place.keys():
            first, second = sorted((rooted(place[pair.a.key]), rooted(place[pair.b.key])))
            root[second] = first
    return [
        Statement(of.statement_id, of.wordings, None if at == number else statements[at].statement_id)
        for number, of in enumerate(statements)
        for at in [rooted(number)]
    ]
