"""An article whose title, author, outlet, quotes and address are markup, Markdown, ANSI codes and SQL."""

from __future__ import annotations

import json
from pathlib import Path

from tasks.batch import Batch, stage_batch
from tasks.read.discover import discover
from tests.support.told_story import NOW
from warehouse.connect import loading
from warehouse.files import WarehouseFiles
from warehouse.load import load_batch
from warehouse.publish import publish

NASTY = "<script>alert(1)</script> [link](javascript:alert(2)) \x1b[31mred\x1b[0m \u202eturned"
BAD_NAMES = ("<script>alert(7)<!--.html", "[click](javascript:alert(8)).txt")
HOSTILE = {
    "id": "hostile",
    "url": "javascript:alert(3)",
    "outlet": '"><img src=x onerror=alert(4)>',
    "published_at": "2024-05-06T08:00:00Z",
    "language": "en",
    "title": NASTY,
    "text": (
        f"{NASTY}\n\n"
        "By <b onclick=alert(5)>Anna</b> Keller\n\n"
        "“<script>alert(1)</script> is what we will close on Monday, '; DROP TABLE quotes; --,” Anna Keller "
        "said. “[link](javascript:alert(2)) \x1b[2J and {{ 7 * 7 }} and </style></title>,” Keller said.\n\n"
        "The <iframe src=https://evil.example></iframe> of Oslo stood open, said Omar "
        "Haddad, chief of Northern Rail.\n\n"
        f"{'W' * 600} وقالت الوزيرة إن الجسر مغلق\n\n"
        "Related: <a href='javascript:alert(6)' style='position:fixed'>more</a> \u2066hidden\u2069\n"
    ),
}


# An address of the web that would end a link, were it not encoded.
EVIL_ADDRESS = "https://evil.example/a)[x](javascript:alert(1))?q=<script>|`b`"
EVIL_TITLE = "**Bold** | `code` <img src=x onerror=alert(9)> https://evil.example www.evil.example"


def write_hostile_inputs(folder: Path) -> None:
    """The article, another with an address and a title of its own, a broken line, and files of bad names."""
    folder.mkdir(parents=True)
    other = {**HOSTILE, "id": "other", "url": EVIL_ADDRESS, "title": EVIL_TITLE}
    lines = [json.dumps(HOSTILE), json.dumps(other), "{broken", ""]
    (folder / "hostile.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for name in BAD_NAMES:
        (folder / name).write_bytes(b"")


def hostile_warehouse(folder: Path) -> Path:
    """A published warehouse with that article, in a story of its own making."""
    files = WarehouseFiles(folder / "hostile.duckdb")
    jsonl = folder / "hostile.jsonl"
    jsonl.write_text(json.dumps(HOSTILE) + "\n", encoding="utf-8")
    with loading(files, wait_seconds=0) as con:
        staged = stage_batch(Batch(1, discover([str(jsonl)]).refs), files)
        assert staged.path is not None
        load_batch(con, staged.path, NOW)
        # The loader knows better than to believe such an address and name; the page must not rely on that.
        con.execute("UPDATE articles SET url = ?", [HOSTILE["url"]])
        con.execute("UPDATE article_versions SET title = ?, author = ?", [NASTY, NASTY])
        con.execute("UPDATE outlets SET name = ?, publisher = ?", [HOSTILE["outlet"], HOSTILE["outlet"]])
        con.execute("UPDATE entities SET name = name || ?", [NASTY])
        publish(con, files, NOW)
    return files.published
