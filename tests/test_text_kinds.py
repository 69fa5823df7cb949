"""No flood of nonsense out of texts that are no English prose: headlines, lists, tables, other languages."""

from __future__ import annotations

import pytest

from tasks.annotate.entities import annotate_entities
from tasks.annotate.tokens import paragraphs
from tasks.model import Document, Given, Role, Segment, SourceDocument, Span

NAMES = {"PER", "ORG", "LOC"}


def names(text: str) -> list[tuple[str, str]]:
    source = SourceDocument("key", "key", "key", "text", text, Given(), "digest")
    document = Document(source, text, (Segment(Span(0, len(text)), Role.BODY, "test"),))
    layer = annotate_entities(document, paragraphs(document))
    return [(one.span.of(text), one.label.value) for one in layer.mentions if one.label in NAMES]


@pytest.mark.parametrize(
    "text",
    [
        "Strong Growth Expected After Rates Are Cut Again This Week",
        "How To Make The Best Summer Salad: Ten Tips From Our Readers",
        "Why You Should Never Skip Breakfast, According To New Research",
        "MINISTER WARNS OF NEW STRIKES AS COUNTRY BRACES FOR LONG WINTER",
        "BREAKING NEWS: SCHOOLS TO STAY CLOSED UNTIL MONDAY",
        "What We Know So Far About The Fire",
    ],
)
def test_a_headline_without_a_name_gives_none(text: str) -> None:
    assert names(text) == []


def test_known_names_are_found_in_headlines_and_capitals() -> None:
    assert ("Brazil", "LOC") in names("Strong Growth Expected After Brazil Cuts Rates Again This Week")
    assert ("FRANCE", "LOC") in names("MINISTER WARNS OF NEW STRIKES AS FRANCE BRACES FOR LONG WINTER")


def test_a_text_in_capitals_gives_few_names() -> None:
    text = (
        "THE COUNCIL VOTED ON TUESDAY TO CLOSE THE OLD BRIDGE. RESIDENTS WERE ANGRY AND SAID SO. "
        "WORK WILL BEGIN IN SPRING, AND BUSES WILL TAKE ANOTHER ROAD. NOBODY KNOWS FOR HOW LONG."
    )
    assert len(names(text)) <= 1


def test_a_list_of_people_is_a_list_of_people() -> None:
    people = ["Ana Petrova", "Kofi Mensah", "Maria Lopez Garcia", "John Smith", "Ahmed Hassan"]
    found = names("Guests: " + ", ".join(people))
    assert [surface for surface, _ in found] == people
    assert {label for _, label in found} == {"PER"}


def test_a_table_of_results_gives_names_not_numbers() -> None:
    text = "1. Kenya 45:12\n2. Ethiopia 45:30\n3. Uganda 46:01\nPld W D L GF GA Pts\n10 7 2 1 21 9 23\n"
    assert names(text) == [("Kenya", "LOC"), ("Ethiopia", "LOC"), ("Uganda", "LOC")]


@pytest.mark.parametrize("text", ["±\x80\U00018cd6\x1b", "’s ’s", "•••", "— 7 — 8 —", "(™) ®"])
def test_marks_and_numbers_are_no_names(text: str) -> None:
    assert names(text) == []


def test_notices_of_a_site_are_no_names() -> None:
    text = "Sign up for our newsletter.\nShare this article\nRead More\nLoading...\nAdvertisement\n"
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Der Stadtrat hat am Dienstag beschlossen, die alte Brücke zu schließen, weil sie unsicher ist.",
        "El ayuntamiento decidió cerrar el viejo puente porque ya no es seguro, dijo ayer la alcaldesa.",
        "委員会は火曜日に古い橋を閉鎖することを決めた。",
        "Городской совет решил закрыть старый мост, потому что он больше не безопасен.",
    ],
)
def test_another_language_gives_next_to_nothing(text: str) -> None:
    assert len(names(text)) <= 2
