"""An address of the web, taken apart as browsers do it (WHATWG URL, by ada-url).

What different writings have in common (`127.1`, `2130706433`, `0x7f.1`) is one address here, so that the
guard, robots.txt and politeness speak of the same host. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import ada_url

from tasks.errors import FetchError

PORTS = {"http": 80, "https": 443}
MOST_CHARACTERS = 4_000  # of an address; servers refuse longer ones, and no news site has any


@dataclass(frozen=True, slots=True)
class Address:
    """`href` is what is asked for, without fragment; `name` is the host as a certificate names it.

    `host` is name and port (`example.org`, `example.org:8080`): what robots.txt and politeness go by.
    `target` is path and query, as they go over the wire.
    """

    href: str
    scheme: str
    name: str
    port: int
    target: str

    @property
    def host(self) -> str:
        """Name and port, the latter where it is not the scheme's own."""
        return self.name if self.port == PORTS[self.scheme] else f"{self.name}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and host: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.host}"


def parsed(url: str, base: str | None = None) -> Address:
    """The address, relative to `base` where that is given.

    Raises FetchError (`bad_address`) for what is no http(s) address, holds a user name or is too long.
    """
    if len(url) > MOST_CHARACTERS:
        raise FetchError(f"The address has {len(url):,} characters.", reason="bad_address")
    try:
        found = ada_url.URL(url.strip(), base=base) if base else ada_url.URL(url.strip())
    except (ValueError, UnicodeError) as error:
        raise FetchError("This is not an address of the web.", reason="bad_address") from error
    scheme = found.protocol.removesuffix(":")
    if scheme not in PORTS or not found.hostname:
        raise FetchError(f"Only http and https are fetched, not {scheme}.", reason="bad_address")
    if found.username or found.password:
        raise FetchError("The address holds a user name or a password.", reason="bad_address")
    found.hash = ""
    return Address(
        found.href,
        scheme,
        found.hostname.rstrip("."),
        int(found.port) if found.port else PORTS[scheme],
        found.pathname + found.search,
    )


def host_and_port(url: str) -> str:
    """Name and port of an address. Raises FetchError (`bad_address`)."""
    return parsed(url).host
