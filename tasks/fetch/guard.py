"""Which addresses may be connected to: public ones, and those on the allow-list. Pure.

Addresses come from other people's pages; without this, a feed could make us ask the machines of our own
network (server-side request forgery, OWASP). The dialer asks here about the very address that it dials.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.errors import FetchError, UsageError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out (RFC 4291, 2.4)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address in the last 32 bits (RFC 6052)
# What some versions of Python take for public, of IANA's registries of special addresses (RFC 6890): those of
# protocols, of examples, and 6to4 with its relays, which lead to any IPv4 address (RFC 7526).
NOT_PUBLIC: tuple[Network, ...] = (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),
    ipaddress.IPv6Network("2001::/23"),
    ipaddress.IPv6Network("2002::/16"),
    ipaddress.IPv6Network("3fff::/20"),
)


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets through public addresses, `hosts` (`intranet.example`, `127.0.0.1:8080`) and `networks`."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def vetted(self, name: str, port: int, addresses: Sequence[str]) -> list[str]:
        """The addresses that a name stands for, if one may connect to every one of them.

        Raises FetchError (`blocked_address`).
        """
        if not self._names(name, port):
            for address in addresses:
                if not self._lets_through(address):
                    raise FetchError(
                        f"{name} leads to {address}, which is no public address; "
                        "ONRECORD_FETCH_ALLOW lets hosts and networks through.",
                        reason="blocked_address",
                    )
        return list(addresses)

    def _names(self, name: str, port: int) -> bool:
        bare = name.strip("[]").lower()
        return bool({bare, f"{bare}:{port}", f"[{bare}]:{port}"} & self.hosts)

    def _lets_through(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return is_public(found) or any(found in network for network in self.networks)


def is_public(address: IPAddress) -> bool:
    """Whether it is a unicast address that everybody on the internet reaches."""
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, ipaddress.IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    if any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address is another writing of."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def guard_of(allowed: str) -> Guard:
    """The guard for an allow-list as it is written: hosts and networks, separated by commas.

    A host may have a port (`127.0.0.1:8080`, `[::1]:8080`): then no other port is let through.
    Raises UsageError for what is neither.
    """
    hosts, networks = set(), []
    for entry in filter(None, (part.strip().lower() for part in allowed.split(","))):
        try:
            networks.append(ipaddress.ip_network(entry.strip("[]")))
        except ValueError:
            if "/" in entry or any(mark.isspace() for mark in entry):
                raise UsageError(
                    f"{entry!r} in ONRECORD_FETCH_ALLOW is neither a host nor a network."
                ) from None
            hosts.add(entry)
    return Guard(frozenset(hosts), tuple(networks))
