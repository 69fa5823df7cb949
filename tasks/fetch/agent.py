"""Who we say we are."""

from __future__ import annotations

AGENT = "onrecord"  # the one word that robots.txt files name us by (RFC 9309, 2.2.1)


def user_agent(contact: str | None, version: str) -> str:
    """The User-Agent: the word, and where somebody set it, an address or a page to write to."""
    return f"{AGENT}/{version} ({f'+{contact}' if contact else 'news archive'})"
