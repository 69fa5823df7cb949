"""How much of an ingest's CPU time is Prefect's own, over 10,000 made articles: some five minutes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.made_articles import write_made_articles

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc"),
]

ARTICLES = int(os.environ.get("ONRECORD_BENCH_ARTICLES", "10000"))
MOST_SHARE = 0.03  # of the CPU time of the work, in the process of the run


def test_prefects_share_of_cpu_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = write_made_articles(tmp_path / "made.jsonl", ARTICLES, seed=1)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ONRECORD_"))
    }
    command = [sys.executable, "-m", "tests.bench.prefect_share", articles, tmp_path / "bench.duckdb"]
    ended = subprocess.run(
        list(map(str, command)),
        env={**kept, "PREFECT_HOME": str(tmp_path / "prefect")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    used = json.loads(ended.stdout.splitlines()[-1])
    with capsys.disabled():
        print(f"\n{used['documents']:,} made articles, one process; Prefect's CPU time to that of the work")
        print(f"  the work itself                  {used['work']:8.2f} s")
        for what in ("client", "server"):
            print(f"  Prefect, {what:<24}{used[what]:8.2f} s {100 * used[what] / used['work']:8.2f} %")
        print(
            f"besides, {used['start']:.1f} s for the start and {used['server_start']:.1f} s for the server's"
        )
    assert used["documents"] == ARTICLES
    assert used["client"] < MOST_SHARE * used["work"]
