"""The diagram: tables as boxes in groups, a line from each column to the table that it refers to. SVG 1.1.

Where a table stands is written down here; one that is not named stands among the inner ones, so that a new
table is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from warehouse.data_model.tables import Column, Table

# Rows of groups; a group has columns of tables, from top to bottom.
GROUPS: Final = (
    (
        (
            "Articles",
            (("outlets", "articles", "observations", "version_revivals"), ("article_versions", "segments")),
        ),
        (
            "Who said what",
            (("quotes", "quote_spans"), ("mentions", "entities", "entity_aliases", "entity_redirects")),
        ),
        (
            "Stories",
            (
                ("story_articles", "stories", "story_redirects", "article_pairs"),
                ("statements", "statement_wordings", "quote_pairs"),
            ),
        ),
    ),
    (
        (
            "Runs and checks",
            (("runs", "quality_checks"), ("load_batches",), ("failures", "backfill_days", "snapshot_info")),
        ),
        ("Fetching", (("fetches",), ("fetch_places",), ("fetch_hosts", "fetch_robots"))),
    ),
)
INNER: Final = "Inner tables"
INNER_COLUMNS: Final = 6

WIDTH, GAP, BETWEEN, MARGIN = 216, 48, 26, 32  # pixels: of a box, beside it, below it, around all
LINE, HEAD, TITLE = 16, 26, 40  # heights: of a column's line, of a table's name, of a group's title
BEND: Final = 34  # how far a line swings out

STYLE: Final = """
svg { background: #fbfaf7; font: 12px/1 ui-monospace, SFMono-Regular, Menlo, monospace; color: #1d1b18; }
text { fill: currentColor; }
.group { font: 600 17px Georgia, serif; }
.name { font-weight: 700; }
.kind { fill: #77716a; font-size: 10px; }
.key { font-weight: 700; }
.box { fill: #ffffff; stroke: #b9b3a9; }
.head { fill: #ece7dc; stroke: #b9b3a9; }
.ref { fill: #1f5a96; }
.line { fill: none; stroke: #1f5a96; stroke-opacity: .38; stroke-width: 1.2; }
@media (prefers-color-scheme: dark) {
svg { background: #191817; color: #eae6df; }
.box { fill: #232120; stroke: #56514b; }
.head { fill: #35312d; stroke: #56514b; }
.kind { fill: #a39c93; }
.ref { fill: #8dbdf0; }
.line { stroke: #8dbdf0; }
}
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A table with the place of its upper left corner in pixels, and the row of groups that it stands in."""

    table: Table
    x: int
    y: int
    row: int

    @property
    def height(self) -> int:
        """Its name and its columns."""
        return height_of(self.table)


def diagram(tables: Sequence[Table]) -> str:
    """The whole diagram as an SVG file."""
    boxes, titles, width, height = placed({table.name: table for table in tables})
    lines = [*titles, *links(boxes), *(part for box in boxes.values() for part in drawn(box))]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="The tables of the warehouse and what refers to what">'
    )
    return "\n".join([head, f"<style>{STYLE}</style>", *lines, "</svg>", ""])


def placed(tables: Mapping[str, Table]) -> tuple[dict[str, Box], list[str], int, int]:
    """Where each table stands, the titles of the groups, and the size of it all."""
    boxes: dict[str, Box] = {}
    titles: list[str] = []
    top, right = MARGIN, 0
    for number, row in enumerate((*GROUPS, inner(tables))):
        left, bottom = MARGIN, top
        for title, columns in row:
            titles.append(f'<text class="group" x="{left}" y="{top + 18}">{escape(title)}</text>')
            for column in columns:
                y = top + TITLE
                for name in column:
                    boxes[name] = Box(tables[name], left, y, number)
                    y += boxes[name].height + BETWEEN
                bottom, left = max(bottom, y), left + WIDTH + GAP
            right = max(right, left)
        top = bottom
    return boxes, titles, right - GAP + MARGIN, top


def inner(tables: Mapping[str, Table]) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """The group of all tables that stand nowhere else."""
    named = {name for row in GROUPS for _, columns in row for column in columns for name in column}
    rest = sorted(set(tables) - named)
    columns = [tuple(rest[at::INNER_COLUMNS]) for at in range(INNER_COLUMNS)]
    return ((INNER, tuple(column for column in columns if column)),)


def height_of(table: Table) -> int:
    """The height of a table's box in pixels."""
    return HEAD + LINE * len(table.columns) + 6


def drawn(box: Box) -> Iterator[str]:
    """A table's box: its name, and a line for each column; what they mean shows on hover."""
    x, y, table = box.x, box.y, box.table
    yield f"<g><title>{escape(table.about)}</title>"
    yield f'<rect class="box" x="{x}" y="{y}" width="{WIDTH}" height="{box.height}" rx="4"/>'
    yield f'<rect class="head" x="{x}" y="{y}" width="{WIDTH}" height="{HEAD}" rx="4"/>'
    yield f'<text class="name" x="{x + 8}" y="{y + 17}">{table.name}</text></g>'
    for at, column in enumerate(table.columns):
        yield from column_line(column, x, y + HEAD + LINE * at + 14)


def column_line(column: Column, x: int, y: int) -> Iterator[str]:
    """One column: its name; to the right its type, or the table that it refers to."""
    how = "key" if column.is_key else ("ref" if column.refers else "column")
    yield f"<g><title>{escape(column.about)}</title>"
    yield f'<text class="{how}" x="{x + 8}" y="{y}">{column.name}</text>'
    kind = f"→ {column.refers}" if column.refers else escape(short(column.kind))
    yield f'<text class="kind" x="{x + WIDTH - 8}" y="{y}" text-anchor="end">{kind}</text></g>'


def short(kind: str) -> str:
    """A type in few letters."""
    kind = kind.partition("(")[0].lower()
    names = {"varchar": "text", "timestamp": "time", "boolean": "bool", "bigint": "int", "integer": "int"}
    return names.get(kind, "struct" if kind.startswith("struct") else kind)


def links(boxes: Mapping[str, Box]) -> Iterator[str]:
    """A line from each column that refers to a table of the same row of groups to that table's name.

    Lines across rows would lie over everything else; there the name of the table beside the column must do.
    """
    for box in boxes.values():
        for at, column in enumerate(box.table.columns):
            target = boxes.get(column.refers or "")
            if target is not None and target.row == box.row:
                yield curve(box, box.y + HEAD + LINE * at + 10, target)


def curve(box: Box, y: int, target: Box) -> str:
    """A line from the nearer side of a box to that of its target."""
    to_right = target.x > box.x
    is_above = target.x == box.x
    start = box.x + WIDTH if to_right else box.x
    end = target.x if to_right or is_above else target.x + WIDTH
    swing, back = (BEND, -BEND) if to_right else (-BEND, -BEND if is_above else BEND)
    middle = target.y + HEAD // 2
    path = f"M{start} {y} C{start + swing} {y} {end + back} {middle} {end} {middle}"
    return f'<path class="line" d="{path}"><title>{box.table.name} → {target.table.name}</title></path>'
