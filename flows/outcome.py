"""How a run ended, as a value: what the summary, the report, the table `runs` and the end state say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from tasks.batch import StagedBatch
from tasks.fetch.health import SourceHealth
from tasks.link.story_step import LinkCounts
from tasks.model import Failure
from warehouse.checks import CheckResult
from warehouse.load import LoadCounts

EndState = Literal["Completed", "CompletedWithErrors", "NoNewArticles", "QualityFailed"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows that a load added, by table, what was linked after it, and the CPU time of both."""

    tables: dict[str, int] = field(default_factory=dict)
    cpu_seconds: float = 0.0
    links: LinkCounts = field(default_factory=LinkCounts)
    link_seconds: float = 0.0

    @classmethod
    def of(cls, counts: Sequence[LoadCounts], cpu_seconds: float) -> Loaded:
        """The sum over the batches."""
        tables: Counter[str] = Counter()
        for batch in counts:
            tables.update(batch.added)
        return cls(dict(tables), cpu_seconds)

    def with_links(self, links: LinkCounts, cpu_seconds: float) -> Loaded:
        """The same with what was linked after it."""
        return replace(self, links=links, link_seconds=cpu_seconds)

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is known at the end of a run.

    `known` documents were in the warehouse before and were not worked on again; `failures` are those met
    in this run; `skipped` counts the records of web archives that are no articles, by what they are.
    `cpu_seconds` is by stage.
    """

    run_id: UUID
    warehouse: Path
    began: datetime
    ended: datetime
    state: EndState
    message: str
    documents: int
    known: int
    failures: tuple[Failure, ...]
    loaded: Loaded
    checks: tuple[CheckResult, ...]
    cpu_seconds: dict[str, float]
    skipped: dict[str, int] = field(default_factory=dict)
    sources: tuple[SourceHealth, ...] = ()
    postponed: int = 0

    def with_web(
        self, sources: Sequence[SourceHealth], known: int, postponed: int, cpu_seconds: float
    ) -> Outcome:
        """The same, with what fetching has to tell: articles that were left alone are known, too."""
        spent = {"fetch": cpu_seconds, **self.cpu_seconds} if cpu_seconds else self.cpu_seconds
        return replace(
            self,
            sources=tuple(sources),
            known=self.known + known,
            postponed=postponed,
            cpu_seconds=spent,
        )

    @property
    def wall_seconds(self) -> float:
        """From the first look at the warehouse to the last check."""
        return (self.ended - self.began).total_seconds()

    @property
    def counts(self) -> dict[str, int]:
        """What the table `runs` keeps."""
        return {
            "documents": self.documents,
            "known": self.known,
            "failed": len(self.failures),
            **({"skipped": sum(self.skipped.values())} if self.skipped else {}),
            **({"stories": self.loaded.links.stories} if self.loaded.links.stories else {}),
            **self.loaded.tables,
        }


def outcome_of(
    run_id: UUID,
    warehouse: Path,
    clock: tuple[datetime, datetime],
    staged: Sequence[StagedBatch],
    loaded: Loaded,
    checks: Sequence[CheckResult],
) -> Outcome:
    """Put together what the steps of a run gave; `clock` is when it began and ended."""
    failures = tuple(failure for batch in staged for failure in batch.failures)
    stages = dict.fromkeys(stage for batch in staged for stage in batch.cpu_seconds)
    cpu_seconds = {stage: sum(batch.cpu_seconds.get(stage, 0.0) for batch in staged) for stage in stages}
    state = end_state(failures, loaded, checks)
    return Outcome(
        run_id=run_id,
        warehouse=warehouse,
        began=clock[0],
        ended=clock[1],
        state=state,
        message=in_a_sentence(state, failures, loaded, checks),
        documents=sum(batch.documents for batch in staged),
        known=sum(batch.known for batch in staged),
        failures=failures,
        loaded=loaded,
        checks=tuple(checks),
        cpu_seconds=cpu_seconds | {"load": loaded.cpu_seconds, "link": loaded.link_seconds},
        skipped=dict(sum((Counter(batch.skipped) for batch in staged), Counter())),
    )


def told_of_batches(staged: Sequence[StagedBatch]) -> str:
    """What became of the documents before anything was loaded, in one sentence."""
    documents = counted(sum(batch.documents for batch in staged), "document")
    known = sum(batch.known for batch in staged)
    failed = sum(len(batch.failures) for batch in staged)
    batches = f"{len(staged):,} batch{'' if len(staged) == 1 else 'es'}"
    return f"{documents} in {batches}: {known:,} known before, {failed:,} failed"


def told_of_load(loaded: Loaded) -> str:
    """What was added, in one sentence."""
    tables = loaded.tables
    named = [("article_versions", "article"), ("quotes", "quote"), ("mentions", "mention")]
    added = ", ".join(counted(tables.get(table, 0), noun) for table, noun in named)
    stories = loaded.links.stories
    return f"Added {added}; {stories:,} {'story' if stories == 1 else 'stories'} told anew"


def told_of_checks(checks: Sequence[CheckResult]) -> str:
    """How many checks there were, and how many of them passed."""
    return f"{sum(one.passed for one in checks)} of {counted(len(checks), 'check')} passed"


def end_state(failures: Sequence[Failure], loaded: Loaded, checks: Sequence[CheckResult]) -> EndState:
    """The name of the end state: the gravest thing that can be said."""
    if any(check.failed for check in checks):
        return "QualityFailed"
    if failures:
        return "CompletedWithErrors"
    return "Completed" if loaded.tables.get("article_versions") else "NoNewArticles"


def in_a_sentence(
    state: EndState, failures: Sequence[Failure], loaded: Loaded, checks: Sequence[CheckResult]
) -> str:
    """The end state with its figures."""
    versions = loaded.tables.get("article_versions", 0)
    parts = [counted(versions, "article") + " loaded" if versions else "nothing new"]
    if failures:
        parts.append(counted(len(failures), "document") + " failed")
    if state == "QualityFailed":
        broken = [found.check.name for found in checks if found.failed]
        parts.append(f"checks failed: {', '.join(broken)}")
    return ", ".join(parts)


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 article, 2 articles."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
