"""Who had a text first: dates and agency credits. Called by `stories.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tasks.link.member import Member, agency_name

OriginReason = Literal["agency", "first published", "not told"]


class Origin(NamedTuple):
    """The member that had the text first, and how that is known."""

    place: int
    reason: OriginReason


def origin_of(copies: Sequence[Member]) -> Origin:
    """Which of the articles of one text had it first.

    The agency that others credit, where it is among them; else the first that was published; of one day the
    one that credits nobody. Where nothing tells, one stands for all, by its id.
    """
    credited = {agency_name(agency) for member in copies for agency in member.agencies}
    order = sorted(
        range(len(copies)),
        key=lambda place: (
            agency_name(copies[place].outlet or "") not in credited,
            copies[place].seen_at,
            bool(copies[place].credited),
            copies[place].article_id,
        ),
    )
    first, second = copies[order[0]], copies[order[1]]
    if agency_name(first.outlet or "") in credited:
        return Origin(order[0], "agency")
    told = first.seen_at < second.seen_at or bool(first.credited) < bool(second.credited)
    return Origin(order[0], "first published" if told else "not told")
