"""Addresses as sites write them, joined and cleaned: one that can be asked for, or none.

Called for every link that discovery meets. Parsing and joining are WHATWG's (ada-url), mending is courlan's.
"""

from __future__ import annotations

import re

import ada_url

# Query fields that say where a reader came from (Google, Facebook, Microsoft, Mailchimp, AT Internet).
# courlan's own list is longer and takes "cid", "ref" or "source", by which some sites tell their articles
# apart; it also drops queries without "=", so only its mending of damaged links is used.
CAMPAIGN = re.compile(
    r"(?i)(?:utm_\w+|gclid|fbclid|msclkid|mc_cid|mc_eid|at_medium|at_campaign|at_format|at_link_\w+|cmpid"
    r"|ns_mchannel|ns_campaign|ns_source|ns_linkname|xtor)="
)
DAMAGED = re.compile(r"[<>\"]|&amp;")
LONGEST = 2_000  # characters; what is longer is a mistake, or made to hurt
SCHEMES = frozenset({"http:", "https:"})


def joined(link: str, place: str) -> str | None:
    """The address that a link means on a page at `place`, without its fragment; None where it is none."""
    written = link.strip()
    if not written or len(written) > LONGEST:
        return None
    if DAMAGED.search(written):
        from courlan import scrub_url  # takes a tenth of a second, and few links need it

        written = scrub_url(written)
    try:
        url = ada_url.URL(written, base=place)
    except ValueError:
        return None
    if url.protocol not in SCHEMES or not url.hostname or url.username or url.password:
        return None
    url.hash = ""
    return str(url.href)


def cleaned(address: str) -> str:
    """The address without the fields of its query that only say where a reader came from."""
    before, mark, query = address.partition("?")
    if not mark or not CAMPAIGN.search(query):
        return address
    kept = [field for field in query.split("&") if not CAMPAIGN.match(field)]
    return f"{before}?{'&'.join(kept)}" if kept else before


def host_of(address: str) -> str:
    """Host and port of an address as WHATWG writes them; empty where it is no address."""
    try:
        return str(ada_url.URL(address).host)
    except ValueError:
        return ""
