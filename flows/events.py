"""What a run tells Prefect's automations, as events: made of plain values, emitted at its end.

| event | when | resource | related resources |
|---|---|---|---|
| `onrecord.articles.loaded` | articles were added | the warehouse | each outlet that brought some |
| `onrecord.stories.told` | several articles tell it, one of them new | the story | the warehouse |
| `onrecord.documents.failed` | some could not be used | the warehouse | each reason |
| `onrecord.checks.failed` | a severe check found rows | the warehouse | each check |
| `onrecord.source.troubled` | a source could not be looked at | the source | the warehouse |

Prefect adds the flow run, its flow and its deployment to the related resources by itself. Text from articles
is in names and payloads only, never in an id, and without control characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.outcome import Outcome
from flows.terminal import shortened
from warehouse.ids import stable_id
from warehouse.summary import LoadSummary

RESOURCE = "prefect.resource.id"
NAME = "prefect.resource.name"
ROLE = "prefect.resource.role"
MOST_RELATED = 50  # Prefect takes 100 related resources of an event, its own among them
NAME_WIDTH = 200  # characters of a name or a sentence
UNFIT = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Told:
    """One event: what happened, to what, what else it touches, with which figures."""

    event: str
    resource: dict[str, str]
    related: list[dict[str, str]] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)


def events_of(outcome: Outcome, summary: LoadSummary) -> list[Told]:
    """All that a run has to tell, in the order of the table above."""
    return [
        *loaded(outcome, summary),
        *stories(outcome, summary),
        *failed(outcome),
        *checks(outcome),
        *sources(outcome),
    ]


def emit(told: Sequence[Told]) -> None:
    """Hand the events to Prefect, which sends them when it comes to it."""
    from prefect.events import emit_event

    for one in told:
        emit_event(one.event, resource=one.resource, related=one.related, payload=one.payload)


def loaded(outcome: Outcome, summary: LoadSummary) -> Iterator[Told]:
    """Articles were loaded."""
    totals = summary.totals
    if not outcome.loaded.tables.get("article_versions"):
        return
    outlets = [
        resource("outlet", row["outlet_id"], row["outlet"], role="outlet", articles=str(row["articles"]))
        for row in summary.outlets[:MOST_RELATED]
    ]
    figures = ("articles", "corrections", "outlets", "quotes", "names", "entities", "cuts")
    payload = {name: totals[name] for name in figures} | {"stories": outcome.loaded.links.stories}
    yield Told("onrecord.articles.loaded", warehouse(outcome.warehouse), outlets, payload)


def stories(outcome: Outcome, summary: LoadSummary) -> Iterator[Told]:
    """Stories that several articles tell, and that grew; the most told ones."""
    for row in summary.stories:
        yield Told(
            "onrecord.stories.told",
            resource("story", row["story_id"], row["title"] or "(no title)"),
            [warehouse(outcome.warehouse, role="warehouse")],
            {
                "articles": row["articles"],
                "publishers": row["publishers"],
                "title": words(row["title"] or ""),
            },
        )


def failed(outcome: Outcome) -> Iterator[Told]:
    """Documents that could not be used."""
    if not outcome.failures:
        return
    reasons = Counter(failure.reason for failure in outcome.failures)
    related = [resource("reason", slug(reason), reason, role="reason") for reason in reasons]
    payload = {"documents": len(outcome.failures), "reasons": dict(reasons.most_common())}
    yield Told("onrecord.documents.failed", warehouse(outcome.warehouse), related[:MOST_RELATED], payload)


def checks(outcome: Outcome) -> Iterator[Told]:
    """Severe checks that found something; warnings are in the report."""
    broken = [one for one in outcome.checks if one.failed]
    if not broken:
        return
    related = [resource("check", slug(one.check.name), one.check.name, role="check") for one in broken]
    payload = {one.check.name: one.violations for one in broken}
    yield Told("onrecord.checks.failed", warehouse(outcome.warehouse), related[:MOST_RELATED], payload)


def sources(outcome: Outcome) -> Iterator[Told]:
    """Sources that could not be looked at."""
    for one in outcome.sources:
        if one.why is not None:
            yield Told(
                "onrecord.source.troubled",
                resource("source", str(stable_id("source", one.source)), one.source),
                [warehouse(outcome.warehouse, role="warehouse")],
                {"why": words(one.why), "last_success": one.last_success and one.last_success.isoformat()},
            )


def warehouse(path: Path, **labels: str) -> dict[str, str]:
    """The warehouse as a resource: `onrecord.warehouse.onrecord-duckdb`."""
    return resource("warehouse", slug(path.name), str(path), **labels)


def resource(kind: str, identity: str, name: str, **labels: str) -> dict[str, str]:
    """A resource of ours, with its kind in its id."""
    role = {ROLE: labels.pop("role")} if "role" in labels else {}
    ours = {f"onrecord.{label}": value for label, value in labels.items()}
    return {RESOURCE: f"onrecord.{kind}.{identity}", NAME: words(name) or "(no name)", **role, **ours}


def slug(name: str) -> str:
    """A name as a part of an id: letters, digits and hyphens."""
    return UNFIT.sub("-", name.lower()).strip("-")


def words(text: str) -> str:
    """Text on one line that steers nothing."""
    return shortened(text, NAME_WIDTH)
