"""One article from the web to be looked at: fetched as in ingest, and kept no longer than that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from tasks.fetch.places import Place
from tasks.fetch.resume import documents
from tasks.fetch.web import FetchSettings, open_web
from tasks.model import Failure
from tasks.read.discover import Discovery


def fetched_page(url: str, settings: FetchSettings, folder: Path) -> Discovery:
    """The page at an address, in an archive in `folder`, or the reason why there is none."""
    with open_web(replace(settings, archive=folder / "kept"), folder / "journal", uuid4(), 0.0) as web:
        (look,) = web.looks([Place(url)], lambda _: None)
        refs = tuple(documents(web.noted))
    if refs:
        return Discovery(refs, ())
    listed = f"It names {len(look.candidates)} articles and is none: onrecord ingest follows it."
    return Discovery((), (look.failure or Failure(url, "fetch", "no_article", listed),))
