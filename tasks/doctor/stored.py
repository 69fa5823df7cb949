"""Whether what is stored is sound: the warehouse's files, its checks, its sources, and the archive."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from tasks.archive.condition import ArchiveCondition
from tasks.doctor.finding import Finding, Level
from warehouse.condition import FailingCheck, FailingPlace, FileCondition, WarehouseCondition

DEAD_AFTER: Final = timedelta(
    days=3
)  # of failing looks; a site that is rebuilt over a weekend is no dead one
MOST_NAMED: Final = 3

UPDATE: Final = "pip install --upgrade onrecord"


def warehouse(found: WarehouseCondition, where: str = "") -> list[Finding]:
    """The published file, the build and what waits.

    `where` names the warehouse to commands (`--warehouse X`).
    """
    told = [*_files(found, where), *_waiting(found, where)]
    if found.set_aside:
        names = ", ".join(str(path) for path in found.set_aside)
        told.append(
            Finding(
                "warehouse", "notice", "set_aside", f"Nobody needs these any more, if all is well: {names}."
            )
        )
    return told


def _files(found: WarehouseCondition, where: str) -> Iterator[Finding]:
    published, build = found.published, found.build
    if found.holder:
        pid, host = found.holder
        who = f"process {pid}" if pid else "another process"
        at = f" on {host}" if host else ""
        told = f"{published.path} is being loaded by {who}{at}; its build is not checked."
        yield Finding("warehouse", "notice", "loading", told, f"ps -p {pid}" if pid else None)
    if found.is_rebuilding and not found.holder:
        told = f"{published.path} was being made anew from the archive, and that did not end."
        yield Finding("warehouse", "trouble", "rebuild_unfinished", told, f"onrecord doctor --rebuild{where}")
    if published.state == "absent" and build.state == "absent":
        told = f"There is no warehouse at {published.path} yet; load some articles."
        yield Finding("warehouse", "notice", "no_warehouse", told, f"onrecord ingest seeds{where}")
        return
    if published.state == "absent" and build.state != "locked":
        told = (
            f"{published.path} is not there, its build is: a run did not end, or somebody removed the file."
        )
        yield Finding("warehouse", "trouble", "not_published", told, f"onrecord doctor --rebuild{where}")
    for file in (published, build):
        if file.state != "absent" and not (file is build and found.holder):
            yield _file(file, where)


def _file(file: FileCondition, where: str) -> Finding:
    def told(level: Level, message: str, mend: str | None = None) -> Finding:
        return Finding("warehouse", level, file.state, f"{message.rstrip('.')}.", mend)

    match file.state:
        case "sound":
            return told("sound", f"{file.path} is sound, all {file.bytes / 1e6:,.1f} MB of it")
        case "older_schema":
            steps = f"its next load brings it up to date ({file.told})"
            return told(
                "notice", f"{file.path} is of an older onrecord: {steps}", f"onrecord ingest seeds{where}"
            )
        case "newer_schema" | "changed_schema":
            return told("trouble", f"{file.path}: {file.told}", UPDATE)
        case "locked":
            return told(
                "trouble", f"{file.path} is locked: {file.told}", f"fuser -v {shlex.quote(str(file.path))}"
            )
        case _:
            what = f"{file.path} is damaged or not ours: {file.told}"
            return told("trouble", what, f"onrecord doctor --rebuild{where}")


def _waiting(found: WarehouseCondition, where: str) -> Iterator[Finding]:
    if found.waiting and not found.holder:
        days = max(found.waiting) / 86_400
        told = (
            f"Staged batches of a stopped run wait to be loaded: {len(found.waiting)}, the oldest for "
            f"{days:,.1f} days. The same ingest again takes them up; after seven days they are cleared away."
        )
        yield Finding("warehouse", "notice", "staged_waiting", told, f"onrecord doctor --rebuild{where}")
    if found.torn:
        told = f"Half-written by dead processes: {found.torn} staged folders; the next run clears them away."
        yield Finding("warehouse", "notice", "staged_torn", told)


def checks(failing: Sequence[FailingCheck], meanings: dict[str, str], where: str = "") -> list[Finding]:
    """The quality checks that did not pass; `meanings` says in words what each looks for."""
    if not failing:
        return [Finding("checks", "sound", "checks", "No quality check fails.")]
    return [_check(one, meanings.get(one.name, ""), where) for one in failing]


def _check(one: FailingCheck, meaning: str, where: str) -> Finding:
    times = f"{one.violations:,} times" if one.violations > 1 else "once"
    told = f"{one.name} found {times} at {one.checked_at:%Y-%m-%d %H:%M}: {meaning.rstrip('.')}."
    asked = f"FROM quality_checks WHERE name = '{one.name}' ORDER BY checked_at DESC LIMIT 1"
    level: Level = "trouble" if one.severity == "error" else "notice"
    return Finding("checks", level, one.name, told, f'onrecord sql{where} "{asked}"')


def sources(places: Sequence[FailingPlace]) -> list[Finding]:
    """The feeds and sitemaps whose last look failed: dead ones, and those that may come back."""
    if not places:
        return [
            Finding("sources", "sound", "sources", "No feed that is followed failed when last looked at.")
        ]
    return [_place(place) for place in places]


def _place(place: FailingPlace) -> Finding:
    name = place.source or place.url
    since = f"since {place.succeeded_at:%Y-%m-%d}" if place.succeeded_at else "ever since it is followed"
    told = f"{name}: {place.url} fails {since} ({place.why.rstrip('.')})."
    is_dead = place.succeeded_at is None or place.polled_at - place.succeeded_at >= DEAD_AFTER
    mend = f"onrecord sources check {shlex.quote(place.source)}" if place.source else None
    return Finding(
        "sources", "trouble" if is_dead else "notice", "dead" if is_dead else "failing", told, mend
    )


def archive(found: ArchiveCondition, option: str = "") -> list[Finding]:
    """The raw material. What is torn at an end is cut off, and the index made, when it is next opened.

    `option` names the archive to commands (`--archive X`).
    """
    mend = f"onrecord reextract{option}"

    def told(level: Level, reason: str, message: str, mend: str | None = None) -> Finding:
        return Finding("archive", level, reason, message, mend)

    if not found.files:
        return [told("sound", "no_archive", f"Nothing was fetched into {found.folder} yet.")]
    if found.holder:
        pid = found.holder[0]
        return [told("notice", "archive_locked", f"{found.folder} is being written by process {pid}.")]
    made = []
    if found.index != "sound":
        made.append(
            told("notice", "index", f"The index of {found.folder} is {found.index}; it is made again.", mend)
        )
    elif found.behind:
        count = len(found.behind)
        made.append(told("notice", "index", f"The index of {found.folder} is behind in {count} files.", mend))
    for path, lost in found.torn:
        what = f"{path} ends within a record ({lost:,} bytes), which is cut off when it is next opened."
        made.append(told("notice", "torn", what, mend))
    for path in found.broken:
        what = (
            f"{path} is broken in its middle; the rest of it is read, and nothing is written to it any more."
        )
        put_back = f"cp BACKUP/{shlex.quote(path.name)} {shlex.quote(str(path))}"
        made.append(told("trouble", "broken", f"{what} Put a backup in its place.", put_back))
    if not made:
        size = f"{found.bytes / 1e6:,.1f} MB in {found.files} files"
        made.append(told("sound", "archive", f"{found.folder} is whole and indexed, {size}."))
    return made
