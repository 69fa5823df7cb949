"""`onrecord doctor`: collects the facts, has them judged, prints the findings; the exit code."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click
from packaging.requirements import Requirement
from rich.text import Text

from flows.console import console
from flows.local_server import answers, profile_address
from flows.terminal import plain
from tasks.archive.condition import archive_condition
from tasks.archive.repair import archive_files
from tasks.doctor import installation, machine, stored
from tasks.doctor.finding import Finding, is_sound
from tasks.doctor.machine import Room, Stamp
from tasks.elsewhere.asked import cluster_condition
from tasks.elsewhere.crew import Crew
from tasks.elsewhere.runner import PROCESS
from tasks.settings import DEFAULT_ARCHIVE, DEFAULT_WAREHOUSE, Settings
from warehouse.checks import all_checks
from warehouse.condition import WarehouseCondition, condition_of
from warehouse.connect import utc_now
from warehouse.files import WarehouseFiles

MARKS = {"sound": ("ok", "green"), "notice": ("note", "yellow"), "trouble": ("MEND", "bold red")}
INDENT = 20  # columns of the mark and the part


def run_doctor(chosen: Settings, *, as_json: bool) -> int:
    """Print what was found; 0 where nothing must be mended, else 1."""
    found = list(findings(chosen))
    if as_json:
        report = {"sound": is_sound(found), "findings": [asdict(finding) for finding in found]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        show(found)
    return 0 if is_sound(found) else 1


def findings(chosen: Settings) -> Iterator[Finding]:
    """Everything there is to say, the installation first: what is wrong there explains the rest."""
    yield from installation.packages(*_packages())
    api = os.environ.get("PREFECT_API_URL") or profile_address()
    yield installation.server(api, answers=bool(api) and answers(api or ""))
    files = WarehouseFiles(chosen.warehouse)
    if chosen.runner != PROCESS:
        crew = Crew(chosen.workers, chosen.runner, chosen.staging)
        yield installation.runner(cluster_condition(crew, files, utc_now()))
    found = condition_of(files)
    yield from machine.disk(_rooms(chosen, found))
    yield machine.clock(utc_now(), _stamps(chosen, found))
    where = option("--warehouse", chosen.warehouse, DEFAULT_WAREHOUSE)
    yield from stored.warehouse(found, where)
    if found.build.is_readable or found.published.is_readable:
        yield from stored.checks(found.failing, {check.name: check.meaning for check in all_checks()}, where)
        yield from stored.sources(found.places)
    kept = option("--archive", chosen.archive, DEFAULT_ARCHIVE)
    yield from stored.archive(archive_condition(chosen.archive), f"{where}{kept}")


def option(name: str, chosen: Path, usual: str) -> str:
    """How a command is told of a place: ` --warehouse X`; nothing where it is the usual one."""
    return "" if chosen == Path(usual) else f" {name} {shlex.quote(str(chosen))}"


def _packages() -> tuple[list[str], dict[str, str | None]]:
    """What onrecord requires, and which versions are there."""
    wanted = requires("onrecord") or []
    installed: dict[str, str | None] = {}
    for name in {Requirement(text).name for text in wanted}:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            installed[name] = None
    return wanted, installed


def _rooms(chosen: Settings, found: WarehouseCondition) -> list[Room]:
    """Room where the warehouse and the archive are, or will be; once where that is the same disk."""
    largest = max(found.published.bytes, found.build.bytes)
    rooms: dict[int, Room] = {}
    for place, needed in ((chosen.warehouse, largest), (chosen.archive, 0)):
        folder = next(path for path in (place.absolute(), *place.absolute().parents) if path.is_dir())
        rooms.setdefault(folder.stat().st_dev, Room(folder, shutil.disk_usage(folder).free, needed))
    return list(rooms.values())


def _stamps(chosen: Settings, found: WarehouseCondition) -> Iterator[Stamp]:
    """When things were written."""
    for what, at in found.stamps:
        yield Stamp(f"{what} of {chosen.warehouse}", at)
    written = [chosen.warehouse, found.build.path, *archive_files(chosen.archive)[-1:]]
    for path in written:
        with suppress(OSError):
            yield Stamp(str(path), naive_utc(path.stat().st_mtime))


def naive_utc(seconds: float) -> datetime:
    """Seconds since 1970 as the warehouse has moments."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def show(found: Sequence[Finding]) -> None:
    """One finding a paragraph, with the command that mends it beneath."""
    page = console(sys.stdout)
    for finding in found:
        mark, colour = MARKS[finding.level]
        head = Text.assemble((f"{mark:<6}", colour), f"{finding.part:<14}")
        page.print(head, end="")
        lines = textwrap.wrap(plain(finding.message), page.width - INDENT, break_on_hyphens=False)
        page.print(Text(f"\n{'':<{INDENT}}".join(lines)), soft_wrap=True)
        if finding.mend:
            page.print(Text(f"{'':<{INDENT}}→ {plain(finding.mend)}", "bold"), soft_wrap=True)
    troubles = sum(finding.level == "trouble" for finding in found)
    page.print()
    page.print(f"{troubles} to mend; the arrows show how." if troubles else "All is well.")
