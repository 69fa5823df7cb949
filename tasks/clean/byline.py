"""Lines that say who wrote a report, for whom, and when: "By Jane Doe", "Some Daily", "Published Nov 3".

Called by `text` for the head of an article. Only a person is an author; agencies and outlets are told
apart by the word lists in `lexicon`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.clean.lexicon import words
from tasks.clean.lines import Line
from tasks.dates import WrittenDate, written_dates

MAX_LENGTH = 160  # characters of a byline
MAX_BARE_WORDS = 6  # words of a line that is nothing but a name
MAX_NAME_WORDS = 5  # words of a person's name

OPENING = re.compile(
    r"(?i:(?:words|story|text|report|reported|reporting|written|posted|published|analysis|edited)\s+by|by)"
    r"(?::\s*|\s+)(?=[^\W\d_])"
)
PARTS = re.compile(r"\s*(?:,|;|\||•|·|\s[-–—]\s|\s/\s|&|\band\b|\bAND\b|\bwith\b|\bfor\b|\bin\b|\bat\b)\s*")
ROLE = re.compile(
    r"(?i)\b(?:(?:staff|senior|chief|special|foreign|political|business|sports?|deputy|associate|managing"
    r"|contributing|national|science|health|city|guest|freelance)\s+)*(?:writers?|reporters?|correspondents?"
    r"|editors?|columnists?|contributors?|journalists?|bureau chief|staff|photographers?|producers?"
    r"|special to(?: the)?(?: [\w.]+){0,5})$"
)
NAME_WORD = re.compile(r"(?:[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_]*)*)$")
# What stands in a line of dates besides the date itself.
STAMP_WORDS = re.compile(
    r"(?i)\b(?:first|last|originally|published|updated|posted|modified|created|issued|filed|on|at|date|time|mon"
    r"|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun|day|a\.?m\.?|p\.?m\.?|gmt|utc|ist|[ecmp][ds]?t|bst|cet|pkt"
    r"|noon|midnight|min(?:ute)?s?|read|ago|hours?)\b\.?|\b\d{1,2}[:.]\d\d(?::\d\d)?(?:am|pm)?|[+-]\d\d:?\d\d"
    r"|\b\d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline says."""

    rule: str
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    published: WrittenDate | None = None


def read_byline(line: Line, *, is_bare_allowed: bool) -> Byline | None:
    """What the line says as a byline, or None where it is none.

    `is_bare_allowed` tells whether the place is one where a lone name would be a byline.
    """
    if len(line.text) > MAX_LENGTH or not line.words:
        return None
    return (
        _opened(line.text)
        or _with_role(line.text)
        or _stamp(line.text)
        or (_bare(line) if is_bare_allowed else None)
    )


def _opened(text: str) -> Byline | None:
    """Reads "By Jane Doe and JOHN ROE, Reuters"."""
    match = OPENING.match(text)
    if match is None or text.endswith((".", "?", "!", "”", '"')) or not text[match.end()].isupper():
        return None
    days = written_dates(text)
    end = days[0].span.start if days else len(text)
    parts = _parts(text[match.end() : end])
    authors = tuple(capitalised(part) for part in parts if is_person(part))
    outlets = [part for part in parts if is_outlet(part)]
    if not (authors or outlets):
        return None
    return Byline("byline", authors, outlets[0] if outlets else None, days[0] if days else None)


def _parts(text: str) -> list[str]:
    return [part.strip(" .()") for part in PARTS.split(text) if part and part.strip(" .()")]


def _with_role(text: str) -> Byline | None:
    """Reads "Jane Doe, Staff Writer"."""
    parts = _parts(text)
    if len(parts) < 2 or text.endswith((".", "?", "!", ":")) or not is_person(parts[0]):
        return None
    roles = [part for part in parts[1:] if ROLE.fullmatch(part)]
    if not roles or not all(ROLE.fullmatch(part) or is_person(part) or is_outlet(part) for part in parts):
        return None
    people = tuple(capitalised(part) for part in parts if is_person(part) and not ROLE.search(part))
    outlet = next((part for part in parts if is_outlet(part) and not ROLE.fullmatch(part)), None)
    return Byline("name and role", people, outlet)


def _stamp(text: str) -> Byline | None:
    """Reads "Published Nov 3, 2020 10:15 GMT": nothing but a date, a time and their words."""
    days = written_dates(text)
    if not days or days[0].day is None:
        return None
    rest = text
    for day in reversed(days):
        rest = rest[: day.span.start] + " " + rest[day.span.end :]
    return None if re.search(r"\w", STAMP_WORDS.sub(" ", rest)) else Byline("date line", published=days[0])


def _bare(line: Line) -> Byline | None:
    """A line that is nothing but the name of an outlet or an agency."""
    if len(line.words) > MAX_BARE_WORDS or line.is_punctuated or not line.text[-1].isalnum():
        return None
    name = " ".join(line.text.split())
    return Byline("outlet line", outlet=name) if is_outlet(name) and _ends_as_outlet(line) else None


def _ends_as_outlet(line: Line) -> bool:
    """Whether a lone line is an agency, or ends in an outlet's word and does not begin as a heading does."""
    if line.text in words("agencies"):
        return True
    first, last = line.folded[0], line.folded[-1]
    return last in words("outlet_words") and first not in words("heading_starts")


def is_outlet(name: str) -> bool:
    """Whether it is an agency, or a name with a word that outlets have in theirs ("Some Daily")."""
    if name in words("agencies"):
        return True
    parts = name.split()
    if not all(part[0].isupper() or part.casefold() in {"of", "the", "and", "de", "for"} for part in parts):
        return False
    return len(parts) > 1 and any(part.casefold() in words("outlet_words") for part in parts[1:])


def is_person(name: str) -> bool:
    """Whether it has the form of a person's name: two to five names, none of them an outlet's word."""
    parts = name.split()
    if not 2 <= len(parts) <= MAX_NAME_WORDS or is_outlet(name) or ROLE.search(name):
        return False
    return all(_is_name_word(part) for part in parts) and parts[0][0].isupper() and parts[-1][0].isupper()


def _is_name_word(part: str) -> bool:
    return NAME_WORD.match(part) is not None and (part[0].isupper() or part in words("name_particles"))


def capitalised(name: str) -> str:
    """A name written in capitals as names are written; others as they are."""
    if not name.isupper():
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)
