"""Draws docs/figures/scale.png from docs/figures/scale.json, which `python -m tests.bench.scale` measured.

uv run --group bench python -m tests.bench.plot_scale docs/figures/scale.json docs/figures/scale.png
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LEAST_PORTION = 10_000  # articles; smaller ones are runs of a day
STEPS = ("load", "link", "check", "index", "publish")


def main() -> None:
    """Read the figures and draw them."""
    source, target = map(Path, sys.argv[1:])
    figures = json.loads(source.read_text())
    draw(figures["marks"], figures.get("loads", []), target)


def draw(marks: Sequence[dict[str, Any]], loads: Sequence[dict[str, Any]], target: Path) -> None:
    """Four panels over the number of articles in the warehouse, which grows tenfold from tick to tick.

    `loads` are the portions of a long load, one by one, where they were kept.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 8), layout="constrained")
    panels = figure.subplots(2, 2).ravel()
    for step in STEPS:
        _line(panels[0], step, [(mark["articles"], _cpu(mark["batch"], step)) for mark in marks])
        _line(panels[1], step, [(mark["articles"], _cpu(mark["bulk"], step, each=True)) for mark in marks])
    portions = [
        (load["articles_before"] + load["articles"], 1000 * load["cpu_seconds"] / load["articles"])
        for load in loads
        if load["articles"] >= LEAST_PORTION
    ]
    _line(panels[1], "load, by portions", portions)
    for question in marks[0]["questions"]:
        _line(panels[2], question, [(mark["articles"], _cpu(mark["questions"], question)) for mark in marks])
    sizes = [(mark["articles"], mark["bulk"].get("publish", {}).get("file_megabytes")) for mark in marks]
    _line(panels[3], "published file", sizes)
    for step in ("load", "link", "check", "index"):
        peaks = [(mark["articles"], mark["bulk"].get(step, {}).get("peak_megabytes")) for mark in marks]
        _line(panels[3], f"memory to {step}", peaks)
    titles = (
        "1,000 articles more: CPU seconds",
        "All articles at once: CPU seconds per 1,000",
        "Analysts' questions: CPU seconds",
        "Published file and peak memory: megabytes",
    )
    for panel, title in zip(panels, titles, strict=True):
        panel.set_title(title)
        panel.set_xscale("log")
        panel.set_ylim(bottom=0)
        panel.set_xlabel("articles in the warehouse")
        panel.grid(alpha=0.3)
        panel.legend(fontsize=8)
    figure.savefig(target, dpi=110)


def _cpu(costs: dict[str, Any], step: str, *, each: bool = False) -> float | None:
    """CPU seconds of a step, where it was measured; of 1,000 articles where `each`."""
    seconds: float | None = costs.get(step, {}).get("cpu_seconds")
    return 1000 * seconds / costs["articles"] if each and seconds is not None else seconds


def _line(panel: Any, label: str, points: Sequence[tuple[int, float | None]]) -> None:
    """A line through what was measured."""
    measured = [(articles, value) for articles, value in points if value is not None]
    if measured:
        panel.plot(*zip(*measured, strict=True), marker="o", label=label)


if __name__ == "__main__":
    main()
