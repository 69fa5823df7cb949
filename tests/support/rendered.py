"""What a browser would make of Markdown: the elements, the links, and the text that is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt


@dataclass
class Rendered:
    """A page: the names of its elements, where its links lead, its text."""

    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Rendered()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.page.links.append(value or "")
            elif name != "style":  # how cells are aligned
                self.page.tags.add(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        self.page.text += data


def rendered(markdown: str) -> Rendered:
    """The page of a text in Markdown (CommonMark with tables and strike-through), HTML in it let through."""
    reads = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return page_of(reads.render(markdown))


def page_of(html: str) -> Rendered:
    """The page of an HTML text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
