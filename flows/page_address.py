"""Where pages of the warehouse are served (`flows.pages`), as a run learns it: from its environment."""

from __future__ import annotations

import os

from flows.markdown import safe_address

PAGES_URL = "ONRECORD_PAGES_URL"  # set for the runs that `onrecord serve` starts


def served_at() -> str | None:
    """The address of the pages, where somebody serves them."""
    address = os.environ.get(PAGES_URL, "").strip()
    return address if safe_address(address) else None
