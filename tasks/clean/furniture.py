"""Lines that belong to an article but are not its text: captions, credits, correction notes.

Called by `text` for every line. Each rule asks for a form that running text does not have.
"""

from __future__ import annotations

import re

from tasks.clean.lines import Line
from tasks.model import Role

MAX_WORDS = 80  # words; longer lines are paragraphs, whatever they begin with
END_LINES = 6  # credits and biographies stand in the last so many lines

CAPTION = re.compile(
    r"""(?x)
    (?i:photos?|photograph|image|picture|caption|file\ photo|illustration|video|featured\ image|lead\ image)
        (?i:\s+(?:credit|by|courtesy|caption|source|via))?\s*[:：|]\s*\S
    | (?:FILE|FILE\ PHOTO|File)\s*(?:[-–—:]|PHOTO)
    | \((?i:photo|image|picture|photograph)s?\b[^()]{1,120}\)\.?$
    """
)
PHOTO_CREDIT = re.compile(
    r"""(?x)
    (?: \((?:AP\ Photo|Photo|Image|Picture|Photograph|Credit)\b[^()]{0,120}\)
    | [/|]\s?(?:Getty\ Images|Shutterstock|AP\ Photo|EPA|iStock)
    | (?:REUTERS|AFP|AP\ Photo)/[\w .'-]{2,60} )\.?$
    """
)
CREDIT = re.compile(
    r"""(?x)
    \(?(?:(?i:additional|with\ additional|further|with|extra)\s+)?
    (?i:report(?:ing|ed)|writing|written|edit(?:ing|ed)|compiled|translated|research|graphics?)
    (?i:\s+and\s+(?:writing|editing))?\s+(?i:by|from)\s+[A-Z(]
    """
)
CONTRIBUTED = re.compile(r"(?i)\bcontributed (?:reporting|to this (?:report|story|article|post))\b.{0,80}$")
CORRECTION = re.compile(
    r"(?i)(?:[*•\s]*(?:corrections?|clarifications?)\b[^.:]{0,40}[:：]|an earlier version of this\b"
    r"|[*•\s]*editor['’]?s['’]? note\s*[:：].{0,200}\b(?:correct|earlier version|amended|updated|clarif)"
    r"|[*•(\s]*this (?:article|story|post|report|piece|headline) (?:was|has been) (?:\w+ )?"
    r"(?:amended|corrected|updated|edited|clarified)\b)"
)


def furniture(line: Line, place_from_end: int) -> tuple[Role, str] | None:
    """The role of a line that is not running text, with the rule that says so.

    `place_from_end` is 0 for the last line.
    """
    if len(line.words) > MAX_WORDS:
        return None
    text = line.text
    if CORRECTION.match(text):
        return Role.CORRECTION, "correction note"
    if CAPTION.match(text) or PHOTO_CREDIT.search(text[-160:]):
        return Role.CAPTION, "caption"
    if place_from_end < END_LINES and (CREDIT.match(text) or CONTRIBUTED.search(text[-200:])):
        return Role.CREDIT, "credit line"
    return None
