"""The quotes of the two seed articles: contents, cues and speakers, to the character."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tasks.annotate.entities import annotate_entities
from tasks.annotate.quotes import annotate_quotes
from tasks.annotate.tokens import paragraphs
from tasks.clean import clean
from tasks.model import Given, Quote, QuoteKind, SourceDocument

SEEDS = Path(__file__).parent.parent / "seeds"


@cache
def seed(name: str) -> tuple[str, tuple[tuple[Quote, str | None], ...]]:
    """A seed's text and its quotes, each with the name of its canonical speaker."""
    (path,) = SEEDS.glob(f"{name}_*.txt")
    content = path.read_text(encoding="utf-8")
    doc = clean(SourceDocument(path.name, path.name, str(path), "text", content, Given(), "digest"))
    parts = paragraphs(doc)
    layer = annotate_entities(doc, parts)
    found = annotate_quotes(doc, parts, layer.mentions, layer.entities)
    names = [layer.entities[q.speaker_entity].name if q.speaker_entity is not None else None for q in found]
    return doc.text, tuple(zip(found, names, strict=True))


def rows(name: str, *kinds: QuoteKind) -> list[tuple[str, str, str, str | None]]:
    """Content, cue, speaker in the text and canonical speaker of a seed's quotes."""
    text, found = seed(name)
    listed = []
    for quote, who in found:
        if quote.kind in kinds:
            assert quote.cue is not None
            assert quote.speaker is not None
            content = " / ".join(span.of(text) for span in quote.spans)
            listed.append((content, quote.cue.of(text), quote.speaker.of(text), who))
    return listed


MAN = "Oleg Syromolotov"
ROLE = "Russian Deputy Foreign Minister Oleg Syromolotov"


def ends(content: str) -> str:
    """The first three and the last two words."""
    words = content.split()
    return f"{' '.join(words[:3])} … {' '.join(words[-2:])}"


def test_the_first_seeds_direct_speech_is_exact() -> None:
    found = rows("000", QuoteKind.DIRECT)
    assert [(ends(content), *rest) for content, *rest in found] == [
        ('"These ISIS militants … armed potential,"', "said", "he", MAN),
        ('"We do not … from captivity,"', "said", "Syromolotov", MAN),
        ('"These ISIS militants … armed potential."', "adding", "Syromolotov", MAN),
        ('"In order to … by stage,"', "said", "he", MAN),
    ]
    assert all(content.count('"') == 2 for content, *_ in found)


def test_the_first_seeds_mixed_contents_are_whole_clauses() -> None:
    assert [(ends(content), *rest) for content, *rest in rows("000", QuoteKind.MIXED)] == [
        ("Russia is “significantly … this issue", "said", "Syromolotov", MAN),
        ("the revival of … is prevented", "According to", "Syromolotov", MAN),
    ]


def test_the_second_seeds_direct_speech_is_exact() -> None:
    assert [(ends(content), *rest) for content, *rest in rows("001", QuoteKind.DIRECT)] == [
        ('"We do not … detention centers,"', "said", "Syromolotov", MAN),
        ('"All this has … behind destabilization,"', "explained", "Syromolotov", MAN),
        ('"This is what … aimed at,"', "concluded", "Syromolotov", MAN),
    ]


def test_the_second_seeds_mixed_contents_hold_their_passages() -> None:
    found = rows("001", QuoteKind.MIXED)
    assert [(ends(content), *rest) for content, *rest in found] == [
        ('Russia is "significantly … terror organization,"', "added", "the deputy foreign minister", MAN),
        ("that it was … IS' potential", "noted", "He", MAN),
    ]
    assert [content.count('"') for content, *_ in found] == [4, 4]


def test_the_seeds_indirect_speech_is_found_in_titles_ledes_and_body() -> None:
    first, second = rows("000", QuoteKind.INDIRECT), rows("001", QuoteKind.INDIRECT)
    assert [(ends(content), *rest) for content, *rest in first[:3]] == [
        ("Several hundreds of … Turkish operation", "says", "Russia", "Russia"),
        ("Several hundreds of … northern Syria", "said", ROLE, MAN),
        ("Several hundreds of … combat capability", "said", ROLE, MAN),
    ]
    assert [(ends(content), cue, speaker) for content, cue, speaker, _ in first[3:]] == [
        ("Moscow had not … Sochi agreement", "saying", "Turkish Foreign Minister Mevlüt Çavuşoğu"),
        ("Turkey would launch … the YPG", "said", "Çavuşoğlu"),
    ]
    assert first[3][3] is not None
    assert first[3][3] == first[4][3]
    assert [(ends(content), *rest) for content, *rest in second] == [
        ("IS Gaining Strength … In Syria", "-", "Moscow", "Russia"),
        ("IS Gaining Strength … in Syria", "-", "Moscow", "Russia"),
        ("Several hundreds of … combat potential", "said", ROLE, MAN),
        ("Several hundreds of … combat potential", "said", ROLE, MAN),
    ]


def test_nothing_in_the_seeds_dropped_tail_is_a_quote() -> None:
    text, found = seed("000")
    tail = text.index("Man discovers")
    assert all(quote.hull.end < tail for quote, _ in found)
    assert sum(len(seed(name)[1]) for name in ("000", "001")) == 20
