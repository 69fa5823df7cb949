"""Where in a page the lines of the extracted text stand, and what follows from it.

Called by `html`. The paragraphs of an article stand in one element, its home, or in several of one kind (tag
and classes). Two things follow. A paragraph that stands there, too, and is missing from the text was **lost**
by the extraction; it is put back. Lines at the end of the text that stand elsewhere, in a box within the home
or behind it, stand **apart**: a biography, a subscription box, teasers of other articles. What a class is
called does not matter, only whether it is that of the article's own paragraphs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from tasks.clean.cues import call_rule
from tasks.clean.lines import Line, lines_of, script_start
from tasks.clean.normalize import normalize
from tasks.model import Span

Kind = tuple[str, frozenset[str]]  # tag and classes

# Elements that hold text of a paragraph's kind, and those that only say how it flows: neither is a home.
BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "blockquote", "figcaption", "pre", "dd", "dt"}
)
FLOW = BLOCKS | frozenset(
    {
        "a", "abbr", "b", "big", "center", "cite", "dl", "em", "figure", "font", "i", "ins", "label",
        "mark", "ol", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "th", "thead",
        "time", "tr", "u", "ul",
    }
)  # fmt: skip
HOLDERS = frozenset({"div", "section", "article"})  # of text, where they have some of their own
NO_PROSE = frozenset({"figure", "figcaption", "aside", "nav", "footer", "form", "button", "noscript"})

KEY = 48  # letters and digits at the start of a line that tell it from all others
FULL_START = 2 * KEY  # characters of an element's own first text that make a key for certain
PARTS = 12  # texts in an element from which a key is made otherwise
LONG = 8  # words of a line that says where the article stands
MIN_FOUND = 0.6  # share of the words of the long lines that must be found in the page, else it says nothing
HOME_SHARE, HOME_LINES = 0.1, 3  # share of the words, and long lines, from which a kind of element is a home
CARD_PARAGRAPHS = 3  # the most that a teaser of another article has
MIN_LOST_WORDS = 12  # words of a paragraph that is put back; shorter ones are labels and links
MAX_LOST = 2.0  # times the words of the text: more is other articles that the page goes on with
MAX_LINKED = 0.4  # share of a paragraph's letters in links; teasers have more
MAX_OUTSIDE = 0.6  # share of the text's words that may stand behind the home
MAX_BOXED = 0.2  # the same of boxes within it, which may be part of the article after all
PROSE = 0.5  # share of the words of a box in lines of `LONG` words; specifications and ingredients have less
MANY_QUESTIONS = 2  # with their answers they are part of the article, whatever box they stand in

SQUEEZED = re.compile(r"\W+")
BULLET = re.compile(r"^[-–•*]\s+")
ENDS = re.compile(r"[.!?…。！？:][\"'”’»)\]]*$|[.,!?…]?[”»]$")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(frozen=True, slots=True)
class Placed:
    """A text with the lines at its end that stand apart, as the offsets of their starts."""

    text: str
    apart: frozenset[int] = frozenset()


def placed(tree: Any, text: str) -> Placed:
    """The normalised text of a parsed page with its lost paragraphs put back, and what stands apart in it."""
    body = tree.find("body")
    elements = list(_blocks(tree if body is None else body))
    layout = _Layout(elements, _text_lines(text))
    if not layout.is_telling:
        return Placed(text)
    lost = layout.lost()
    if lost:
        text = _with_lost(text, layout, lost)
        layout = _Layout(elements, _text_lines(text))
    return Placed(text, frozenset(layout.apart()))


def _text_lines(text: str) -> Sequence[Line]:
    lines = lines_of(text)
    return lines[: script_start(lines)]


class _Layout:
    """The lines of a text with the elements of the page that hold them."""

    def __init__(self, elements: Sequence[tuple[str, Any]], lines: Sequence[Line]) -> None:
        self.lines = lines
        self.elements = elements
        self.keys = [_key(BULLET.sub("", line.text)) for line in lines]
        wanted = {key for key in self.keys if key}
        self.places: dict[str, list[Any]] = {}
        for key, element in self.elements:
            if key in wanted:
                self.places.setdefault(key, []).append(element)
        self.words = [len(line.words) for line in lines]
        self.squeezed = SQUEEZED.sub("", "".join(line.text for line in lines))

    @cached_property
    def long(self) -> list[int]:
        """The lines that say where the article stands."""
        return [at for at, words in enumerate(self.words) if words >= LONG]

    def _place(self, at: int) -> Any:
        """The innermost element that holds a line and is no link to another page."""
        found = self.places.get(self.keys[at], ())
        return next((element for element in reversed(found) if not _is_linked(element)), None)

    @cached_property
    def homes(self) -> frozenset[Kind]:
        """The kinds of elements that hold the article."""
        words: Counter[Kind] = Counter()
        lines: Counter[Kind] = Counter()
        cards: Counter[Kind] = Counter()
        for at in self.long:
            if (element := self._place(at)) is not None:
                home = home_of(element)
                kind = kind_of(home)
                words[kind] += self.words[at]
                lines[kind] += 1
                cards[kind] += _is_card(home)
        least, most = HOME_SHARE * words.total(), max(words.values(), default=0)
        return frozenset(
            kind
            for kind, count in words.items()
            if count == most
            or (count >= least and lines[kind] >= HOME_LINES and cards[kind] < lines[kind] / 2)
        )

    @property
    def is_telling(self) -> bool:
        """Whether enough of the text was found in the page."""
        found = sum(self.words[at] for at in self.long if self.keys[at] in self.places)
        return found > 0 and found >= MIN_FOUND * sum(self.words[at] for at in self.long)

    @cached_property
    def rooms(self) -> list[Any]:
        """The elements of these kinds that hold long lines of the text."""
        found: dict[Any, None] = {}
        for at in self.long:
            home = home_of(self._place(at))
            if home is not None and kind_of(home) in self.homes:
                found[home] = None
        return list(found)

    def lost(self) -> list[tuple[int, str]]:
        """The paragraphs of the article that the text lacks, with the line that each follows."""
        numbers = {key: number for number, key in reversed(list(enumerate(self.keys))) if key}
        at, found = -1, []
        for key, element in self._near(numbers):
            if key in numbers:
                at = numbers[key]
            elif element.tag == "p" and key not in self.squeezed and self._is_lost(element):
                found.append((at, " ".join(normalize(_text(element)).split())))
        limit = MAX_LOST * sum(self.words)
        return found if sum(len(text.split()) for _, text in found) <= limit else []

    def _near(self, numbers: Mapping[str, int]) -> Iterator[tuple[str, Any]]:
        """The elements up to the heading of the next article, on pages that go on with one."""
        last = max((at for at, (key, _) in enumerate(self.elements) if key in numbers), default=0)
        for at, (key, element) in enumerate(self.elements):
            if at > last and element.tag == "h1":
                return
            yield key, element

    def _is_lost(self, element: Any) -> bool:
        home = home_of(element)
        if kind_of(home) not in self.homes or _article_around(home) not in self.articles:
            return False
        text = " ".join(_text(element).split())
        if len(text.split()) < MIN_LOST_WORDS or not ENDS.search(text[-8:]):
            return False
        if call_rule(Line(Span(0, len(text)), text)):
            return False
        linked = sum(len(link.text_content()) for link in element.iter("a"))
        return linked <= MAX_LINKED * len(text) and not _is_aside(element, home)

    @cached_property
    def articles(self) -> list[Any]:
        """The article elements that the rooms stand in."""
        return [_article_around(room) for room in self.rooms]

    def apart(self) -> Iterator[int]:
        """The starts of the lines at the end that stand outside the home or in boxes of their own."""
        first = self._first(self._is_outside, MAX_OUTSIDE)
        first = min(first, self._first(lambda at: self._is_outside(at) or self._is_boxed(at), MAX_BOXED))
        return (line.span.start for line in self.lines[first:])

    def _first(self, is_apart: Callable[[int], bool], most: float) -> int:
        """The first of the lines at the end that are all apart; lines that were not found go with those."""
        first = end = len(self.lines)
        for at in range(end - 1, 0, -1):
            if self.keys[at] not in self.places:
                continue
            if not is_apart(at):
                break
            first = at
        words = sum(self.words[first:])
        long = sum(words for words in self.words[first:] if words >= LONG)
        asked = sum(line.text.endswith("?") for line in self.lines[first:])
        is_box = words <= most * sum(self.words) and long >= PROSE * words and asked < MANY_QUESTIONS
        return first if is_box else end

    @cached_property
    def container(self) -> Any:
        """The smallest element that holds all the rooms."""
        lines = [[*reversed(list(room.iterancestors())), room] for room in self.rooms]
        shared = [found[0] for found in zip(*lines, strict=False) if all(one is found[0] for one in found)]
        return shared[-1] if shared else None

    def _is_outside(self, at: int) -> bool:
        return all(
            _is_linked(element)
            or (kind_of(home_of(element)) not in self.homes and not _is_within(element, self.container))
            for element in self.places[self.keys[at]]
        )

    def _is_boxed(self, at: int) -> bool:
        """Whether it stands in an element of a kind of its own, which no paragraph of the article has."""
        for element in self.places[self.keys[at]]:
            home = home_of(element)
            tag, classes = kind_of(home)
            is_of_home = any(tag == other and classes & shared for other, shared in self.homes)
            if is_of_home or not home.get("class"):
                return False
        return True


def _blocks(body: Any) -> Iterator[tuple[str, Any]]:
    """The elements that hold lines of text, in the page's order, with the keys of these lines."""
    for element in body.iter(*BLOCKS, *HOLDERS):
        start = element.text or ""
        if element.tag in HOLDERS and not start.strip():
            continue
        if len(start) < FULL_START:
            start = "".join(islice(element.itertext(), PARTS))
        if key := _key(start):
            yield key, element


def _key(text: str) -> str:
    start = text[: 4 * KEY]
    return SQUEEZED.sub("", start if start.isascii() else unicodedata.normalize("NFC", start))[:KEY]


def _text(element: Any) -> str:
    """The text of an element, without scripts and styles."""
    return "".join(element.xpath(".//text()[not(parent::script or parent::style)]"))


def home_of(element: Any) -> Any:
    """The element that an article's paragraph stands in: the next one around it that is more than flow."""
    home = element
    while home is not None and home.tag in FLOW:
        home = home.getparent()
    return home


def kind_of(element: Any) -> Kind:
    """The tag of an element and its classes; without classes, the way to those of an outer one."""
    tags = ""
    while element is not None:
        tags += f"/{element.tag}"
        if classes := element.get("class"):
            return tags, frozenset(classes.split())
        element = element.getparent()
    return tags, frozenset()


def _is_linked(element: Any) -> bool:
    """Whether all of it is a link."""
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _is_card(home: Any) -> bool:
    """Whether an element shows another article: its heading is a link, and it says little else."""
    if home is None or sum(1 for _ in islice(home.iter("p"), CARD_PARAGRAPHS + 1)) > CARD_PARAGRAPHS:
        return False
    return any(
        _is_linked(heading) or heading.find(".//a") is not None for heading in home.iter("h2", "h3", "h4")
    )


def _article_around(element: Any) -> Any:
    return next(element.iterancestors("article"), None)


def _is_within(element: Any, container: Any) -> bool:
    return container is None or any(outer is container for outer in element.iterancestors())


def _is_aside(element: Any, home: Any) -> bool:
    """Whether it is a caption or a box after all, or is not shown."""
    here = element
    while here is not None and here is not home:
        if here.tag in NO_PROSE or HIDDEN.search(here.get("style") or ""):
            return True
        here = here.getparent()
    return False


def _with_lost(text: str, layout: _Layout, lost: Sequence[tuple[int, str]]) -> str:
    """The text with paragraphs put behind the lines they follow."""
    parts: list[str] = []
    done = 0
    for at, paragraph in lost:
        end = layout.lines[at].span.end if at >= 0 else 0
        parts.append(text[done:end])
        parts.append(f"\n{paragraph}" if end else f"{paragraph}\n")
        done = end
    return "".join(parts) + text[done:]
