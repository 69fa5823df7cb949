"""The deployments of onrecord as values: what runs, when, with which settings. Pure.

`onrecord serve` makes them known to Prefect; `prefect.yaml` says the same to `prefect deploy` (a test
compares the two).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flows.serving.times import At, Every
from tasks.fetch.schedule import SHORTEST
from tasks.followed import LEAST_INTERVAL, FollowedSource
from tasks.settings import Settings

# A load of some thousand articles by another run takes half a minute; a backfill of a large day some more.
LOCK_WAIT = 600.0  # seconds
PAGE = Path("report") / "index.html"  # beside the warehouse
OURS = "onrecord"  # the tag of all our runs
MOST_AT_ONCE = 4  # runs; each takes some 300 MB, and the warehouse has one writer anyway


@dataclass(frozen=True, slots=True)
class Job:
    """One deployment.

    `flow` is the flow by its module; without a `schedule` a person starts it. A run that is due while another
    of the same deployment is under way is cancelled, or, with `waits`, comes after it. One that runs
    `at_once` begins with the first start of all, the others at their first time.
    """

    flow: str
    name: str
    what: str
    parameters: Mapping[str, Any]
    schedule: Every | At | None = None
    waits: bool = False
    at_once: bool = False
    tags: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """As Prefect names it: flow and deployment."""
        return f"{self.flow.rpartition('.')[2]}/{self.name}"


def tick_of(followed: Sequence[FollowedSource]) -> timedelta:
    """How often to see whether a source is due: as often as the quickest may be.

    The adaptive schedule goes down to `SHORTEST` for a busy feed, or to what its entry says.
    """
    asked = [source.interval for source in followed if source.enabled]
    return max(LEAST_INTERVAL, min([SHORTEST, *asked]))


def jobs(chosen: Settings, source_list: Path, followed: Sequence[FollowedSource], folder: Path) -> list[Job]:
    """Every deployment; paths are made whole from `folder`, the one that relative ones are meant from."""
    warehouse = str(folder / chosen.warehouse)
    loads = loading_parameters(chosen, folder)
    listed = str(folder / source_list)
    following: dict[str, Any] = {**loads, "inputs": [listed]}
    return [
        Job(
            "flows.ingest.ingest",
            "sources",
            "Looks at every feed and sitemap of the source list whose time has come, and loads what is new.",
            {**following, "fetching": fetching(chosen, folder, "due")},
            Every(tick_of(followed)),
            at_once=True,
            tags=(OURS, "sources"),
        ),
        Job(
            "flows.ingest.ingest",
            "corrections",
            "Looks again at known articles that may have been corrected; less often the older they are.",
            {**following, "fetching": fetching(chosen, folder, "known")},
            At(minute=17),
            tags=(OURS, "corrections"),
        ),
        Job(
            "flows.report_flow.report",
            "index",
            "Writes the page of the latest stories, where something was loaded since.",
            {"warehouse": warehouse, "page": str((folder / chosen.warehouse).parent / PAGE)},
            At(minute=40),
            tags=(OURS, "report"),
        ),
        Job(
            "flows.maintain.maintain",
            "nightly",
            "All checks on all rows, a checkpoint, the condition of the archive, old runs of Prefect.",
            {"warehouse": warehouse, "archive": str(folder / chosen.archive), "lock_wait": LOCK_WAIT},
            At(hour=3, minute=20),
            tags=(OURS, "maintenance"),
        ),
        Job(
            "flows.ingest.ingest",
            "anything",
            "Loads what you name: files, folders, web archives, addresses of articles, feeds and sitemaps.",
            {**loads, "inputs": [], "fetching": fetching(chosen, folder, "all")},
            waits=True,
            tags=(OURS,),
        ),
        Job(
            "flows.reextract.reextract",
            "archive",
            "Today's extraction over what was fetched; what comes out otherwise is a new version.",
            {
                **{key: loads[key] for key in REEXTRACTED},
                "archive": str(folder / chosen.archive),
            },
            waits=True,
            tags=(OURS,),
        ),
        Job(
            "flows.backfill.backfill",
            "window",
            "A window of dates again, day by day, of the archive, of web archives, or of sitemaps.",
            {
                **loads,
                "origin": "archive",
                "inputs": [],
                "again": False,
                "fetching": fetching(chosen, folder, "all"),
            },
            waits=True,
            tags=(OURS,),
        ),
    ]


# What reading the archive again has in common with the ingest.
REEXTRACTED = ("warehouse", "workers", "runner", "staging", "lock_wait", "sources")


def loading_parameters(chosen: Settings, folder: Path) -> dict[str, Any]:
    """The parameters of every flow that loads."""
    return {
        "warehouse": str(folder / chosen.warehouse),
        "workers": chosen.workers,
        "runner": chosen.runner,
        "staging": chosen.staging,
        "lock_wait": max(chosen.lock_wait, LOCK_WAIT),
        "sources": str(folder / chosen.sources) if chosen.sources else None,
        "tagger": chosen.tagger,
        "aliases": str(folder / chosen.aliases) if chosen.aliases else None,
    }


def fetching(chosen: Settings, folder: Path, look: str) -> dict[str, Any]:
    """How to fetch, as the parameter `fetching` takes it."""
    return {
        "archive": str(folder / chosen.archive),
        "allow": chosen.fetch_allow,
        "delay": chosen.fetch_delay,
        "contact": chosen.fetch_contact,
        "look": look,
    }
