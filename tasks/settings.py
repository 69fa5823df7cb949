"""The settings of a run: options first, then the environment, then `onrecord.toml` in the working folder."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tasks.errors import UsageError

SETTINGS_FILE = "onrecord.toml"
KNOWN = frozenset(
    {"warehouse", "archive", "workers", "lock_wait", "runner", "fetch_allow", "fetch_contact", "fetch_delay"}
    | {"sources", "tagger", "aliases", "staging"}
)
DEFAULT_WAREHOUSE = "data/onrecord.duckdb"
DEFAULT_ARCHIVE = "data/archive"
DEFAULT_SOURCES = "seeds/sources.toml"
DEFAULT_TAGGER = "crf"
DEFAULT_RUNNER = "process"
DEFAULT_DELAY = 2.0  # seconds between two requests to a host that no source list tells of
DEFAULT_WORKERS = 1  # processes; more pay off from a few hundred articles on
DEFAULT_LOCK_WAIT = 30.0  # seconds; a load of some thousand articles by another run takes that long


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know beyond its inputs.

    `workers` is the number of processes that clean and annotate; `lock_wait` the seconds to wait for
    another run that is loading. `sources` is the file with what was ordered for single outlets, where there
    is one. `fetch_allow` are the hosts and networks that the address guard lets through, as they are
    written; `fetch_contact` is where a site's keeper can reach who fetches; `fetch_delay` are the seconds
    between two requests to a host that the source list does not tell of. `archive` is where what was fetched
    is kept. `tagger` finds the names: crf, rules, spacy:MODEL, gliner:MODEL; `aliases` is the user's own
    alias table. `runner` says where batches are extracted (process, dask:ADDRESS, ray:ADDRESS), `staging`
    what place the machines of a cluster share.
    """

    warehouse: Path
    workers: int = DEFAULT_WORKERS
    lock_wait: float = DEFAULT_LOCK_WAIT
    sources: Path | None = None
    fetch_allow: str = ""
    fetch_contact: str | None = None
    fetch_delay: float = DEFAULT_DELAY
    archive: Path = Path(DEFAULT_ARCHIVE)
    tagger: str = DEFAULT_TAGGER
    aliases: Path | None = None
    runner: str = DEFAULT_RUNNER
    staging: str | None = None


def settings(
    options: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    folder: Path = Path(),
) -> Settings:
    """The settings in force; an option that is None was not given.

    Raises UsageError for a value that does not fit, naming where it came from.
    """
    written = settings_file(folder / SETTINGS_FILE)

    def chosen(name: str, default: object) -> tuple[object, str]:
        if options.get(name) is not None:
            return options[name], f"--{name.replace('_', '-')}"
        variable = f"ONRECORD_{name.upper()}"
        if environment.get(variable):
            return environment[variable], variable
        if name in written:
            return written[name], f"{name} in {SETTINGS_FILE}"
        return default, "the default"

    return Settings(
        warehouse=Path(str(chosen("warehouse", DEFAULT_WAREHOUSE)[0])).expanduser(),
        workers=whole(*chosen("workers", DEFAULT_WORKERS)),
        lock_wait=at_least(0, *chosen("lock_wait", DEFAULT_LOCK_WAIT)),
        sources=source_list(chosen("sources", None)[0], folder),
        fetch_allow=written_list(*chosen("fetch_allow", "")),
        fetch_contact=contact(*chosen("fetch_contact", None)),
        fetch_delay=at_least(0, *chosen("fetch_delay", DEFAULT_DELAY)),
        archive=Path(str(chosen("archive", DEFAULT_ARCHIVE)[0])).expanduser(),
        tagger=str(chosen("tagger", DEFAULT_TAGGER)[0]),
        aliases=file_at(chosen("aliases", None)[0]),
        runner=str(chosen("runner", DEFAULT_RUNNER)[0]),
        staging=None if (place := chosen("staging", None)[0]) is None else str(place),
    )


def file_at(named: object) -> Path | None:
    """The file that was named, if any."""
    return None if named is None else Path(str(named)).expanduser()


def written_list(value: object, source: str) -> str:
    """Texts separated by commas; the settings file may write them as a list."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise UsageError(f"{source} must be hosts or networks, separated by commas.")
    return ",".join(map(str, texts))


def contact(value: object, source: str) -> str | None:
    """An address of mail or of a page, of characters that a header may hold."""
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[!-'*-~]{3,200}", value):
        raise UsageError(f"{source} is {value!r}; it must be an address of mail or of a page.")
    return value


def source_list(named: object, folder: Path) -> Path | None:
    """The source list that was named, else the one at its usual place in the working folder.

    It is looked for there and nowhere else: one that lies in an ingested folder orders nothing.
    """
    if named is not None:
        return Path(str(named)).expanduser()
    usual = folder / DEFAULT_SOURCES
    return usual if usual.is_file() else None


def settings_file(path: Path) -> Mapping[str, object]:
    """What the settings file says; nothing where there is none.

    Raises UsageError where it cannot be read, or sets what there is not.
    """
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    if unknown := sorted(set(written) - KNOWN):
        raise UsageError(f"{path} sets {', '.join(unknown)}; it may set {', '.join(sorted(KNOWN))}.")
    if not isinstance(written.get("warehouse", ""), str):
        raise UsageError(f"warehouse in {path} must be the name of a file.")
    return written


def whole(value: object, source: str) -> int:
    """The value as a whole number of at least 1."""
    number = at_least(1, value, source)
    if number != int(number):
        raise UsageError(f"{source} is {value!r}; it must be a whole number.")
    return int(number)


def at_least(least: float, value: object, source: str) -> float:
    """The value as a number that is not below `least`."""
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not number >= least:
        raise UsageError(f"{source} is {value!r}; it must be a number of at least {least:g}.")
    return number
