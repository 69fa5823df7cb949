"""The place and the agencies of a dateline that the cleaning has read, as names of the tagger's kind.

Called by `annotate_entities`: a dateline is all capitals, which tell a tagger nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.annotate.entities.tagger import NameSpan
from tasks.model import Document, Label, Span


def dateline_names(document: Document) -> Iterator[NameSpan]:
    """Where the dateline's place and agencies stand; capitals are no difference."""
    dateline = document.dateline
    if dateline is None:
        return
    at = dateline.span.start
    wanted = [(dateline.place, Label.PLACE), *((agency, Label.ORGANISATION) for agency in dateline.agencies)]
    within = document.text[dateline.span.start : dateline.span.end].casefold()
    if (
        len(within) != dateline.span.end - dateline.span.start
    ):  # a letter that folds to two would shift offsets
        return
    for name, label in wanted:
        found = within.find(name.casefold(), at - dateline.span.start) if name else -1
        if name and found >= 0:
            start = dateline.span.start + found
            at = start + len(name)
            if any(segment.span.holds(Span(start, at)) for segment in document.readable()):
                yield NameSpan(start, at, label, 0.95, "dateline")
