"""Attributions by rules over cue verbs and noun phrases, line by line.

The trained tagger has them among its features; nested quotes and titles are told by them alone.
"""

from __future__ import annotations

from tasks.annotate.quotes.attribution import Attribution, Tagging
from tasks.annotate.quotes.labels import dash_source, label, signatures
from tasks.annotate.quotes.sentence_scan import SentenceScan
from tasks.annotate.quotes.units import Line, Reading
from tasks.model import Role


class RuleTagger:
    """Attributions by rules over cue verbs and noun phrases."""

    name = "rules-1"

    def tag(self, reading: Reading) -> Tagging:
        """What they find, without signs."""
        return Tagging(self.attributions(reading))

    def attributions(self, reading: Reading) -> list[list[Attribution]]:
        """The attributions of each line, in the order of their cues."""
        return [line_attributions(line, _next(reading, line)) for line in reading.lines]


def _next(reading: Reading, line: Line) -> Line | None:
    following = line.number + 1
    return reading.lines[following] if following < len(reading.lines) else None


def line_attributions(line: Line, following: Line | None) -> list[Attribution]:
    """The attributions of one paragraph; `following` may hold what its last colon announces."""
    if (labelled := label(line)) is not None:
        return [labelled]
    found: list[Attribution] = signatures(line)
    for low, high in line.sentences:
        scan = SentenceScan(line.units, low, high, following if high == len(line.units) else None)
        found += scan.run()
    if not found and line.role is Role.TITLE:
        found += dash_source(line)
    return found
