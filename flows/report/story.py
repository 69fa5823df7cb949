"""A story's rows as what a page shows: outlets side by side, statements, speakers, names, texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from typing import Any, Final

from flows.outcome import counted
from flows.report import words
from flows.report.marked import notes_of, parts
from flows.report.model import Article, Named, Note, Said, Speaker, Story, Told, Voice
from flows.report.overview import KINDS, between, speaker_bar
from flows.report.statements import alone, shared
from flows.story_command import SHORT_ID, when
from warehouse.report import StoryRows, TextRows

Row = Mapping[str, Any]

MOST_SHARED: Final = 40  # statements
MOST_LONELY: Final = 24  # voices with statements of their own
MOST_SPEAKERS: Final = 15
MOST_QUOTES: Final = 8  # of one speaker
KINDS_OF_NAMES: Final = (
    ("PER", "People"),
    ("ORG", "Organisations"),
    ("LOC", "Places"),
    ("NORP", "Nationalities and groups"),
)


def story(rows: StoryRows) -> Story:
    """All that a page shows of a story, or of an article that stands in none."""
    found = rows.found
    notes = {
        row["article_id"]: notes_of(quotes, f"a{at}")
        for at, row in enumerate(found.articles, start=1)
        for quotes in [[quote for quote in found.quotes if quote["article_id"] == row["article_id"]]]
    }
    texts = _articles(found, notes)
    speakers = _speakers(found, notes, {article.anchor for article in texts})
    page = rows.page
    statements = shared(page) if page else ()
    lonely = alone(page) if page else ()
    return Story(
        story_id=str(page.story["story_id"]) if page else None,
        title=words.title(page.story["title"] if page else found.articles[0]["title"]),
        facts=_facts(page.story if page else None, found),
        voices=_voices(page.board, found, {article.anchor for article in texts}) if page else (),
        shared=statements[:MOST_SHARED],
        more_shared=max(len(statements) - MOST_SHARED, 0),
        alone=lonely[:MOST_LONELY],
        more_alone=max(len(lonely) - MOST_LONELY, 0),
        speakers=speakers[:MOST_SPEAKERS],
        more_speakers=max(len(speakers) - MOST_SPEAKERS, 0),
        names=_names(found.entities),
        articles=texts,
        without_text=len(found.articles) - len(texts),
    )


def _facts(told: Row | None, found: TextRows) -> tuple[str, ...]:
    """The line below the title."""
    if told is None:
        return (counted(len(found.quotes), "quote"),)
    copies = [f"{told['copies']:,} {'copy' if told['copies'] == 1 else 'copies'}"] if told["copies"] else []
    return (
        between(told["first_published_at"], told["last_published_at"]),
        counted(told["articles"], "article"),
        *copies,
        counted(len(told["voices"]), "independent voice"),
        counted(len(found.quotes), "quote"),
    )


# --- outlets -------------------------------------------------------------------------


def _voices(board: Sequence[Row], found: TextRows, shown: set[str]) -> tuple[Voice, ...]:
    anchors = _anchors(found)
    return tuple(
        Voice(
            number=number,
            name=words.name(rows[0]["voice"], "Unknown outlet"),
            articles=tuple(_told(row, anchors, shown) for row in rows),
            speakers=tuple(sorted({words.name(one) for row in rows for one in row["speakers"] or ()})),
        )
        for number, group in groupby(board, key=lambda row: row["voice_no"])
        for rows in [list(group)]
    )


def _told(row: Row, anchors: Mapping[Any, str], shown: set[str]) -> Told:
    anchor = anchors.get(row["article_id"])
    return Told(
        outlet=words.name(row["outlet"], "Unknown outlet"),
        title=words.title(row["title"]),
        when=when(dict(row)),
        is_copy=row["role"] == "copy",
        quotes=row["quotes"],
        address=words.link(row["url"]),
        anchor=anchor if anchor in shown else None,
    )


def _anchors(found: TextRows) -> dict[Any, str]:
    return {row["article_id"]: f"a{at}" for at, row in enumerate(found.articles, start=1)}


# --- speakers and names ----------------------------------------------------------------


def _speakers(found: TextRows, notes: Mapping[Any, tuple[Note, ...]], shown: set[str]) -> tuple[Speaker, ...]:
    """Everybody who is quoted: who has a name first, then by how many articles quote them, and how often."""
    outlets = {row["article_id"]: row["outlet"] or row["input_id"] for row in found.articles}
    of: dict[object, list[tuple[Row, Note]]] = {}
    for article_id, numbered in notes.items():
        quotes = [quote for quote in found.quotes if quote["article_id"] == article_id]
        for quote, note in zip(quotes, numbered, strict=True):
            who = quote["speaker_entity_id"] or (quote["speaker"] or "").casefold()
            of.setdefault(who, []).append((quote, note))
    ranked = sorted(of.values(), key=_rank)
    most = max(map(len, ranked), default=0)
    ends = _ends(found)
    return tuple(_speaker(said, outlets, ends, shown, most) for said in ranked)


def _rank(said: Sequence[tuple[Row, Note]]) -> tuple[bool, int, int, str]:
    first = said[0][0]
    articles = len({quote["article_id"] for quote, _ in said})
    return first["speaker_entity_id"] is None, -articles, -len(said), str(first["speaker"] or "")


def _speaker(
    said: Sequence[tuple[Row, Note]],
    outlets: Mapping[Any, str],
    ends: Mapping[Any, int],
    shown: set[str],
    most: int,
) -> Speaker:
    kinds = Counter(quote["kind"] for quote, _ in said)
    roles = Counter(note.role for _, note in said if note.role)
    role = roles.most_common(1)[0][0] if roles else ""
    quotes: dict[str, list[tuple[Row, Note]]] = {}
    for quote, note in said:
        quotes.setdefault(" ".join(_worded(quote).casefold().split()), []).append((quote, note))
    ordered = sorted(quotes.values(), key=lambda same: -len(same))
    return Speaker(
        name=said[0][1].speaker,
        role=role,
        bar=speaker_bar(said[0][1].speaker, {kind: kinds[kind] for kind in KINDS}, most),
        quotes=tuple(_said(same, outlets, ends, shown) for same in ordered[:MOST_QUOTES]),
        more=max(len(ordered) - MOST_QUOTES, 0),
    )


def _said(
    same: Sequence[tuple[Row, Note]],
    outlets: Mapping[Any, str],
    ends: Mapping[Any, int],
    shown: set[str],
) -> Said:
    places = [
        note.anchor
        for quote, note in same
        if quote["spans"][0]["char_start"] < ends.get(quote["article_id"], 0)
    ]
    quote = same[0][0]
    return Said(
        words=words.quoted(_worded(quote)),
        kind=quote["kind"],
        outlets=words.listed(list(dict.fromkeys(outlets[one["article_id"]] for one, _ in same))),
        anchor=places[0] if places and shown else None,
    )


def _ends(found: TextRows) -> dict[Any, int]:
    """How far each article's text is on the page."""
    return {row["article_id"]: len(row["text"]) for row in found.texts}


def _worded(quote: Row) -> str:
    """A quote without the attribution that interrupts it."""
    start = quote["char_start"]
    pieces = (quote["text"][span["char_start"] - start : span["char_end"] - start] for span in quote["spans"])
    return " … ".join(pieces)


def _names(entities: Iterable[Row]) -> tuple[tuple[str, tuple[Named, ...]], ...]:
    by_label: dict[str, list[Named]] = {}
    for row in entities:
        by_label.setdefault(row["label"], []).append(
            Named(words.name(row["name"]), row["mentions"], row["articles"])
        )
    return tuple((heading, tuple(by_label[label])) for label, heading in KINDS_OF_NAMES if label in by_label)


# --- texts -----------------------------------------------------------------------------


def _articles(found: TextRows, notes: Mapping[Any, tuple[Note, ...]]) -> tuple[Article, ...]:
    facts = {row["article_id"]: row for row in found.articles}
    anchors = _anchors(found)
    return tuple(
        _article(facts[row["article_id"]], row, found, notes[row["article_id"]], anchors[row["article_id"]])
        for row in found.texts
    )


def _article(row: Row, text: Row, found: TextRows, notes: Sequence[Note], anchor: str) -> Article:
    quotes = [quote for quote in found.quotes if quote["article_id"] == row["article_id"]]
    segments = [one for one in found.segments if one["version_id"] == text["version_id"]]
    end = len(text["text"])
    return Article(
        anchor=anchor,
        title=words.title(row["title"] or row["input_id"]),
        outlet=words.name(row["outlet"], "Unknown outlet"),
        facts=tuple((label, value) for label, value in _known(row) if value),
        address=words.link(row["url"]),
        parts=parts(text["text"], segments, quotes, notes),
        notes=tuple(
            note for quote, note in zip(quotes, notes, strict=True) if quote["spans"][0]["char_start"] < end
        ),
        cuts=row["cuts"],
        cut_short=row["characters"] > end,
        command=f"onrecord show {str(row['article_id'])[:SHORT_ID]}",
    )


def _known(row: Row) -> tuple[tuple[str, str], ...]:
    inferred = " (inferred from the text)" if row["published_source"] == "text" else ""
    return (
        ("Published", moment(row["published_at"]) + inferred),
        ("Changed", moment(row["modified_at"]) if row["modified_at"] else ""),
        ("By", words.name(row["author"])),
        ("Publisher", words.name(row["publisher"])),
        ("Section", words.name(row["section"])),
        ("Language", words.name(row["language"])),
        ("Address", "" if words.link(row["url"]) else words.title(row["url"]) if row["url"] else ""),
    )


def moment(at: datetime | None) -> str:
    """A moment to the minute; a day where only that is known."""
    if at is None:
        return "no date"
    return f"{at:%Y-%m-%d}" if at.time() == time() else f"{at:%Y-%m-%d %H:%M} UTC"
