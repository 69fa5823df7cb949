"""Draws docs/figures/scale.png from docs/figures/scale.json, which `python -m tests.bench.scale` measured.

uv run --group bench python -m tests.bench.plot_scale docs/figures/scale.json docs/figures/scale.png
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STEPS = ("load", "link", "check", "index", "publish")


def main() -> None:
    """Read the figures and draw them."""
    source, target = map(Path, sys.argv[1:])
    draw(json.loads(source.read_text())["marks"], target)


def draw(marks: Sequence[dict[str, Any]], target: Path) -> None:
    """Four panels over the number of articles in the warehouse, which grows tenfold from tick to tick."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 8), layout="constrained")
    panels = figure.subplots(2, 2).ravel()
    articles = [mark["articles"] for mark in marks]
    for step in STEPS:
        done = [
            (mark["articles"], mark["batch"][step]["cpu_seconds"]) for mark in marks if step in mark["batch"]
        ]
        panels[0].plot(*zip(*done, strict=True), marker="o", label=step)
        done = [
            (mark["articles"], 1000 * mark["bulk"][step]["cpu_seconds"] / mark["bulk"]["articles"])
            for mark in marks
            if step in mark["bulk"]
        ]
        panels[1].plot(*zip(*done, strict=True), marker="o", label=step)
    for question in marks[0]["questions"]:
        seconds = [mark["questions"].get(question, {}).get("cpu_seconds") for mark in marks]
        panels[2].plot(articles, seconds, marker="o", label=question)
    panels[3].plot(
        articles,
        [mark["bulk"]["publish"]["file_megabytes"] / 1000 for mark in marks],
        marker="o",
        label="file, GB",
    )
    for step in ("load", "link", "check", "index"):
        peaks = [mark["bulk"].get(step, {}).get("peak_megabytes") for mark in marks]
        in_gigabytes = [peak and peak / 1000 for peak in peaks]
        panels[3].plot(articles, in_gigabytes, marker=".", linestyle="--", label=f"memory to {step}, GB")
    titles = (
        "1,000 articles more: CPU seconds",
        "All articles at once: CPU seconds per 1,000",
        "Analysts' questions: CPU seconds",
        "Size of the published file, peak memory",
    )
    for panel, title in zip(panels, titles, strict=True):
        panel.set_title(title)
        panel.set_xscale("log")
        panel.set_ylim(bottom=0)
        panel.set_xlabel("articles in the warehouse")
        panel.grid(alpha=0.3)
        panel.legend(fontsize=8)
    figure.savefig(target, dpi=110)


if __name__ == "__main__":
    main()
