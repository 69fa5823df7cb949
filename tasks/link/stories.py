"""Groups of articles → stories that keep their ids. Called by `story_step.py`.

Which articles are together is a function of the set of articles. Which id a story has is one, too, as long as
nobody has seen it: it is that of its first article. Later it keeps the id that most of its articles were in,
so that what was noted down still leads there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from tasks.link.member import Member
from tasks.link.origins import Origin, origin_of
from warehouse.ids import stable_id

Pair = tuple[int, int]
# Which of these are ids of stories already.
Taken = Callable[[Collection[UUID]], frozenset[UUID]]


class Story(NamedTuple):
    """A row of `stories`."""

    story_id: UUID
    title: str | None
    first_published_at: datetime | None
    last_published_at: datetime | None
    articles: int
    publishers: int


class StoryArticle(NamedTuple):
    """A row of `story_articles`."""

    story_id: UUID
    article_id: UUID
    role: str
    published_on: date | None
    role_reason: str | None
    credited: str | None
    linked_on: date
    dated_by: str
    original_id: UUID | None


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """What is to be written: all stories of the articles that were looked at, in place of `replaced`.

    `redirects` leads from each story that is no more to the one that holds most of its articles.
    """

    stories: list[Story]
    articles: list[StoryArticle]
    redirects: list[tuple[UUID, UUID]]
    replaced: frozenset[UUID]


def plan_stories(
    members: Sequence[Member],
    groups: Sequence[int],
    copies: Iterable[Pair],
    likeness: Sequence[float],
    taken: Taken,
) -> StoryPlan:
    """The stories of these articles.

    `groups` gives each article a number, equal for articles of one story. `copies` are pairs of copies, by
    place in `members`; pairs across groups are passed over. `likeness` tells how like each article is to the
    others of its story, in all.
    `taken` tells ids of stories of other articles.
    """
    by_group: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        by_group[group].append(place)
    stories = [
        sorted(places, key=lambda place: (members[place].seen_at, members[place].article_id))
        for places in by_group.values()
    ]
    stories.sort(key=lambda places: (members[places[0]].seen_at, members[places[0]].article_id))
    ids = story_ids([[members[place] for place in places] for places in stories], taken)
    origins = origins_by_place(members, groups, copies)
    replaced = frozenset(member.story_id for member in members if member.story_id is not None)
    story_of = {place: story for story, places in zip(ids, stories, strict=True) for place in places}
    return StoryPlan(
        [_story(one, places, members, origins, likeness) for one, places in zip(ids, stories, strict=True)],
        [_article(story, place, members, origins) for place, story in story_of.items()],
        redirects(members, story_of, replaced - set(ids)),
        replaced,
    )


# --- identity ------------------------------------------------------------------------


def story_ids(stories: Sequence[Sequence[Member]], taken: Taken) -> list[UUID]:
    """An id for each story; `stories` are in the order of their first articles, so are their articles.

    Whoever has the most articles of an old story keeps its id, and a story that could keep several keeps that
    of the most. Others are named after their first article whose name is free.
    """
    ids: dict[int, UUID] = {}
    given: set[UUID] = set()
    for _, place, old in sorted(_claims(stories)):
        if place not in ids and old not in given:
            ids[place] = old
            given.add(old)
    unnamed = [place for place in range(len(stories)) if place not in ids]
    firsts = {place: next(names_of_story(stories[place][0])) for place in unnamed}
    used = given | taken(firsts.values())
    more = {place: _names(stories[place]) for place, name in firsts.items() if name in used}
    used |= taken([name for names in more.values() for name in names])
    for place, name in firsts.items():
        ids[place] = next(free for free in [name, *more.get(place, ())] if free not in used)
        used.add(ids[place])
    return [ids[place] for place in range(len(stories))]


def _claims(stories: Sequence[Sequence[Member]]) -> Iterable[tuple[int, int, UUID]]:
    """(minus the number of articles, story, old id): the greatest claim sorts first."""
    for place, story in enumerate(stories):
        for old, articles in Counter(member.story_id for member in story).items():
            if old is not None:
                yield -articles, place, old


def names_of_story(first: Member) -> Iterator[UUID]:
    """The ids that a story may have that begins with this article.

    Its first name may be that of a story which the article has left; the second can be taken by none but one
    that began with it after that.
    """
    for more in ((), ("2",), ("3",)):
        yield stable_id("story", str(first.article_id), *more)


def _names(story: Sequence[Member]) -> list[UUID]:
    return [name for member in story for name in names_of_story(member)]


def redirects(
    members: Sequence[Member], story_of: Mapping[int, UUID], gone: Iterable[UUID]
) -> list[tuple[UUID, UUID]]:
    """Where each story went that is no more: to the story that holds most of its articles."""
    holders: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for place, member in enumerate(members):
        if member.story_id is not None:
            holders[member.story_id][story_of[place]] += 1
    return [(old, min(holders[old], key=lambda story: (-holders[old][story], story))) for old in sorted(gone)]


# --- copies --------------------------------------------------------------------------


def origins_by_place(
    members: Sequence[Member], groups: Sequence[int], copies: Iterable[Pair]
) -> dict[int, tuple[int, Origin]]:
    """For every article that shares its text in its story: the place of the original, and how it is known."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for one, other in copies:
        if groups[one] == groups[other]:
            neighbours[one].add(other)
            neighbours[other].add(one)
    found: dict[int, tuple[int, Origin]] = {}
    for start in sorted(neighbours):
        if start not in found:
            together = sorted(_reached(start, neighbours), key=lambda place: members[place].article_id)
            origin = origin_of([members[place] for place in together])
            found.update((place, (together[origin.place], origin)) for place in together)
    return found


def _reached(start: int, neighbours: Mapping[int, set[int]]) -> set[int]:
    reached, waiting = {start}, [start]
    while waiting:
        new = neighbours[waiting.pop()] - reached
        reached |= new
        waiting.extend(new)
    return reached


# --- rows ----------------------------------------------------------------------------


def _story(
    story_id: UUID,
    places: Sequence[int],
    members: Sequence[Member],
    origins: Mapping[int, tuple[int, Origin]],
    likeness: Sequence[float],
) -> Story:
    published = [moment for place in places if (moment := members[place].published_at) is not None]
    voices = {members[origins[place][0] if place in origins else place].voice for place in places}
    titled = [place for place in places if members[place].title] or places
    typical = max(titled, key=lambda place: likeness[place])  # of equals the first
    return Story(
        story_id,
        members[typical].title or members[typical].lede,
        min(published, default=None),
        max(published, default=None),
        len(places),
        len(voices),
    )


def _article(
    story_id: UUID, place: int, members: Sequence[Member], origins: Mapping[int, tuple[int, Origin]]
) -> StoryArticle:
    member = members[place]
    original, origin = origins.get(place, (None, None))
    role = "report" if origin is None else "original" if original == place else "copy"
    return StoryArticle(
        story_id,
        member.article_id,
        role,
        member.published_on,
        origin.reason if origin else None,
        next(iter(member.credited), None),
        member.linked_on,
        member.dated_by,
        members[original].article_id if original is not None and role == "copy" else None,
    )
