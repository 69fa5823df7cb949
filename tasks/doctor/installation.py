"""Whether the installed packages are those that onrecord was made for, and the Prefect server answers."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

from tasks.doctor.finding import Finding
from tasks.elsewhere.asked import ClusterCondition


def packages(wanted: Sequence[str], installed: Mapping[str, str | None]) -> list[Finding]:
    """Requirements as pyproject.toml has them (PEP 508), held against the installed versions by name.

    Prefect 3.8 does not start with FastAPI 0.151, and its scheduler stops silently with SQLAlchemy 2.1: what
    an upgrade of one package alone leaves behind may look healthy.
    """
    needed = [Requirement(text) for text in wanted]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate()]
    found = list(_misfits(needed, installed))
    if found:
        return found
    return [Finding("installation", "sound", "packages", f"{len(needed)} packages are as they must be.")]


def _misfits(needed: Iterable[Requirement], installed: Mapping[str, str | None]) -> Iterator[Finding]:
    for one in needed:
        version = installed.get(one.name)
        mend = f"pip install {shlex.quote(f'{one.name}{one.specifier}')}"
        if version is None:
            yield Finding("installation", "trouble", "package_missing", f"{one.name} is not installed.", mend)
        elif not _fits(one, version):
            told = f"{one.name} {version} is installed, and onrecord needs {one.name}{one.specifier}."
            yield Finding("installation", "trouble", "package_version", told, mend)


def _fits(one: Requirement, version: str) -> bool:
    try:
        return one.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return False


def runner(found: ClusterCondition) -> Finding:
    """The cluster that extracts, its workers' onrecord, and the place that they share with this machine."""
    if found.trouble is not None:
        mend = "pip install 'onrecord" if "pip install" in found.trouble.message else None
        mend = found.trouble.message.rpartition(": ")[2].rstrip(".") if mend else None
        return Finding("runner", "trouble", found.trouble.reason, found.trouble.message, mend)
    told = f"{found.runner} answers with {found.slots} workers, which reach {found.staging}."
    return Finding("runner", "sound", "runner_answers", told)


def server(chosen: str | None, *, answers: bool) -> Finding:
    """The Prefect server that was chosen (`PREFECT_API_URL`, or Prefect's profile), if one was."""
    if chosen is None:
        told = "No Prefect server is chosen: one on port 4200 is used, or a temporary one is started."
        return Finding("server", "sound", "no_server_chosen", told)
    if answers:
        return Finding("server", "sound", "server_answers", f"The Prefect server at {chosen} answers.")
    told = (
        f"The Prefect server at {chosen} does not answer; start it, or unset PREFECT_API_URL to use a "
        "temporary one."
    )
    return Finding("server", "trouble", "server_silent", told, "prefect server start")
