"""What fetching costs: CPU per page beside that of extraction, and memory, over 10,000 pages."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tasks.clean.html import extract
from tests.bench.fetch_many import large_page

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTS, PAGES = 100, 100
MOST_MEGABYTES = 300
EXTRACTED = 100  # pages, to compare with


def test_ten_thousand_pages(capsys: pytest.CaptureFixture[str]) -> None:
    cost = fetched(HOSTS, PAGES)
    each = 1000 * cost["cpu"] / cost["pages"]
    extraction = 1000 * extraction_seconds() / EXTRACTED
    with capsys.disabled():
        size = len(large_page(1).body) / 1000
        print(f"\n{cost['pages']:,} pages of {size:.0f} kB from {HOSTS} hosts, ms of CPU each")
        print(f"  fetch and archive         {each:8.2f}")
        print(f"  extraction, to compare    {extraction:8.2f}")
        print(f"peak {cost['peak']:.0f} MB, {cost['archived'] / 1e6:.0f} MB archived, {cost['wall']:.0f} s")
    assert cost["kept"] == HOSTS * PAGES
    assert cost["peak"] < MOST_MEGABYTES
    assert each < extraction  # of CPU time on one machine in one run, a ratio


def fetched(hosts: int, pages: int) -> dict[str, Any]:
    """The cost of fetching from a site in another process."""
    command = [sys.executable, "-m", "tests.bench.fetch_many"]
    serving = [*command, "serve", str(hosts), str(pages)]
    with subprocess.Popen(
        serving, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as site:
        assert site.stdin is not None
        assert site.stdout is not None
        addresses = site.stdout.readline()
        ran = subprocess.run(
            [*command, "fetch", str(pages)],
            cwd=ROOT,
            input=addresses,
            capture_output=True,
            text=True,
            check=False,
        )
        site.stdin.close()
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def extraction_seconds() -> float:
    """CPU time of extracting some of the pages."""
    pages = [large_page(number).body.decode() for number in range(EXTRACTED + 1)]
    extract(pages[-1], None)
    began = time.process_time()
    for page in pages[:-1]:
        extract(page, None)
    return time.process_time() - began
