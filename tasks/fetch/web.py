"""All that is open while a run fetches: an event loop in a thread, client, archive and journal.

The flow's tasks come from several threads and wait; everything that fetches lives in the one loop, so that
delays and robots.txt hold for the run as a whole.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

from tasks.archive.writer import Archive, open_archive
from tasks.fetch import resume
from tasks.fetch.agent import user_agent
from tasks.fetch.attempt import Attempt
from tasks.fetch.choose import Wanted
from tasks.fetch.client import Client
from tasks.fetch.clock import SystemClock
from tasks.fetch.fetcher import PASSED_ON, Fetcher
from tasks.fetch.guard import guard_of
from tasks.fetch.journal import Journal, Noted, left_behind, read_journal
from tasks.fetch.places import Look, Place, is_listing, look
from tasks.fetch.politeness import HostState, Turns
from tasks.fetch.robots import Robots
from tasks.followed import FollowedSource
from tasks.settings import DEFAULT_ARCHIVE, DEFAULT_DELAY

T = TypeVar("T")

LookAt = Literal["all", "due", "known"]

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch: where to keep it, whom the guard lets through, how politely, whom to write to, what.

    The texts below the fields are what the form of a deployment says.
    """

    __pydantic_config__: ClassVar = {"use_attribute_docstrings": True}

    archive: Path = Path(DEFAULT_ARCHIVE)
    """The folder in which what is fetched is kept, as WARC files."""
    allow: str = ""
    """Hosts (with port) or networks inside your own net that may be fetched from, separated by commas."""
    delay: float = DEFAULT_DELAY
    """Seconds between two requests to a host that the source list does not tell of."""
    contact: str | None = None
    """An address of mail or of a page, which is told to the sites that are fetched from."""
    look: LookAt = "all"
    """What of a source list is looked at. all: every feed and sitemap. due: those whose time has come.
    known: no feed, only articles that are known and may have been corrected since."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came of an address that was chosen."""

    wanted: Wanted
    attempt: Attempt

    @property
    def is_postponed(self) -> bool:
        """Whether the next run may have more luck."""
        return self.attempt.outcome in ("refused", "failed") and self.attempt.reason in PASSED_ON


@dataclass(slots=True)
class Web:
    """The open web. `left` is what interrupted runs have noted, `journals` are their files and ours."""

    fetcher: Fetcher
    journal: Journal
    archive: Archive
    journals: tuple[Path, ...]
    left: tuple[Noted, ...]
    _loop: asyncio.AbstractEventLoop

    def follow(self, hosts: Mapping[str, FollowedSource]) -> None:
        """Keep to what the source list says of hosts."""
        delays = {host: source.delay.total_seconds() for host, source in hosts.items()}
        self.fetcher.turns.delays = {**self.fetcher.turns.delays, **delays}
        slots = {host: source.slots for host, source in hosts.items() if source.slots > 1}
        self.fetcher.turns.slots = {**self.fetcher.turns.slots, **slots}

    def remember(self, hosts: Sequence[HostState], robots: Sequence[Robots]) -> None:
        """What earlier runs knew of hosts and sites; what an interrupted one learned counts more."""
        now = self.fetcher.clock.now()
        self.fetcher.turns.remember(hosts)
        self.fetcher.turns.remember(resume.hosts(self.left, self.fetcher.turns.delay))
        self.fetcher.remember(robots)
        self.fetcher.remember(resume.robots(self.left, now))
        self.fetcher.earlier = resume.answers(self.left, now)

    def looks(self, places: Sequence[Place], advance: Advance) -> list[Look]:
        """Look at places, all at the same time; hosts keep their delays."""

        async def one(place: Place) -> Look:
            found = await look(self.fetcher, place)
            advance(1)
            return found

        async def every() -> list[Look]:
            return list(await asyncio.gather(*(one(place) for place in places)))

        return self._run(every())

    def pages(self, queues: Mapping[str, Sequence[Wanted]], advance: Advance) -> list[Page]:
        """Fetch the queues of some hosts, each in its order, the hosts at the same time."""

        async def every() -> list[Page]:
            ended = await asyncio.gather(
                *(fetch_queue(self.fetcher, host, queue, advance) for host, queue in queues.items())
            )
            return [page for pages in ended for page in pages]

        return self._run(every())

    @property
    def noted(self) -> list[Noted]:
        """Every attempt of this run and of the interrupted ones, in order."""
        return [*self.left, *self.journal.noted]

    @property
    def cpu_seconds(self) -> float:
        """CPU time of fetching and keeping so far; feeds are parsed elsewhere."""

        async def used() -> float:
            return time.thread_time()

        return self._run(used())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


async def fetch_queue(fetcher: Fetcher, host: str, queue: Sequence[Wanted], advance: Advance) -> list[Page]:
    """Fetch the addresses of one host, as many at a time as it has slots."""
    waiting = list(reversed(queue))
    pages: list[Page] = []

    async def work() -> None:
        while waiting:
            wanted = waiting.pop()
            found = await fetcher.get(
                wanted.candidate.url, known=wanted.validators, candidate=wanted.candidate
            )
            pages.append(Page(wanted, found.attempt))
            advance(1)

    await asyncio.gather(*(work() for _ in range(fetcher.turns.slots.get(host, 1))))
    return pages


@contextmanager
def open_web(settings: FetchSettings, folder: Path, run_id: UUID, lock_wait: float) -> Iterator[Web]:
    """Open what fetching needs; `folder` is that of the journals.

    Raises OnrecordError where the archive cannot be written or the allow-list means nothing.
    """
    guard = guard_of(settings.allow)
    agent = user_agent(settings.contact, version("onrecord"))
    with open_archive(settings.archive.resolve(), wait_seconds=lock_wait) as archive:
        abandoned = left_behind(folder)
        journal = Journal(folder, run_id)
        left = tuple(noted for path in abandoned for noted in read_journal(path))
        try:
            with _loop_in_thread() as loop:
                client = Client(guard, agent)
                turns = Turns(delay=settings.delay)
                fetcher = Fetcher(
                    client,
                    turns,
                    SystemClock(),
                    archive.append,
                    journal.note,
                    is_listing=is_listing,
                )
                try:
                    yield Web(fetcher, journal, archive, (*abandoned, journal.path), left, loop)
                finally:
                    asyncio.run_coroutine_threadsafe(client.close(), loop).result()
        finally:
            journal.close()


@contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fetching", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(_cancelled(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _cancelled() -> None:
    """End what a stopped run has left under way."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
