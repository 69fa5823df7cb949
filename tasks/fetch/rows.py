"""What fetching knows as rows of the warehouse, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from tasks.fetch.attempt import Attempt, Validators
from tasks.fetch.choose import key_of
from tasks.fetch.politeness import HostState
from tasks.fetch.robots import Robots
from tasks.fetch.schedule import Known, Looks
from warehouse.fetching import FetchRow, HostRow, KnownRow, PlaceRow, RobotsRow


def fetch_row(attempt: Attempt, run_id: UUID | None) -> FetchRow:
    """An attempt."""
    return FetchRow(
        fetch_id=attempt.fetch_id,
        run_id=run_id,
        url=attempt.url,
        final_url=attempt.final_url,
        kind=attempt.kind,
        outcome=attempt.outcome,
        reason=attempt.reason,
        message=attempt.message,
        status=attempt.status,
        media_type=attempt.media_type,
        bytes=attempt.bytes,
        etag=attempt.etag,
        last_modified=attempt.last_modified,
        source_digest=attempt.digest,
        archived_at=attempt.place,
        source=attempt.source,
        address_key=key_of(attempt.url),
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
    )


def host_row(state: HostState, now: datetime) -> HostRow:
    """A host."""
    return HostRow(state.host, state.next_at, state.troubles, state.last_trouble, now)


def host_state(row: HostRow) -> HostState:
    """A host."""
    return HostState(row.host, row.next_at, row.troubles, row.last_trouble)


def robots_rows(found: Iterable[Robots]) -> list[RobotsRow]:
    """The robots.txt files that somebody answered for."""
    return [
        RobotsRow(one.origin, one.status, one.text, one.fetched_at) for one in found if one.status is not None
    ]


def robots(row: RobotsRow) -> Robots:
    """A robots.txt file."""
    return Robots(row.origin, row.content, row.fetched_at, row.status)


def known(row: KnownRow) -> Known:
    """An address that was fetched before."""
    return Known(
        first_at=row.first_at,
        last_at=row.last_at,
        etag=row.etag,
        last_modified=row.last_modified,
        digest=row.source_digest,
        fetched_at=row.fetched_at,
        failed=row.reason,
    )


def validators(row: PlaceRow | KnownRow) -> Validators:
    """What the server said of its last whole answer."""
    return Validators(row.etag, row.last_modified, row.source_digest, row.fetched_at)


def looks(counted: Mapping[str | None, tuple[int, int]]) -> dict[str | None, Looks]:
    """How often the articles of each source were looked at again, and found changed."""
    return {source: Looks(looked, changes) for source, (looked, changes) in counted.items()}
