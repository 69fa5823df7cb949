"""What a page shows. Every text in here is ready to be shown; `address` is None where it is no link."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: its name, its number, and the lengths of its pieces in percent of the longest bar."""

    name: str
    number: int
    pieces: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A story in the list of the latest."""

    story_id: str
    title: str
    days: str
    voices: tuple[str, ...]
    facts: tuple[str, ...]
    shown: bool  # whether the page shows it whole


@dataclass(frozen=True, slots=True)
class Overview:
    """The warehouse in figures."""

    figures: tuple[tuple[str, str], ...]
    days: tuple[Bar, ...]
    undated: int
    speakers: tuple[Bar, ...]
    stories: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An article in the list of outlets."""

    outlet: str
    title: str
    when: str
    is_copy: bool
    quotes: int
    address: str | None
    anchor: str | None  # of its text on the page


@dataclass(frozen=True, slots=True)
class Voice:
    """A publisher with its articles, and with the copies of its texts."""

    number: int
    name: str
    articles: tuple[Told, ...]
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """How some outlets word a statement. In `words`, what differs from the fullest wording is marked."""

    outlets: tuple[str, ...]
    kind: str  # head, same, fragment, variant, reworded
    words: tuple[tuple[str, bool], ...]
    in_marks: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that more than one voice has, or one alone."""

    speaker: str
    wordings: tuple[Wording, ...]
    more: int  # wordings that are not shown
    squares: tuple[tuple[str, str], ...]  # for each voice its name, and: quoted, reworded, left-out, unknown
    told: str  # how many voices have it
    left_out_by: str


@dataclass(frozen=True, slots=True)
class Alone:
    """What one voice alone has."""

    voice: str
    statements: tuple[tuple[str, str, bool], ...]  # speaker, words, whether they stand in quote marks
    more: int


@dataclass(frozen=True, slots=True)
class Said:
    """A quote in the list of a speaker."""

    words: str
    kind: str
    outlets: str
    anchor: str | None  # of its place in a text of the page


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody with what they said."""

    name: str
    role: str
    bar: Bar
    quotes: tuple[Said, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Named:
    """An entity in the list of names."""

    name: str
    mentions: int
    articles: int


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a quote of a text. Its number leads to it, `anchor` to its place in the text."""

    number: int
    key: str
    anchor: str
    kind: str
    speaker: str
    role: str
    told: str


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a paragraph under one mark, or under none; `opens` where the quote begins."""

    words: str
    note: Note | None = None
    opens: bool = False
    speaker: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text that has one role. `reason` says why it has."""

    role: str
    rule: str
    score: str
    reason: str
    paragraphs: tuple[tuple[Run, ...], ...]

    @property
    def is_cut(self) -> bool:
        """Whether it does not belong to the article."""
        return self.role == "dropped"


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its text."""

    anchor: str
    title: str
    outlet: str
    facts: tuple[tuple[str, str], ...]
    address: str | None
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    cuts: int
    cut_short: bool  # whether the text is longer than what is shown
    command: str  # that shows all of it


@dataclass(frozen=True, slots=True)
class Story:
    """A story, or an article that stands in none (then there are no voices and statements)."""

    story_id: str | None
    title: str
    facts: tuple[str, ...]
    voices: tuple[Voice, ...]
    shared: tuple[Statement, ...]
    more_shared: int
    alone: tuple[Alone, ...]
    more_alone: int
    speakers: tuple[Speaker, ...]
    more_speakers: int
    names: tuple[tuple[str, tuple[Named, ...]], ...]
    articles: tuple[Article, ...]
    without_text: int


@dataclass(frozen=True, slots=True)
class Report:
    """A page."""

    title: str
    made_at: str
    warehouse: str
    where: str  # the option that commands need to mean this warehouse
    overview: Overview | None
    story: Story | None
