"""Who said a quote that no speaker stands beside: phrases, candidates, and the choice among them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tasks.annotate.entities import annotate_entities
from tasks.annotate.quotes import annotate_quotes
from tasks.annotate.quotes.assembly import Draft, assemble
from tasks.annotate.quotes.attribution import Tagging
from tasks.annotate.quotes.trained.candidates import COLUMNS, Candidate, Surroundings
from tasks.annotate.quotes.trained.phrases import phrases
from tasks.annotate.quotes.trained.ranking import doubtful
from tasks.annotate.quotes.trained.speech_parts import TAGS
from tasks.annotate.quotes.trained.tagger import TrainedTagger
from tasks.annotate.quotes.units import Reading, Unit, read_units
from tasks.annotate.tokens import paragraphs, words
from tasks.model import Document, Given, Role, Segment, SourceDocument, Span


def document(text: str) -> Document:
    source = SourceDocument("key", "id", "here", "text", text, Given(), "digest")
    return Document(source, text, (Segment(Span(0, len(text)), Role.BODY, "test"),))


def speakers(text: str) -> list[str | None]:
    article = document(text)
    parts = paragraphs(article)
    layer = annotate_entities(article, parts)
    found = annotate_quotes(article, parts, layer.mentions, layer.entities)
    return [quote.speaker.of(text) if quote.speaker else None for quote in found]


def read(text: str) -> tuple[Reading, Tagging, list[Draft]]:
    article = document(text)
    parts = paragraphs(article)
    reading = read_units(article, parts, annotate_entities(article, parts).mentions)
    tagging = TrainedTagger().tag(reading)
    return reading, tagging, assemble(reading, tagging.attributions)


def asked(text: str) -> list[tuple[int, list[Candidate]]]:
    reading, tagging, drafts = read(text)
    return list(doubtful(Surroundings(reading, tagging.signs, drafts)))


@pytest.mark.parametrize(
    ("text", "tags", "expected"),
    [
        (
            "The old mayor of Oslo told her staff he left .",
            "DT JJ NN IN NNP VBD PRP$ NN PRP VBD MARK",
            ["The old mayor of Oslo", "her staff", "he"],
        ),
        ("Berg 's two aides who left", "NNP POS CD NNS WP VBD", ["Berg 's two aides", "who"]),
        ("the plan the party made", "DT NN DT NN VBD", ["the plan", "the party"]),
        ("very quickly and", "RB RB CC", []),
    ],
)
def test_phrases_are_told_by_parts_of_speech(text: str, tags: str, expected: list[str]) -> None:
    units = [Unit(word.start, word.end, word.text, word.text.lower()) for word in words(text)]
    found = phrases(units, [TAGS.index(tag) for tag in tags.split()], 0, len(units))
    assert [text[units[start].start : units[end - 1].end] for start, end in found] == expected


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "In explaining why those “common-sense plans” had failed, Anna Berg described a broken system.",
            "Anna Berg",
        ),
        ("After saying her foot was “so swollen I could barely walk,” Anna Berg went home.", "Anna Berg"),
        ("The plan made it harder. Said Mellis: “I don’t get the sense she’s interested.”", "Mellis"),
        (
            "Citing the attack as a call for their “reveries about the office,” Tom Okafor left the hall.",
            "Tom Okafor",
        ),
    ],
)
def test_a_cue_without_a_speaker_beside_it_has_the_likeliest(text: str, speaker: str) -> None:
    assert speakers(text)[0] == speaker


def test_a_verb_that_no_list_knows_is_no_part_of_the_speaker() -> None:
    assert speakers("Anna Berg was tired. “We are done here,” Berg closed.") == ["Berg"]


def test_the_words_that_name_a_speaker_end_in_no_comma() -> None:
    assert speakers("Anna Berg, the deputy finance minister of Norland, said that rates would fall.") == [
        "Anna Berg, the deputy finance minister of Norland"
    ]


def test_nobody_else_is_asked_where_a_speaker_stands_beside_the_cue() -> None:
    assert asked("“We will pay,” Anna Berg said. Tom Okafor said it was late.") == []


def test_candidates_share_no_word_and_stand_in_the_text() -> None:
    text = (
        "Tom Okafor met the board of the bank. In explaining why its “common-sense plans” had not passed, "
        "Anna Berg, the deputy minister, described a broken system."
    )
    ((_, found),) = asked(text)
    assert all(len(candidate.traits) == len(COLUMNS) for candidate in found)
    cores = sorted(candidate.core for candidate in found)
    assert all(one.end <= other.start for one, other in pairwise(cores))
    assert {"Tom Okafor", "Anna Berg"} <= {candidate.core.of(text) for candidate in found}


def test_a_speaker_told_by_the_form_of_a_line_stays() -> None:
    assert asked("ROE: You said that the bank would pay. Did Anna Berg know?") == []
    assert asked("“All is lost, and nobody will pay for any of it.” — Anna Berg") == []
