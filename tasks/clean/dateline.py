"""The opening of a report that says where, by whom and when it was filed: "MOSCOW (Agency) - ".

Called by `text` for the first paragraphs. The forms follow the style books of the agencies:

    CITY (AGENCY) - Text              CITY, Region, Nov 3 (Agency) — Text       (AGENCY) - Text
    CITY — Text                       City, Nov 3 (Agency/Agency) - Text        CITY: Text
    CITY (Daily / Agency - 3rd November, 2020) Text      CITY, Nov. 3, 2020 /Wire/ -- Text
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.clean.byline import capitalised
from tasks.clean.lexicon import words
from tasks.clean.lines import Line
from tasks.dates import MONTH_NUMBERS, WrittenDate, written_dates
from tasks.model import Span

WINDOW = 220  # characters of a paragraph in which its dateline must end
MAX_AGENCY_WORDS = 10  # words in the brackets of a dateline
MAX_PLACE_WORDS = 8

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_NAME = rf"{_CAPITAL}[\w.'’]*"
_CITY = rf"{_NAME}(?:[ -](?:{_NAME}|de|la|al|el|of|am|sur)){{0,4}}"
PLACE = re.compile(rf"{_CITY}(?:(?: ?/ ?| and |, ){_CITY}){{0,3}}")
SIGNED = re.compile(
    r"""(?x)
    (?P<head>[^()\[\]\n]{0,80}?)\ {0,2}
    (?:\((?P<round>[^()\n]{2,90})\)|\[(?P<square>[^\[\]\n]{2,90})\]|/(?P<slashes>[^/()\n]{2,40})/)
    (?P<close>\ {0,3}(?:--|[-–—―:])\ {0,2}|\ {1,2})
    """
)
UNSIGNED = re.compile(r"(?P<head>[^()\[\]\n]{2,80}?)(?P<close> {0,3}(?:--|[–—―:]) {1,2}| {1,2}- {1,2}|--)")
LATER_DATE = re.compile(r"([^()\n—–]{4,30}?) ?(?:--|[-–—]) {1,2}")  # "LONDON – 3 Nov. 2020 – Text"
REPORT = re.compile(rf"[\"“‘'«(\[$€£]{{0,2}}(?:{_CAPITAL}|\d)")  # how the report itself begins
UPPER = re.compile(r"[^\W\d_a-zß-öø-ÿ]{2,}")
AGENCY_PARTS = re.compile(r"\s*(?:/|,|;|&|\s[-–—]\s|\band\b)\s*")
IN_CAPITALS = 3  # letters; shorter words in capitals are initials


@dataclass(frozen=True, slots=True)
class FoundDateline:
    """A dateline as written; `end` is where the report itself begins, `day` still has no year, maybe."""

    span: Span
    end: int
    place: str | None
    agencies: tuple[str, ...]
    day: WrittenDate | None


def find_dateline(line: Line, *, is_first: bool) -> FoundDateline | None:
    """The dateline that opens the paragraph, or None.

    `is_first` tells whether it is the first paragraph of the body: only there is a bare place enough.
    """
    start = line.span.start
    window = line.text[:WINDOW]
    for form in (SIGNED, UNSIGNED):
        match = form.match(window)
        found = _read(window, match) if match else None
        if match and found and _holds(line.text, match, found, is_first=is_first):
            span = Span(start, start + len(window[: found.end].rstrip(" -–—―:")))
            day = found.days[0] if found.days else None
            return FoundDateline(span, start + found.end, _spelled(found.place), found.agencies, day)
    return None


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of what may be a dateline; `end` is where the report begins, in its line."""

    place: str | None
    agencies: tuple[str, ...]
    days: tuple[WrittenDate, ...]
    end: int


def _read(window: str, match: re.Match[str]) -> _Parts | None:
    """The parts, or None where one of them is not of its kind, or no report follows."""
    head = match["head"].rstrip(" ,")
    days = written_dates(head)
    if days:
        if len(days) > 1 or head[days[0].span.end :].strip(" ."):
            return None
        head = head[: days[0].span.start].rstrip(" ,")
    if head and not PLACE.fullmatch(head):
        return None
    days += written_dates(_signature(match))
    end = match.end()
    if (later := LATER_DATE.match(window, end)) and _is_date(later[1]):
        days += written_dates(later[1])
        end = later.end()
    if not REPORT.match(window, end):
        return None
    return _Parts(head or None, _agencies(_signature(match)), tuple(days), end)


def _is_date(text: str) -> bool:
    """Whether it is a date and nothing else."""
    days = written_dates(text)
    return len(days) == 1 and len(days[0].span.of(text)) >= len(text.strip(" .,"))


def _signature(match: re.Match[str]) -> str:
    """What stands in its brackets: agencies, maybe with a date."""
    if match.re is UNSIGNED:
        return ""
    return match["round"] or match["square"] or match["slashes"]


def _holds(text: str, match: re.Match[str], found: _Parts, *, is_first: bool) -> bool:
    """Whether what has the form of a dateline is one."""
    mark = match["close"].strip()
    if found.place and not _may_be_place(found.place):
        return False
    if _signature(match):
        return _signs(found, is_closed=bool(mark) or bool(found.days))
    if found.place is None or not is_first:
        return False
    if found.days and mark != ":":
        return True
    # A place is in capitals only in the dateline; an acronym is so everywhere.
    city = found.place.split(",")[0]
    return _in_capitals(city) and not re.search(rf"\b{re.escape(city)}\b", text[len(city) :])


def _may_be_place(place: str) -> bool:
    first = re.split(r"[ ,/]", place)[0].rstrip(".").casefold()
    if first in words("labels") or first in MONTH_NUMBERS:
        return False
    return len(place.split()) <= MAX_PLACE_WORDS


def _in_capitals(city: str) -> bool:
    return city.isupper() and len(city.replace(".", "")) >= IN_CAPITALS


def _signs(found: _Parts, *, is_closed: bool) -> bool:
    """Whether the brackets hold agencies, and enough else speaks for a dateline.

    `is_closed` tells whether a dash or a date sets it off from the report.
    """
    names, known = found.agencies, words("agencies")
    is_known = any(name in known for name in names)
    if not names or sum(len(name.split()) for name in names) > MAX_AGENCY_WORDS:
        return False
    if not all(name[0].isupper() or name in known for name in names):
        return False
    if found.place is not None and _in_capitals(found.place.split(",")[0]):
        return is_known or is_closed
    return is_closed and (is_known or (found.place is not None and bool(found.days)))


def _spelled(place: str | None) -> str | None:
    """The place as places are written: "MOSCOW" is Moscow, "D.C." stays."""
    if place is None:
        return None
    return " ".join(
        part if "." in part and len(part) <= 6 else UPPER.sub(lambda city: capitalised(city[0]), part)
        for part in place.split(" ")
    )


def _agencies(signature: str) -> tuple[str, ...]:
    """The names in the brackets, without a date among them."""
    for day in reversed(written_dates(signature)):
        signature = signature[: day.span.start] + signature[day.span.end :]
    return tuple(name for part in AGENCY_PARTS.split(signature) if (name := part.strip(" ,.-–—")))
