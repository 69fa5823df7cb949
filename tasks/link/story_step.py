"""The link step: puts loaded articles into stories. The edge around the pure modules of this folder.

`link_stories` is called by the loader, after it has loaded; it is one transaction. What it writes is a
function of the articles that are loaded, not of the order or the portions they came in, and what a killed run
left undone the next one does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import duckdb
import numpy as np
from numpy.typing import NDArray

from tasks.link.candidates import CANDIDATES
from tasks.link.copies import COPY_RULE
from tasks.link.features import FEATURES, ArticleContent, NamedThing
from tasks.link.member import Member
from tasks.link.pair_score import StoryModel, story_model
from tasks.link.pair_step import WINDOW_DAYS, pair_days
from tasks.link.regrouping import Pairs, Regrouped, regrouped
from tasks.link.statement_step import StatementCounts, link_statements_of
from tasks.link.stories import StoryPlan, plan_stories
from tasks.link.window import Floats, Ints
from tasks.stage import features_row
from warehouse.errors import is_damage
from warehouse.linking import (
    VERSIONS_AT_ONCE,
    RangeRows,
    days_to_group,
    days_to_link,
    find_changed,
    find_needed,
    forget_changed,
    linked_days,
    read_contents,
    read_members,
    read_range,
    replace_stories,
    story_ids_of,
)
from warehouse.linking.kept import (
    add_features,
    drop_waiting,
    forget_kept,
    kept_features,
    prune_features,
    take_features,
    versions_without_features,
)
from warehouse.schema import roll_back

# Articles that are compared in one go, with all that lie within a week of them. Some 100 MB at 500 a day.
ARTICLES_AT_ONCE: Final = 2_000
# Articles whose stories are made in one go. Some 100 MB.
GROUPED_AT_ONCE: Final = 20_000
# One text is one event, however the articles around it differ.
COPY_LIKELY: Final = 0.99
# What is likely of an article's pairs is known for sure where everything within two windows of it was read;
# whom a new article can have moved is a window away.
SURE_DAYS: Final = 2 * WINDOW_DAYS
RANGE_DAYS: Final = SURE_DAYS + WINDOW_DAYS


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What a link step did.

    Articles that were linked, stories that hold them or may have changed with them, and what these tell.
    """

    articles: int = 0
    stories: int = 0
    statements: StatementCounts = field(default_factory=StatementCounts)


def linker_of(model: StoryModel) -> str:
    """What links: a change of any part links all articles anew."""
    return f"{model.version}+{CANDIDATES}+{COPY_RULE}+{FEATURES}"


def link_stories(
    con: duckdb.DuckDBPyConnection, now: datetime, model: StoryModel | None = None
) -> LinkCounts:
    """Link the articles that are new or read otherwise now, in one transaction."""
    model = model or story_model()
    changed = find_changed(con, linker_of(model))
    if not changed:
        drop_waiting(con)
        return LinkCounts()
    try:
        return _with_features(con, now, model, changed)
    except duckdb.Error as error:
        if not is_damage(error):
            raise
    forget_kept(con)  # where it was the features that are damaged, they are made anew
    return _with_features(con, now, model, changed)


def _with_features(
    con: duckdb.DuckDBPyConnection, now: datetime, model: StoryModel, changed: int
) -> LinkCounts:
    with kept_features(con):
        days = days_to_link(con)
        find_needed(con, [day for day, _ in days], WINDOW_DAYS)
        take_features(con, FEATURES)
        _make_features(con)
        con.execute("BEGIN")
        try:
            stories, statements = _link(con, now, model, days)
            con.execute("COMMIT")
        except BaseException:
            roll_back(con)
            raise
        con.execute("CHECKPOINT")
        prune_features(con)
    return LinkCounts(changed, stories, statements)


def _link(
    con: duckdb.DuckDBPyConnection, now: datetime, model: StoryModel, dated: Sequence[tuple[date, int]]
) -> tuple[int, StatementCounts]:
    forget_changed(con, WINDOW_DAYS)
    for days in portions(dated, ARTICLES_AT_ONCE):
        pair_days(con, days, linker_of(model), model)
    made: set[UUID] = set()
    gone: set[UUID] = set()
    statements = StatementCounts()
    for days in portions(days_to_group(con), GROUPED_AT_ONCE):
        plan = _plan(con, days, model, gone)
        replace_stories(con, sorted(plan.replaced), plan.stories, plan.articles, plan.redirects, now)
        made |= {story.story_id for story in plan.stories}
        gone |= plan.replaced - made
        statements += link_statements_of(con, [story.story_id for story in plan.stories], plan.replaced)
    return len(made), statements


def portions(days: Sequence[tuple[date, int]], articles_at_once: int) -> Iterator[list[date]]:
    """The days in portions of so many articles; a day is never cut."""
    portion: list[date] = []
    articles = 0
    for day, number in days:
        portion.append(day)
        articles += number
        if articles >= articles_at_once:
            yield portion
            portion, articles = [], 0
    if portion:
        yield portion


# --- features of versions that none are kept of -----------------------------------------


def _make_features(con: duckdb.DuckDBPyConnection) -> None:
    missing = versions_without_features(con)
    for at in range(0, len(missing), VERSIONS_AT_ONCE):
        contents = read_contents(con, missing[at : at + VERSIONS_AT_ONCE])
        add_features(con, [features_row(row[0], _content(row)) for row in contents])


def _content(row: Sequence[Any]) -> ArticleContent:
    _, title, text, stretches, names = row
    body = "\n".join(text[start:end] for start, end in stretches or ())
    return ArticleContent(title or "", body, tuple(NamedThing(*name) for name in names or ()))


# --- stories ---------------------------------------------------------------------------


def _plan(
    con: duckdb.DuckDBPyConnection, days: Sequence[date], model: StoryModel, gone: AbstractSet[UUID]
) -> StoryPlan:
    """The stories of the seeds of these days, and of all whom they have moved."""
    start, end = (numbered([day])[0] for day in linked_days(con))
    seeds = numbered(days)
    margin = RANGE_DAYS
    while True:
        rows = read_range(con, days, margin)
        affected = affected_by(rows, seeds, model)
        needed = np.clip(near(rows.days[affected.articles], SURE_DAYS), start, end)
        if np.isin(needed, near(seeds, margin)).all():
            return _planned(con, rows, affected, gone)
        margin *= 2


def numbered(days: Sequence[date]) -> Ints:
    """Days as the warehouse's arrays have them: since 1970."""
    return np.array(days, "datetime64[D]").astype(np.int64)


def near(days: Ints, reach: int) -> Ints:
    """These days and all within so many of them."""
    return np.unique(np.unique(days)[:, None] + np.arange(-reach, reach + 1))


def affected_by(rows: RangeRows, days: Ints, model: StoryModel) -> Regrouped:
    """The groups of the seeds of these days, and of all whom new articles among them have moved."""
    is_seed = rows.is_seed & np.isin(rows.days, days)
    return regrouped(Pairs(len(rows.days), *likeliest(rows)), rows.is_new, is_seed, model)


def likeliest(rows: RangeRows) -> tuple[Ints, Ints, Floats]:
    """Every pair once, in the order of its articles, with how likely it is.

    Copies are of one story for sure. A pair may be a copy and alike: two rows of one key.
    """
    keys = rows.ones * len(rows.days) + rows.others
    order = np.argsort(keys)
    keys, scores = keys[order], np.where(rows.is_copy, COPY_LIKELY, rows.scores)[order]
    is_first: NDArray[np.bool_] = np.ones(len(order), np.bool_)
    is_first[1:] = np.diff(keys) != 0
    second = np.flatnonzero(~is_first)
    scores[second - 1] = np.maximum(scores[second - 1], scores[second])
    return rows.ones[order][is_first], rows.others[order][is_first], scores[is_first]


def _planned(
    con: duckdb.DuckDBPyConnection, rows: RangeRows, affected: Regrouped, gone: AbstractSet[UUID]
) -> StoryPlan:
    members = [Member(*row[1:]) for row in read_members(con, affected.articles)]
    place_of = np.full(len(rows.days), -1)
    place_of[affected.articles] = np.arange(len(affected.articles))
    ones, others = place_of[rows.ones], place_of[rows.others]
    inside = (ones >= 0) & (others >= 0)
    copies = inside & rows.is_copy
    alike = inside & ~rows.is_copy
    former = {member.story_id for member in members if member.story_id is not None}

    def taken(names: Collection[UUID]) -> frozenset[UUID]:
        # An id that was given up in this transaction cannot be inserted again.
        return (story_ids_of(con, list(names)) - former) | gone & set(names)

    return plan_stories(
        members,
        affected.groups.tolist(),
        list(zip(ones[copies].tolist(), others[copies].tolist(), strict=True)),
        summed(affected.groups, ones[alike], others[alike], rows.scores[alike]).tolist(),
        taken,
    )


def summed(groups: Ints, ones: Ints, others: Ints, scores: Floats) -> Floats:
    """How like each article is to the others of its group, in all; always added up in one order."""
    order = np.lexsort((others, ones))
    ones, others, scores = ones[order], others[order], scores[order]
    inside = groups[ones] == groups[others]
    ends = np.concatenate([ones[inside], others[inside]])
    both = np.concatenate([scores[inside], scores[inside]])
    return np.asarray(np.bincount(ends, weights=both, minlength=len(groups)), np.float64)
