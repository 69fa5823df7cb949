"""What an interrupted run has left: the next one goes on from there and asks for nothing twice.

Of the last hour its answers count as today's; whatever it has fetched is loaded, however long ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tasks.errors import DocumentError, FetchError
from tasks.fetch.address import parsed
from tasks.fetch.attempt import Attempt
from tasks.fetch.fetcher import PASSED_ON, Fetched
from tasks.fetch.journal import Noted
from tasks.fetch.politeness import HostState
from tasks.fetch.robots import Robots, robots_of
from tasks.model import DocumentRef
from tasks.read.warc.page import read_page

WINDOW = timedelta(hours=1)  # the first time that a known article is looked at again


def documents(noted: Iterable[Noted]) -> list[DocumentRef]:
    """The pages that were fetched and are to be loaded, each record once, in order."""
    refs = (one.ref for one in noted if one.attempt.kind == "page" and one.attempt.outcome == "fetched")
    return list(dict.fromkeys(ref for ref in refs if ref is not None))


def answers(noted: Sequence[Noted], now: datetime) -> dict[str, Fetched]:
    """What became of addresses within the window, by address; what may have passed is left out."""
    ended: dict[str, Fetched] = {}
    for one in noted:
        attempt = one.attempt
        if attempt.kind == "robots" or not is_recent(attempt, now):
            continue
        if attempt.outcome == "redirected" or attempt.reason in PASSED_ON:
            ended.pop(attempt.url, None)
        else:
            ended[attempt.url] = Fetched(attempt.url, attempt, ref=one.ref)
    return ended


def robots(noted: Sequence[Noted], now: datetime) -> list[Robots]:
    """The robots.txt files that were read."""
    found = []
    for one in noted:
        attempt = one.attempt
        is_answer = attempt.status is not None and attempt.outcome != "redirected"
        if attempt.kind == "robots" and is_answer and is_recent(attempt, now):
            origin = attempt.url.removesuffix("/robots.txt")
            found.append(robots_of(origin, attempt.status, _body(one), attempt.started_at))
    return found


def hosts(noted: Iterable[Noted], delay: float) -> list[HostState]:
    """The hosts that were asked, each with the moment from which on it may be asked again."""
    last: dict[str, datetime] = {}
    for one in noted:
        if one.attempt.outcome == "refused":
            continue
        try:
            host = parsed(one.attempt.final_url).host
        except FetchError:
            continue
        last[host] = max(last.get(host, one.attempt.ended_at), one.attempt.ended_at)
    return [HostState(host, ended_at + timedelta(seconds=delay)) for host, ended_at in last.items()]


def is_recent(attempt: Attempt, now: datetime) -> bool:
    """Whether an attempt belongs to the window of the run that goes on."""
    return now - WINDOW < attempt.started_at <= now


def _body(noted: Noted) -> bytes:
    if noted.ref is None or not noted.attempt.bytes:
        return b""
    try:
        return read_page(noted.ref).body
    except DocumentError:
        return b""
