"""`onrecord sources add | list | check`: the list of outlets to follow, kept from the terminal.

Needs neither Prefect nor a warehouse. What is printed is made in `sources_tables`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from flows.progress import progress
from flows.sources_tables import print_check, print_list, tell_of_change, tell_of_nothing
from flows.terminal import plain
from tasks.discover.addresses import host_of, joined
from tasks.discover.entries import language_of
from tasks.errors import UsageError
from tasks.expendable import expendable
from tasks.fetch.agent import user_agent
from tasks.fetch.client import Client
from tasks.fetch.clock import SystemClock
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.guard import guard_of
from tasks.fetch.politeness import Turns
from tasks.followed import DELAY, PLACES, FollowedSource, duration_of
from tasks.settings import DEFAULT_SOURCES, Settings
from tasks.source_file import NewSource, add_source
from tasks.sources import read_sources
from tasks.survey import Place, Say, Survey, Surveyor

# Between two requests while a person waits: a dozen in all, once, where a browser would send them at a time.
ADD_DELAY = timedelta(seconds=1)


def add_site(address: str, chosen: Settings, outlet: str | None, delay: str | None) -> int:
    """Find where a site announces articles and write that into the list; the exit code of the contract."""
    site = asked_for(address)
    if outlet is not None and not outlet.strip():
        raise UsageError("--outlet needs a name.")
    pause = duration_of("onrecord sources add", "--delay", delay) if delay else ADD_DELAY
    path = chosen.sources or Path(DEFAULT_SOURCES)
    if path.exists():
        read_sources(path)  # what is wrong in it is told before anything is fetched
    survey = asyncio.run(surveyed(site, chosen, pause))
    if not survey.places:
        tell_of_nothing(survey)
        return 1
    change, name = add_source(path, found_source(survey, outlet, delay))
    tell_of_change(change, name, path, survey)
    return 0


def asked_for(address: str) -> str:
    """The address of the site; https is meant where no scheme is written."""
    written = address.strip()
    found = joined(written if "://" in written else f"https://{written}", "about:blank")
    if found is None:
        raise UsageError(f"{plain(address)} is no address: give one like https://www.ledger.example/.")
    return found


async def surveyed(site: str, chosen: Settings, pause: timedelta) -> Survey:
    """What is found out about a site; what is asked for is said as it happens."""
    with progress() as shown:
        async with surveyor(chosen, Turns(pause.total_seconds()), shown.say) as asking:
            return await asking.survey(site)


@asynccontextmanager
async def surveyor(chosen: Settings, turns: Turns, say: Say = lambda _: None) -> AsyncIterator[Surveyor]:
    """Somebody who asks sites, with our own client and parsing process; `say` is told of each request."""
    agent = user_agent(chosen.fetch_contact, version("onrecord"))
    process = expendable()
    try:
        async with Client(guard_of(chosen.fetch_allow), agent) as client:
            yield Surveyor(Fetcher(client, turns), process, lambda url: say(f"Asking {plain(url)}"))
    finally:
        process.end()


def found_source(survey: Survey, outlet: str | None, delay: str | None) -> NewSource:
    """The entry that a survey amounts to."""
    places = {key: tuple(place.url for place in survey.places if place.key == key) for key in PLACES}
    return NewSource(
        outlet=plain(outlet or survey.name),
        site=survey.site,
        language=language_of(survey.language),
        delay=delay,
        **places,
    )


def list_sources(chosen: Settings) -> int:
    """Print what is followed; the exit code of the contract."""
    path = existing_list(chosen)
    if followed := read_sources(path).followed:
        print_list(followed, path)
    else:
        print(f"{path} follows nothing yet. Add a site: onrecord sources add URL")
    return 0


def existing_list(chosen: Settings) -> Path:
    """The list that is there. Raises UsageError where there is none."""
    if chosen.sources is None:
        raise UsageError(f"There is no {DEFAULT_SOURCES} here: name a list with --sources, or add a site.")
    return chosen.sources


def check_sources(chosen: Settings, names: Sequence[str], *, all_of_them: bool = False) -> int:
    """Ask every place and print how it is; 1 where a source has none that is alive."""
    path = existing_list(chosen)
    picked = picked_sources(read_sources(path).followed, names, all_of_them=all_of_them)
    if not picked:
        print(f"No source in {path} is turned on (enabled = true). To check them all the same: --all")
        return 0
    found = asyncio.run(checked(picked, chosen))
    print_check(found, SystemClock().now())
    dead = [name for name, places in found.items() if not any(place.is_alive for place in places)]
    print(f"\n{len(found) - len(dead)} of {len(found)} sources alive")
    if dead:
        print(f"Nothing can be learnt from {', '.join(map(plain, dead))}.")
    return 1 if dead else 0


def picked_sources(
    followed: Iterable[FollowedSource], names: Sequence[str], *, all_of_them: bool
) -> list[FollowedSource]:
    """Those that were named, else those that are turned on. Raises UsageError for a name that is none."""
    by_name = {source.name.casefold(): source for source in followed}
    if strange := [name for name in names if name.casefold() not in by_name]:
        raise UsageError(f"No source is called {plain(strange[0])}; see: onrecord sources list")
    if names:
        return [by_name[name.casefold()] for name in names]
    return [source for source in by_name.values() if source.enabled or all_of_them]


async def checked(picked: Sequence[FollowedSource], chosen: Settings) -> Mapping[str, Sequence[Place]]:
    """The places of each source as they are now; hosts are asked at the same time, each in its own turns."""
    with progress() as shown:
        shown.stage("Asking feeds and sitemaps", sum(len(source.places) for source in picked))
        turns = Turns(DELAY.total_seconds(), delays_of(picked))
        async with surveyor(chosen, turns) as asking:

            async def look(url: str, source: FollowedSource) -> Place:
                place = await asking.look(url, source)
                shown.advance()
                return place

            async def of(source: FollowedSource) -> list[Place]:
                return list(await asyncio.gather(*(look(url, source) for url in source.places)))

            found = await asyncio.gather(*map(of, picked))
    return {source.name: places for source, places in zip(picked, found, strict=True)}


def delays_of(picked: Iterable[FollowedSource]) -> dict[str, float]:
    """The seconds between two requests to each host of the sources; where they differ, the longest."""
    delays: dict[str, float] = {}
    for source in picked:
        for url in source.places:
            host = host_of(url)
            delays[host] = max(delays.get(host, 0.0), source.delay.total_seconds())
    return delays
