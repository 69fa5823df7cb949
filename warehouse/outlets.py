"""The hosts that an outlet publishes on, as far as its loaded articles tell."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from warehouse.connect import reading

_ADDRESSES = """
SELECT DISTINCT regexp_extract(a.url, '^[a-zA-Z]+://[^/?#]+') AS site
FROM articles AS a
JOIN outlets AS o USING (outlet_id)
WHERE lower($outlet) IN (lower(o.name), o.domain)
  AND a.url IS NOT NULL
"""


def hosts_of(published: Path, outlet: str) -> frozenset[str]:
    """The hosts of an outlet by its name (whatever the case) or domain; what looks like a host is one itself.

    Empty where the warehouse knows no such outlet. Raises WarehouseError where there is no warehouse.
    """
    with reading(published) as con:
        sites = con.execute(_ADDRESSES, {"outlet": outlet}).fetchall()
    hosts = {_host(site) for (site,) in sites} - {""}
    return frozenset(hosts | ({outlet.lower()} if "." in outlet and " " not in outlet else set()))


def _host(site: str) -> str:
    try:
        return (urlsplit(site).hostname or "").lower()
    except ValueError:
        return ""
