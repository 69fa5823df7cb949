"""The link step: puts loaded articles into stories. The edge around the pure modules of this folder.

`link_stories` is called by the loader, after it has loaded; it is one transaction. What it writes is a
function of the articles that are loaded, not of the order or the portions they came in, and what a killed run
left undone the next one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from tasks.link.candidates import WINDOW_DAYS, candidates
from tasks.link.clustering import components, groups
from tasks.link.copies import COPY_RULE, containment, copy_candidates
from tasks.link.features import FEATURES, ArticleContent, NamedThing
from tasks.link.member import Member
from tasks.link.pair_figures import Comparison
from tasks.link.pair_score import LEAST_KEPT, StoryModel, among_neighbours, likelihood, story_model
from tasks.link.statement_step import StatementCounts, link_statements_of
from tasks.link.stories import StoryPlan, names_of_story, plan_stories
from tasks.link.window import Floats, Ints, window_of
from tasks.stage import features_row
from warehouse.linking import (
    VERSIONS_AT_ONCE,
    RangeRows,
    WindowRows,
    add_features,
    add_pairs,
    days_to_link,
    find_changed,
    forget_changed,
    linked_days,
    read_contents,
    read_members,
    read_range,
    read_shingles,
    replace_stories,
    story_ids_of,
    take_window,
    versions_without_features,
)
from warehouse.schema import roll_back

# Articles that are compared in one go, with all that lie within a week of them. Some 100 MB at 500 a day.
ARTICLES_AT_ONCE: Final = 2_000
# Pairs that are judged in one go.
PAIRS_AT_ONCE: Final = 50_000
# One text is one event, however the articles around it differ.
COPY_LIKELY: Final = 0.99
# A story's pairs are known for sure where everything within two windows of it was read; what reaches further
# makes the range grow by so many days.
SURE_DAYS: Final = 2 * WINDOW_DAYS
RANGE_DAYS: Final = 4 * WINDOW_DAYS


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What a link step did.

    Articles that were linked, stories that hold them or may have changed with them, and what these tell.
    """

    articles: int = 0
    stories: int = 0
    statements: StatementCounts = field(default_factory=StatementCounts)


@dataclass(frozen=True, slots=True)
class _Affected:
    """The articles whose stories are made anew, by their places in the range, and the groups they form."""

    places: Ints
    groups: Ints


def linker_of(model: StoryModel) -> str:
    """What links: a change of any part links all articles anew."""
    return f"{model.version}+{COPY_RULE}+{FEATURES}"


def link_stories(
    con: duckdb.DuckDBPyConnection, now: datetime, model: StoryModel | None = None
) -> LinkCounts:
    """Link the articles that are new or read otherwise now, in one transaction."""
    model = model or story_model()
    con.execute("BEGIN")
    try:
        counts = _link(con, now, model)
        con.execute("COMMIT")
    except BaseException:
        roll_back(con)
        raise
    if counts.articles:
        con.execute("CHECKPOINT")
    return counts


def _link(con: duckdb.DuckDBPyConnection, now: datetime, model: StoryModel) -> LinkCounts:
    changed = find_changed(con, linker_of(model))
    if not changed:
        return LinkCounts()
    _make_features(con, now)
    forget_changed(con)
    days = days_to_link(con)
    for first, last in portions(days):
        rows = take_window(con, first, last, WINDOW_DAYS, linker_of(model))
        _pair_copies(con, rows)
        _pair_stories(con, rows, model)
    plan = _plan(con, days[0][0], days[-1][0], model)
    replace_stories(con, sorted(plan.replaced), plan.stories, plan.articles, plan.redirects, now)
    statements = link_statements_of(con, [story.story_id for story in plan.stories])
    return LinkCounts(changed, len(plan.stories), statements)


def portions(days: Sequence[tuple[date, int]]) -> Iterator[tuple[date, date]]:
    """First and last day of portions of some ARTICLES_AT_ONCE articles; a day is never cut."""
    first, articles = days[0][0], 0
    for (day, number), (following, _) in zip(days, [*days[1:], (date.max, 0)], strict=True):
        articles += number
        if articles >= ARTICLES_AT_ONCE or following - day > timedelta(WINDOW_DAYS) or following == date.max:
            yield first, day
            first, articles = following, 0


# --- features of versions that no worker made any for -----------------------------------


def _make_features(con: duckdb.DuckDBPyConnection, now: datetime) -> None:
    missing = versions_without_features(con, FEATURES)
    for at in range(0, len(missing), VERSIONS_AT_ONCE):
        contents = read_contents(con, missing[at : at + VERSIONS_AT_ONCE])
        add_features(con, [features_row(row[0], _content(row)) for row in contents], now)


def _content(row: Sequence[Any]) -> ArticleContent:
    _, title, text, stretches, names = row
    body = "\n".join(text[start:end] for start, end in stretches or ())
    return ArticleContent(title or "", body, tuple(NamedThing(*name) for name in names or ()))


# --- pairs -----------------------------------------------------------------------------


def _pair_copies(con: duckdb.DuckDBPyConnection, rows: WindowRows) -> None:
    pairs = list(copy_candidates(rows.fingerprints, rows.days, rows.is_new, WINDOW_DAYS))
    shingles = read_shingles(con, sorted({place for pair in pairs for place in pair})) if pairs else {}
    found = [
        (one, other, share)
        for one, other in pairs
        if (share := containment(shingles[one], shingles[other])) > 0
    ]
    if found:
        ones, others, shares = (np.array(column) for column in zip(*found, strict=True))
        _add(con, "copy", COPY_RULE, ones, others, shares)


def _pair_stories(con: duckdb.DuckDBPyConnection, rows: WindowRows, model: StoryModel) -> None:
    window = window_of(rows.days, rows.outlets, rows.characters, rows.sizes, rows.terms, rows.weights)
    compare = Comparison(window)
    waiting: list[tuple[int, Ints]] = []
    pairs = 0
    for article, others in candidates(window, rows.is_new):
        if len(others):
            waiting.append((article, others))
            pairs += len(others)
        if pairs >= PAIRS_AT_ONCE:
            _judge(con, compare, waiting, model)
            waiting, pairs = [], 0
    if waiting:
        _judge(con, compare, waiting, model)


def _judge(
    con: duckdb.DuckDBPyConnection,
    compare: Comparison,
    waiting: Sequence[tuple[int, Ints]],
    model: StoryModel,
) -> None:
    ones, others, figures = compare.figures(waiting)
    likely = likelihood(figures, model)
    kept = likely >= LEAST_KEPT
    _add(con, "story", model.version, ones[kept], others[kept], likely[kept])


def _add(
    con: duckdb.DuckDBPyConnection, kind: str, rule: str, ones: Ints, others: Ints, scores: Floats
) -> None:
    places = {"one": ones.astype(np.int32), "other": others.astype(np.int32)}
    add_pairs(con, kind, rule, {**places, "score": scores})


# --- stories ---------------------------------------------------------------------------


def _plan(con: duckdb.DuckDBPyConnection, first: date, last: date, model: StoryModel) -> StoryPlan:
    """The stories of all articles that the changed ones touch."""
    start, end = linked_days(con)
    margin = RANGE_DAYS
    while True:
        low = max(start, _moved(first, -margin))
        high = min(end, _moved(last, margin))
        rows = read_range(con, low, high)
        affected = affected_by(rows, model)
        if _is_inside(rows.days[affected.places], low > start, high < end, low, high):
            break
        margin *= 2
    return _planned(con, rows, affected)


def _moved(day: date, by: int) -> date:
    """The day so many days later, as far as there are days."""
    return date.fromordinal(min(max(day.toordinal() + by, 1), date.max.toordinal()))


def _is_inside(days: Ints, goes_back: bool, goes_on: bool, low: date, high: date) -> bool:  # noqa: FBT001
    """Whether all that could matter to articles of these days lies between the two."""
    epoch = date(1970, 1, 1).toordinal()
    early = goes_back and days.min() - SURE_DAYS < low.toordinal() - epoch
    late = goes_on and days.max() + SURE_DAYS > high.toordinal() - epoch
    return not (early or late)


def affected_by(rows: RangeRows, model: StoryModel) -> _Affected:
    """The articles whose groups may be others than before, and these groups.

    A new article changes what the pairs of those it is like are likely. So these are grouped again, with all
    that is joined to them now, and with all that was joined to them before it came.
    """
    ones, others, alone = likeliest(rows)
    likely = among_neighbours(ones, others, alone, model)
    touched = _with_partners(rows.is_new | rows.is_touched, ones, others)
    known = ~(rows.is_new[ones] | rows.is_new[others])
    ones_before, others_before = ones[known], others[known]
    before = among_neighbours(ones_before, others_before, alone[known], model)
    joined = before >= model.together
    touched = _with_partners(touched, ones_before[joined], others_before[joined])
    labels = components(len(rows.days), ones, others, likely >= model.together)
    is_affected = np.isin(labels, np.unique(labels[touched]))
    inside = is_affected[ones] & is_affected[others]
    found = groups(len(rows.days), ones[inside], others[inside], likely[inside], model.together)
    places = np.flatnonzero(is_affected)
    return _Affected(places, found[places])


def _with_partners(chosen: NDArray[np.bool_], ones: Ints, others: Ints) -> NDArray[np.bool_]:
    """The chosen articles and all that share one of these pairs with one of them."""
    either = chosen[ones] | chosen[others]
    found = chosen.copy()
    found[ones[either]] = found[others[either]] = True
    return found


def likeliest(rows: RangeRows) -> tuple[Ints, Ints, Floats]:
    """Every pair once, with how likely it is: copies are of one story for sure."""
    scores = np.where(rows.is_copy, COPY_LIKELY, rows.scores)
    order = np.lexsort((-scores, rows.others, rows.ones))
    ones, others = rows.ones[order], rows.others[order]
    first: NDArray[np.bool_] = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(ones) != 0) | (np.diff(others) != 0)
    return ones[first], others[first], scores[order][first]


def _planned(con: duckdb.DuckDBPyConnection, rows: RangeRows, affected: _Affected) -> StoryPlan:
    members = [Member(*row[1:]) for row in read_members(con, affected.places)]
    place_of = np.full(len(rows.days), -1)
    place_of[affected.places] = np.arange(len(affected.places))
    ones, others = place_of[rows.ones], place_of[rows.others]
    inside = (ones >= 0) & (others >= 0)
    copies = inside & rows.is_copy
    alike = inside & ~rows.is_copy
    pairs = list(zip(ones[alike].tolist(), others[alike].tolist(), strict=True))
    former = {member.story_id for member in members if member.story_id is not None}
    named = [name for member in members for name in names_of_story(member.article_id)]
    return plan_stories(
        members,
        affected.groups.tolist(),
        list(zip(ones[copies].tolist(), others[copies].tolist(), strict=True)),
        dict(zip(pairs, rows.scores[alike].tolist(), strict=True)),
        story_ids_of(con, named) - former,
    )
