"""The whole line beside extractors alone, on real pages that are given by path; ms of CPU a page, by stage.

    ONRECORD_BENCH_PAGES=FOLDER python3 dev.py bench -k real_pages

The folder, or file, holds `.jsonl` (`.gz`, `.xz`) whose rows have `html`, and `url` where it is known. The
line is what a user types, in one process, less what a run of one page costs. newspaper4k and news-please
are put into an environment of their own, beside which nothing of theirs stays. Asserts no time.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import pytest

from tests.bench.test_cpu_time import Cost, cost_of
from tests.support.command_line import Onrecord

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = os.environ.get("ONRECORD_BENCH_PAGES")
MOST_PAGES = 150
ROUNDS = 3  # everything is measured so often, in turn; the least counts: the machine has other work
BESIDE = ("read", "extract", "clean", "annotate", "stage")  # what worker processes do
OURS = ["trafilatura", "trafilatura, text alone"]
OTHERS = {"newspaper4k": "newspaper4k[nlp]==0.9.6", "news-please": "news-please==1.6.16"}

pytestmark = [
    pytest.mark.bench,
    pytest.mark.prefect,
    pytest.mark.skipif(PAGES is None, reason="name the pages in ONRECORD_BENCH_PAGES"),
]


def test_real_pages(onrecord: Onrecord, capsys: pytest.CaptureFixture[str]) -> None:
    one, all_pages = sample(Path(PAGES or ""), onrecord.folder)
    alone: dict[str, float] = {}
    lines: list[tuple[Cost, Cost]] = []
    for number in range(ROUNDS):
        alone = least(alone, extractors_alone(all_pages))
        lines.append(
            (ingested(onrecord, one, f"one-{number}"), ingested(onrecord, all_pages, f"all-{number}"))
        )
    start, cost = min(lines, key=lambda line: line[1].cpu_seconds - line[0].cpu_seconds)
    with capsys.disabled():
        print(report(start, cost, alone, len(all_pages.read_text("utf-8").splitlines())))
    assert set(alone) == {*OURS, *OTHERS}
    assert {"read", "extract", "clean", "annotate", "stage", "load", "link"} <= set(cost.stages)


def report(start: Cost, cost: Cost, alone: Mapping[str, float], pages: int) -> str:
    """The figures as a table."""
    stages = {stage: cost.stages[stage] - start.stages.get(stage, 0.0) for stage in cost.stages}
    whole = cost.cpu_seconds - start.cpu_seconds
    stages["processes, Prefect, checks, publish"] = whole - sum(stages.values())
    told = [
        f"\n{pages} pages, {cost.characters / cost.articles / 1000:.1f} kB of text each; ms of CPU a page"
    ]
    told += [f"  {stage:<38}{1000 * seconds / (pages - 1):8.2f}" for stage, seconds in stages.items()]
    told += [f"  {'the whole line':<38}{1000 * whole / (pages - 1):8.2f}", ""]
    each = {"the whole line": whole / (pages - 1)} | {name: alone[name] / pages for name in alone}
    for name, seconds in each.items():
        ratio = each["trafilatura"] / seconds
        told.append(f"  {name:<38}{1000 * seconds:8.2f}   pages per CPU s, trafilatura = 1: {ratio:.2f}")
    told.append(f"besides, {start.cpu_seconds:.1f} s of CPU for a run of one page")
    return "\n".join(told)


def test_two_processes(onrecord: Onrecord, capsys: pytest.CaptureFixture[str]) -> None:
    """How much sooner two processes are done: what runs beside each other counts half.

    By CPU time, start-up apart: on a machine with other work the clock tells of that work.
    """
    one, pages = sample(Path(PAGES or ""), onrecord.folder)
    start = ingested(onrecord, one, "start").cpu_seconds
    single, double = (ingested(onrecord, pages, f"workers-{number}", number) for number in (1, 2))
    beside, halved = (sum(cost.stages[stage] for stage in BESIDE) for cost in (single, double))
    rest = single.cpu_seconds - start - beside
    started = double.cpu_seconds - start - rest  # what the two cost with the start of the second
    with capsys.disabled():
        print(f"\n{single.articles} pages in one process: {beside:.1f} s of CPU extract, {rest:.1f} all else")
        print(f"  in two: {halved:.1f} s extract, {started:.1f} with the start of the second")
        print(f"  two are {(beside + rest) / (halved / 2 + rest):.2f} times as fast as one")
    assert double.articles == single.articles


# --- what is measured ------------------------------------------------------------------------------


def extractors_alone(pages: Path) -> dict[str, float]:
    """CPU seconds of each extractor."""
    script = str(Path(__file__).with_name("extractors.py"))
    wanted = [word for package in OTHERS.values() for word in ("--with", package)]
    uv = str(ROOT / ".tools" / "bin" / "uv")
    alone = [
        uv,
        "run",
        "--quiet",
        "--isolated",
        "--no-project",
        "--python",
        sys.executable,
        *wanted,
        "python",
    ]
    commands = [[sys.executable, script, str(pages), *OURS], [*alone, script, str(pages), *OTHERS]]
    found: dict[str, float] = {}
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        found |= json.loads(done.stdout.splitlines()[-1])
    return found


def least(known: Mapping[str, float], more: Mapping[str, float]) -> dict[str, float]:
    """The least of what was measured of each."""
    return {name: min(seconds, known.get(name, seconds)) for name, seconds in more.items()}


def ingested(onrecord: Onrecord, pages: Path, name: str, workers: int = 1) -> Cost:
    """What an ingest of the pages costs, all its processes together."""
    warehouse = onrecord.folder / f"{name}.duckdb"
    run = onrecord.start("ingest", pages, "--warehouse", warehouse, "--workers", str(workers))
    _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return cost_of(warehouse, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


# --- pages -----------------------------------------------------------------------------------------


def sample(given: Path, folder: Path) -> tuple[Path, Path]:
    """A file of one page and one of many, the same whatever the order in which they are found."""
    files = sorted(given.rglob("*.jsonl*")) if given.is_dir() else [given]
    found = {hashlib.sha256(row["html"].encode()).hexdigest(): row for file in files for row in rows(file)}
    chosen = [found[digest] for digest in sorted(found)][:MOST_PAGES]
    assert len(chosen) > 1, f"{given} holds no rows with html"
    one, many = folder / "one.jsonl", folder / "many.jsonl"
    for file, pages in ((one, chosen[:1]), (many, chosen)):
        kept = [{"id": str(at), "url": row.get("url"), "html": row["html"]} for at, row in enumerate(pages)]
        file.write_text("".join(f"{json.dumps(row)}\n" for row in kept), encoding="utf-8")
    return one, many


def rows(file: Path) -> Iterator[dict[str, str]]:
    """The rows that hold a page."""
    with opened(file) as lines:
        yield from (row for row in map(json.loads, lines) if row.get("html"))


def opened(file: Path) -> IO[str]:
    """The file's text, whether it is packed or not."""
    if file.suffix == ".xz":
        return lzma.open(file, "rt", encoding="utf-8")
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8")
    return file.open(encoding="utf-8")
