"""What a feed or sitemap said of an address, as it travels into the archive and out of it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from tasks.model import NO_HINTS, Hints
from tasks.web import Candidate


def hints_from(candidate: Candidate) -> Hints:
    """What the place that named an address said of it; nothing for one that a person gave."""
    told = Hints(
        title=candidate.title,
        authors=candidate.authors,
        published_at=candidate.published_at,
        published_offset=candidate.published_offset,
        language=candidate.language,
    )
    return NO_HINTS if told == NO_HINTS else replace(told, found_in=candidate.found_in)


def written(hints: Hints) -> str:
    """Hints as one line of JSON in ASCII; read back by `tasks.read.warc.page.hints_of`."""
    told = {name: value for name, value in asdict(hints).items() if value}
    return json.dumps(told, default=lambda moment: moment.isoformat(), sort_keys=True)
