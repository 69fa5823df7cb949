"""Lines that belong to an article but are not its text: captions, credits, correction notes.

Called by `text` for every line. Each rule asks for a form that running text does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.clean.lines import Line
from tasks.model import Role

MAX_WORDS = 80  # words; longer lines are paragraphs, whatever they begin with
MAX_BIOGRAPHY = 140  # words of a line that tells who the author is
MAX_CREDITED = 14  # words of a line in a list of credits
CREDITS_WITHIN = 60  # lines at the end that such a list begins in
MASTHEAD_LINES = 16  # those who made a piece stand in the last so many lines
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
# What an author is, behind the article: "Jane Doe is a senior reporter for Some Daily. Email: …".
BIOGRAPHY = re.compile(
    r"""(?x)
    (?:[A-Z][\w.'’-]+\s+){2,4}
    (?:\([^()]{1,30}\)\s+)?
    (?: (?:is|was)\s+(?:an?|the|our)\s+(?:[\w'’-]+\s+){0,6}?
        (?:reporter|correspondent|editor|columnist|writer|freelancer|journalist|producer|contributor|critic
          |author|photographer|blogger|fellow)\b
      | (?:is\s+the\s+author\s+of|writes\s+(?:about|for)|covers|reports\s+(?:on|for))\b )
    """
)
CONTACT = re.compile(
    r"(?i)(?:(?:contact|reach|e-?mail|follow)\s+(?:the\s+)?(?:reporter|author|writer|him|her|them|[a-z]+\s+[a-z]+)\b"
    r".{0,60}(?:@|\bon twitter\b)|(?:you can )?(?:reach|contact) .{0,40}\bat \S+@)"
)
MASTHEAD = re.compile(
    r"(?:[A-Z&][\w&,-]*\s+){0,5}(?:Editors?|Director|Manager|Producers?|Photographer|Stylist|Styling|Grooming|Designer"
    r"|Makeup|Hair|Nails|Illustration|Illustrator)(?::\s+|\s+)(?:(?:[A-Z@][\w.'’-]*|with|at|for|and|of|by)[,/\s]*){2,12}$"
)
# As in "Styling: Ted Roe. Grooming: Ann Poe".
PAIRS = re.compile(r"(?:[A-Z][\w &,/-]{2,40}:\s[A-Z@][^.:]{2,60}(?:\.\s*|$)){2,}$")
CREDITS_HEADING = re.compile(
    r"(?i)(?:(?:photo|video|editorial|image|production|cover|picture)\s+)?credits?:?$"
)
MADE_BY = re.compile(
    r"(?i)(?:this|today's|today’s) (?:episode|podcast|story|report|segment|article) was (?:\w+ )?"
    r"(?:produced|edited|reported|written|translated)\b"
)
CONTRIBUTED = re.compile(r"(?i)\bcontributed (?:reporting|to this (?:report|story|article|post))\b.{0,80}$")
CORRECTION = re.compile(
    r"(?i)(?:[*•\s]*(?:corrections?|clarifications?)\b[^.:]{0,40}[:：]|an earlier version of this\b"
    r"|[*•\s]*editor['’]?s['’]? note\s*[:：].{0,200}\b(?:correct|earlier version|amended|updated|clarif)"
    r"|[*•(\s]*this (?:article|story|post|report|piece|headline) (?:was|has been) (?:\w+ )?"
    r"(?:amended|corrected|updated|edited|clarified)\b)"
)


def furniture(line: Line, place_from_end: int, authors: Sequence[str] = ()) -> tuple[Role, str] | None:
    """The role of a line that is not running text, with the rule that says so.

    `place_from_end` is 0 for the last line; `authors` are known from elsewhere.
    """
    may_be_about = place_from_end < END_LINES and len(line.words) <= MAX_BIOGRAPHY
    if may_be_about and (is_biography(line.text) or _is_about(line.text, authors)):
        return Role.CREDIT, "biography"
    if len(line.words) > MAX_WORDS:
        return None
    text = line.text
    if CORRECTION.match(text):
        return Role.CORRECTION, "correction note"
    if CAPTION.match(text) or PHOTO_CREDIT.search(text[-160:]):
        return Role.CAPTION, "caption"
    return _credit(text, place_from_end)


def _credit(text: str, place_from_end: int) -> tuple[Role, str] | None:
    """Those who made the article, who stand behind it."""
    if place_from_end < MASTHEAD_LINES and (MASTHEAD.match(text) or PAIRS.match(text)):
        return Role.CREDIT, "masthead"
    if place_from_end < END_LINES and (
        CREDIT.match(text) or MADE_BY.match(text) or CONTRIBUTED.search(text[-200:])
    ):
        return Role.CREDIT, "credit line"
    return None


def listed_credits(lines: Sequence[Line]) -> Iterator[int]:
    """The lines of a list of credits at the end, from its heading ("Photo credits") on."""
    first = max(1, len(lines) - CREDITS_WITHIN)
    for at in range(first, len(lines) - 1):
        if CREDITS_HEADING.match(lines[at].text):
            if all(len(line.words) <= MAX_CREDITED for line in lines[at + 1 :]):
                yield from range(at, len(lines))
            return


def _is_about(text: str, authors: Sequence[str]) -> bool:
    """Whether it tells of an author of the article by name; a speech or an answer begins otherwise."""
    if any(mark in text for mark in '“”"'):
        return False
    return any(re.match(rf"{re.escape(name)}(?:,| \([^()]{{1,30}}\))? [a-zà-ÿ]", text) for name in authors)


def is_biography(text: str) -> bool:
    """Whether a line tells who its author is, or how to reach them."""
    return bool(BIOGRAPHY.match(text) or CONTACT.match(text)) and not any(mark in text for mark in '“”"')
