"""Attributions without a verb, told by the form of a line: transcripts, titles, signatures under quotes.

Called by `tagger.py`.
"""

from __future__ import annotations

import re

from tasks.annotate.quotes.attribution import SURE, Attribution
from tasks.annotate.quotes.cues import cue_senses
from tasks.annotate.quotes.units import Line, Unit, trimmed_end
from tasks.model import Role, Span, Stance

# A label in capitals that opens a quoted line of a transcript.
SPOKEN_LABEL = re.compile(r"\W{1,2}([A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}):\s+(?=\S)")
# "JANE ROE, HOST: …": the most units a label may take.
LABEL_REACH = 8


def label(line: Line) -> Attribution | None:
    """As in "ROE: You said …" in a transcript, and "Ministry: No deal" in a title."""
    units = line.units
    colon = next((i for i in range(min(LABEL_REACH, len(units))) if units[i].text == ":"), None)
    if colon is None or colon == 0 or colon + 1 >= len(units):
        return None
    label = units[:colon]
    if not all(unit.is_name or unit.text in {",", ".", "-", "'s", "’s", "of"} for unit in label):
        return None
    shouted = all(unit.text.isupper() for unit in label if unit.is_word) and len(label[0].text) > 1
    title = line.role is Role.TITLE and any(unit.mention is not None for unit in label)
    if not (shouted or title) or any(unit.lower in cue_senses() for unit in label):
        return None
    source = Span(units[0].start, units[colon - 1].end)
    content = Span(units[colon + 1].start, trimmed_end(units, colon + 1, len(units)))
    rule = "transcript" if shouted else "headline"
    return Attribution((content,), units[colon].span, source, source, Stance.SPEECH, rule, SURE[rule])


def dash_source(line: Line) -> list[Attribution]:
    """As in "Talks Have Failed - Ministry" in a title: a dash and a name stand for a cue."""
    units = line.units
    dash = next((i for i in range(len(units) - 1, 0, -1) if units[i].text in {"-", "–", "—", "--"}), None)
    if dash is None or len(units) - dash - 1 not in range(1, 6) or dash < 3:
        return []
    tail = units[dash + 1 :]
    spaced = units[dash].start > units[dash - 1].end and units[dash].end < tail[0].start
    if not spaced or not all(unit.is_name or unit.lower in {"of", "'s", "’s"} for unit in tail):
        return []
    if not any(unit.mention is not None for unit in tail):
        return []
    source = Span(tail[0].start, tail[-1].end)
    content = Span(units[0].start, units[dash - 1].end)
    return [
        Attribution((content,), units[dash].span, source, source, Stance.SPEECH, "headline", SURE["headline"])
    ]


DASHES = frozenset({"-", "–", "—", "--", "―", "~"})
# Units of "From Mayor Jane Roe:"; longer lines are sentences.
FROM_UNITS = range(3, 14)
# The most units a name after a quote may take.
SIGNATURE_REACH = 6


def signatures(line: Line) -> list[Attribution]:
    """As in “All is lost.” — Jane Roe: a dash and a name behind a passage, at the end or before the next."""
    units = line.units
    found = []
    for at in range(1, len(units) - 1):
        passage = units[at - 1].passage
        if passage is None or units[at].text not in DASHES:
            continue
        end = at + 1
        while end < min(len(units), at + 1 + SIGNATURE_REACH) and (
            units[end].is_name or units[end].lower == "of"
        ):
            end += 1
        behind = units[end] if end < len(units) else None
        if end - at < 2 or not (behind is None or behind.passage is not None or behind.text in {",", "."}):
            continue
        source = Span(units[at + 1].start, units[end - 1].end)
        found.append(
            Attribution(
                (passage.span,), units[at].span, source, source, Stance.SPEECH, "signature", SURE["signature"]
            )
        )
    return found


def from_source(line: Line, following: Line | None) -> list[Attribution]:
    """As in "From Mayor Jane Roe:" with the passage in the next paragraph."""
    units = line.units
    opens = following is not None and bool(following.units) and following.units[0].passage is not None
    if not opens or following is None or len(units) not in FROM_UNITS:
        return []
    if units[0].lower != "from" or units[-1].text != ":" or not any(unit.is_name for unit in units[1:-1]):
        return []
    source = Span(units[1].start, units[-2].end)
    content = following.units[0].span
    return [Attribution((content,), units[0].span, source, source, Stance.SPEECH, "lead-in", SURE["lead-in"])]


def spoken_label(unit: Unit) -> Attribution | None:
    """As in "HOST: And why?": a line of a transcript that stands in marks as a whole."""
    match = SPOKEN_LABEL.match(unit.text)
    if match is None:
        return None
    source = Span(unit.start + match.start(1), unit.start + match.end(1))
    content = Span(unit.start + match.end(), unit.end)
    return Attribution((content,), None, source, source, Stance.SPEECH, "transcript", SURE["transcript"])
