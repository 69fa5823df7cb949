"""Made articles as the linking of stories sees them: features drawn by chance, no texts. Many in little time.

An event has heavy terms of its own; every article tells one event and has some of them, and terms that stand
in all kinds of articles besides. Which article tells which event is known, so what linking finds can be
checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tasks.link.features import FEATURES, FIELDS, PLACES, UNIT, WORD_FIELDS
from tasks.link.fingerprints import sample
from warehouse.ids import stable_id
from warehouse.rows import ArticleRow, FeaturesRow, OutletRow, Row, VersionRow

FIRST_DAY = date(2024, 1, 1)
OUTLETS = 80
# Of the terms of a field: the share that an event has for itself, and the share of these that an article has.
EVENT_SHARE, TAKEN_SHARE = 0.6, 0.75
# Events of one topic (a court, a campaign) have terms in common as well, that weigh less.
TOPICS, TOPIC_SHARE, TOPIC_RARITY = 45, 0.3, 5.0
# Ranks of common terms are drawn so: a few stand nearly everywhere, most hardly anywhere (Zipf).
ZIPF = 1.1
LEAST_RARITY, TOO_COMMON = 3.6, 1000  # the commonest have no weight
SPREAD = 7919  # puts neighbouring ranks far apart
RAREST = 7.0  # the weight of a term that stands in one event only


@dataclass(frozen=True)
class MadeArticle:
    """An article that is to be made: its number, the event it tells, and the day; None is an undated one."""

    number: int
    event: int
    day: int | None
    version: int = 1
    text: int | None = None  # articles of one text are copies
    agency: str | None = None


def rows_of(articles: Sequence[MadeArticle]) -> dict[str, list[Row]]:
    """The articles as the rows of a batch."""
    rows: dict[str, list[Row]] = {
        "outlets": [
            OutletRow(stable_id("outlet", str(number)), f"Outlet {number}") for number in range(OUTLETS)
        ],
        "articles": [],
        "article_versions": [],
        "article_features": [],
    }
    for article in articles:
        key, outlet_id = f"made {article.number}", stable_id("outlet", str(article.number % OUTLETS))
        version_id = stable_id("version", key, str(article.version), str(article.event))
        rows["articles"].append(ArticleRow(stable_id("article", key), outlet_id, key, None, key))
        rows["article_versions"].append(version_row(article, version_id))
        rows["article_features"].append(features_row(article, version_id))
    return rows


def version_row(article: MadeArticle, version_id: UUID) -> VersionRow:
    """The version: hardly more than a title, an agency and a date."""
    at = None if article.day is None else datetime.combine(FIRST_DAY + timedelta(article.day), time(12))
    told = {
        "version_id": version_id,
        "article_id": stable_id("article", f"made {article.number}"),
        "title": f"Event {article.event}, told by {article.number}",
        "published_at": at,
        "published_on": at.date() if at else None,
        "text": f"Article {article.number}.",
        "form": "text",
        "location": f"made.jsonl:{article.version}",
        "source_digest": f"digest {article.number} {article.version}",
        "extractor": "made",
        "authors": (),
        "agencies": (),
        "dateline_agencies": (article.agency,) if article.agency else (),
    }
    return VersionRow(**{name: told.get(name) for name in VersionRow._fields})  # type: ignore[arg-type]


def features_row(article: MadeArticle, version_id: UUID) -> FeaturesRow:
    """The features: terms of the event and others, and the shingles of its text."""
    packed = [field_of(article, number, most) for number, most in enumerate(FIELDS.values())]
    chance = np.random.default_rng([4, article.number if article.text is None else article.text + 10**6])
    shingles = np.unique(chance.integers(0, 1 << 32, 600, np.uint32))
    return FeaturesRow(
        version_id,
        FEATURES,
        np.array([len(terms) for terms, _ in packed], np.uint8).tobytes(),
        np.concatenate([terms for terms, _ in packed]).astype("<u2").tobytes(),
        np.concatenate([weights for _, weights in packed]).astype("<u2").tobytes(),
        3000,
        sample(shingles).astype("<u4").tobytes(),
        shingles.astype("<u4").tobytes(),
    )


def field_of(article: MadeArticle, field: int, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The terms of a field and their weights."""
    # Title, lead and body have their words in common: those of the shorter are the first of the longer.
    space = 0 if list(FIELDS)[field] in WORD_FIELDS else field
    of_event = np.random.default_rng([1, article.event, space]).integers(0, PLACES, int(most * EVENT_SHARE))
    chance = np.random.default_rng([2, article.number, article.version, space])
    taken = of_event[chance.random(len(of_event)) < TAKEN_SHARE]
    of_topic = np.random.default_rng([3, article.event % TOPICS, space]).integers(
        0, PLACES, int(most * TOPIC_SHARE)
    )
    shared = of_topic[chance.random(len(of_topic)) < TAKEN_SHARE / 2]
    ranks = np.minimum(chance.zipf(ZIPF, max(0, most - len(taken) - len(shared))) + TOO_COMMON, PLACES - 1)
    weights = {int(rank * SPREAD % PLACES): rarity_of(rank) for rank in ranks.tolist()}
    weights |= {int(term): TOPIC_RARITY for term in shared}
    weights |= {int(term): RAREST for term in taken}
    terms = sorted(weights)
    rarity = np.array([weights[term] for term in terms])
    return np.array(terms), np.round(rarity / np.linalg.norm(rarity) * UNIT).astype(np.int64)


def rarity_of(rank: int) -> float:
    """The weight of a common term: the further down the list, the heavier."""
    return min(RAREST, LEAST_RARITY + (math.log(rank) - math.log(TOO_COMMON)) / 2)
