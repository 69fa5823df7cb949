"""Who published an article: as given, by the page, its byline, its address or its dateline.

Called by `tasks.clean`.
"""

from __future__ import annotations

from tasks.clean.metadata import Metadata
from tasks.clean.text import Reading
from tasks.model import Given, Sourced


def outlet_of(given: Given, page: Metadata, reading: Reading) -> Sourced[str] | None:
    """The outlet's name; the first source that has one counts.

    A dateline comes last: its agency wrote the report, and where nothing else is known it stands for the
    outlet.
    """
    byline = next((found.outlet for found in reading.bylines if found.outlet), None)
    agencies = reading.dateline.agencies if reading.dateline else ()
    for name, source in (
        (given.outlet, "given"),
        (page.site_name, "site name"),
        (byline, "byline"),
        (domain_of(given.url or (page.url.value if page.url else None)), "domain"),
        (agencies[0] if agencies else None, "dateline"),
    ):
        if name:
            return Sourced(name, source)
    return None


def domain_of(url: str | None) -> str | None:
    """The registered domain of an address ("example.co.uk"), or None."""
    if not url:
        return None
    from courlan import extract_domain

    return extract_domain(url) or None
