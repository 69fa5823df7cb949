"""What `onrecord sources` prints: the list as a table, the state of each place, what was added."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flows.terminal import plain, width_of
from tasks.followed import FollowedSource, written_duration
from tasks.settings import DEFAULT_SOURCES
from tasks.source_file import Change
from tasks.survey import Place, Survey

WIDTH_ELSEWHERE = 160  # columns of a table that does not go to a terminal
STALE = timedelta(days=30)  # a place without anything new for so long is mentioned
TOLD = {
    "added": "Added {} to {}",
    "completed": "Completed {} in {}",
    "turned on": "Turned on {} in {}",
    "there already": "{} is in {} already, as it is",
}


def tell_of_nothing(survey: Survey) -> None:
    """Say what was asked, to no avail."""
    print(f"onrecord: Nothing was found at {survey.site} that announces articles.", file=sys.stderr)
    for place in survey.asked:
        print(f"  {plain(place.url)}: {plain(place.message or 'It has no entries.')}", file=sys.stderr)
    print("If you know the address of a feed or sitemap, add that.", file=sys.stderr)


def tell_of_change(change: Change, name: str, path: Path, survey: Survey) -> None:
    """Say what was found and written, and what to type next."""
    print(TOLD[change].format(plain(name), path))
    for place in survey.places:
        print(f"  {place.listing.kind if place.listing else '':<13} {plain(place.url)}  ({summed_up(place)})")
    where = "" if path == Path(DEFAULT_SOURCES) else f" --sources {shlex.quote(str(path))}"
    print(f"\nNext      onrecord sources check {shlex.quote(plain(name))}{where}")
    print(f"          onrecord ingest {shlex.quote(str(path))}")


def summed_up(place: Place) -> str:
    """What a place holds, in a few words."""
    listing = place.listing
    if listing is None:
        return "nothing"
    newest = f", the newest of {listing.newest:%Y-%m-%d %H:%M} UTC" if listing.newest else ""
    what = "sitemap" if listing.kind == "sitemap index" else "entry" if listing.entries == 1 else "entries"
    plural = "s" if what == "sitemap" and listing.entries != 1 else ""
    return f"{listing.entries:,} {what}{plural}{newest}"


def print_list(followed: Sequence[FollowedSource], path: Path) -> None:
    """What is followed, where, how often, how politely."""
    rows = [
        (
            source.name,
            "on" if source.enabled else "off",
            source.language or "",
            counted(source),
            written_duration(source.interval),
            f"{written_duration(source.delay)} × {source.slots}",
            chosen_addresses(source),
        )
        for source in followed
    ]
    print_table(("Source", "State", "Language", "Looks at", "Every", "Delay × slots", "Takes"), rows)
    on = sum(source.enabled for source in followed)
    many = "source" if len(followed) == 1 else "sources"
    print(f"\n{len(followed)} {many} in {path}, {on} turned on")


def counted(source: FollowedSource) -> str:
    """How many places of each kind."""
    kinds = (("feed", source.feeds), ("sitemap", source.sitemaps), ("list", source.lists))
    parts = (f"{len(places)} {kind}{'' if len(places) == 1 else 's'}" for kind, places in kinds if places)
    return ", ".join(parts)


def chosen_addresses(source: FollowedSource) -> str:
    """Which addresses it takes, as its patterns say."""
    kept = f"only {' '.join(source.keep)}" if source.keep else ""
    skipped = f"not {' '.join(source.skip)}" if source.skip else ""
    return ", ".join(filter(None, (kept, skipped))) or "everything"


def print_check(found: Mapping[str, Sequence[Place]], now: datetime) -> None:
    """The state of each place, by source."""
    rows = [
        (
            name,
            place.url,
            place.listing.kind if place.listing else "",
            f"{place.listing.entries:,}" if place.listing else "",
            "" if place.wanted is None else f"{place.wanted:,}",
            f"{place.listing.newest:%Y-%m-%d %H:%M}" if place.listing and place.listing.newest else "",
            what_is_wrong(place, now),
        )
        for name, places in found.items()
        for place in places
    ]
    print_table(
        ("Source", "Place", "Kind", "Entries", "Wanted", "Newest, UTC", "Wrong"), rows, numbers={3, 4}
    )


def what_is_wrong(place: Place, now: datetime) -> str:
    """A sentence or some; empty where all is well."""
    listing = place.listing
    if listing is None:
        return place.message or place.reason or "It cannot be read."
    told = [
        trouble.message if trouble.count == 1 else f"{trouble.message} ({trouble.count:,} times)"
        for trouble in listing.troubles
    ]
    if not listing.entries:
        told.insert(0, "It has no entries.")
    elif listing.newest and now - listing.newest > STALE:
        told.insert(0, f"Nothing new for {(now - listing.newest).days:,} days.")
    elif place.wanted == 0 and listing.candidates:
        told.insert(0, "None of its entries is wanted: see keep, skip and max_age.")
    if place.final_url and place.final_url != place.url:
        told.append(f"It has moved to {place.final_url}")
    return " ".join(told)


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int] = frozenset()
) -> None:
    """Rows below their headings, as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(plain, row))
    width = width_of(sys.stdout, elsewhere=WIDTH_ELSEWHERE)
    Console(width=width, markup=False, highlight=False, emoji=False).print(table)
