"""The same statement across the articles of a story: what is paired, what is not, what a statement is."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.annotate import annotate
from tasks.clean import clean
from tasks.link.statements.model import Source
from tasks.link.statements.packing import unpacked_sayings
from tasks.model import DocumentRef
from tasks.read.discover import discover
from tasks.read.document import read_document
from tasks.stage import article_id, document_rows
from tests.support.made_articles import FACTS, PLACES
from tests.support.tellings import NOON, Told, article, link, telling, words
from warehouse.rows import SayingsRow

BRIDGE = "We will rebuild every bridge in the valley before the first snow falls"


def found(*tellings: Told) -> list[tuple[str, str, str]]:
    """The kind and the words of each pair, in a fixed order."""
    pairs = [
        (pair.kind.value, *sorted((words(pair.a, *tellings), words(pair.b, *tellings))))
        for pair in link(*tellings).pairs
    ]
    return sorted((kind, one, other) for kind, one, other in pairs)


# --- what is compared --------------------------------------------------------------


def test_a_quote_is_cut_into_its_sentences_and_its_passages() -> None:
    one = telling(
        "a",
        "{rosa lind: “We will rebuild the bridge. Nobody asked the valley ... Now the owners must pay.”}\n"
        "{rosa lind: it was time to “open the old road to the coast” and to “pay” the stranded drivers}.",
    )
    sayings = one.told.sayings
    assert [words(saying, one) for saying in sayings] == [
        "We will rebuild the bridge",
        "Nobody asked the valley",
        "Now the owners must pay",
        "open the old road to the coast",
        "and to “pay” the stranded drivers",
    ]
    assert [saying.marked for saying in sayings] == [True, True, True, True, False]


def test_contractions_hyphens_and_apostrophes_do_not_make_another_wording() -> None:
    one = telling("a", "{rosa lind: “We’re not well-prepared, and we don't hide it.”}")
    other = telling("b", "{rosa lind: “We are not well prepared, and we do not hide it.”}")
    assert [kind for kind, *_ in found(one, other)] == ["same"]


# --- what is one statement ---------------------------------------------------------


def test_words_parts_and_edits_of_one_statement_are_told_apart() -> None:
    whole = telling("a", f"{{rosa lind: “{BRIDGE}, and the state will pay for it.”}}")
    part = telling("b", "Lind wants to {rosa lind: “rebuild every bridge in the valley”}.")
    edited = telling(
        "c", "{rosa lind: “We'll rebuild each bridge in our valley before the first snow falls.”}"
    )
    again = telling("d", f"{{rosa lind: “{BRIDGE.upper()}, AND THE STATE WILL PAY FOR IT.”}}")
    assert [kind for kind, *_ in found(whole, again)] == ["same"]
    assert [kind for kind, *_ in found(whole, part)] == ["fragment"]
    assert [kind for kind, *_ in found(whole, edited)] == ["variant"]


def test_one_quote_meets_two_quotes_of_another_article() -> None:
    one = telling(
        "a",
        "{rosa lind: “The ferry stays in the harbour until Friday. Every ticket will be paid back in full.”}",
    )
    two = telling(
        "b",
        "{rosa lind: “Every ticket will be paid back in full,”} Lind said.\n"
        "{rosa lind: “The ferry stays in the harbour until Friday.”}",
    )
    assert [kind for kind, *_ in found(one, two)] == ["same", "same"]


def test_a_repeated_lede_is_paired_inside_its_article() -> None:
    lede = "{rosa lind: The ferry stays in the harbour until the storm is over}, Lind said."
    one = telling("a", f"{lede}\n{lede}")
    assert [kind for kind, *_ in found(one, telling("b", "Nothing."))] == ["same"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Short words that anybody may say.
        ("{rosa lind: “Thank you very much.”}", "{omar haddad: “Thank you very much.”}"),
        ("{rosa lind: “Yes.”}", "{rosa lind: “Yes.”}"),
        # One topic, two statements.
        (
            "{rosa lind: “The bridge in the valley was built by my grandfather.”}",
            "{rosa lind: “The bridge in the valley will be sold to the highest bidder.”}",
        ),
        # The same sentence of another day, or with another figure.
        (
            "{rosa lind: “We would have liked to open the harbour on Friday.”}",
            "{rosa lind: “We would have liked to open the harbour on Saturday.”}",
        ),
        (
            "{rosa lind: “We have sent 40 engineers to the flooded villages in the north.”}",
            "{rosa lind: “We have sent 90 engineers to the flooded villages in the south.”}",
        ),
    ],
)
def test_what_only_looks_alike_is_not_paired(one: str, other: str) -> None:
    pairs = found(telling("a", one), telling("b", other))
    assert pairs == []


def test_the_same_long_words_are_one_statement_whoever_is_said_to_have_spoken() -> None:
    one = telling("a", f"{{rosa lind: “{BRIDGE}.”}}")
    assert [kind for kind, *_ in found(one, telling("b", f"{{peter novak: “{BRIDGE}.”}}"))] == ["same"]


# --- statements --------------------------------------------------------------------


def test_a_statement_is_headed_by_its_fullest_wording_and_named_by_its_first() -> None:
    part = telling("a", "Lind will {rosa lind: “rebuild every bridge in the valley”}.")
    whole = telling("b", f"{{rosa lind: “{BRIDGE}.”}}", hours=2)
    alone = link(part).statements
    both = link(part, whole).statements
    assert [[wording.kind for wording in statement.wordings] for statement in both] == [[None, "fragment"]]
    assert words(both[0].head, part, whole) == BRIDGE
    assert both[0].statement_id == alone[0].statement_id


def test_two_statements_that_share_a_fragment_stay_two() -> None:
    tellings = (
        telling("a", "{rosa lind: “No ship will leave the harbour, and the winter will be long.”}"),
        telling("b", "{rosa lind: “No ship will leave the harbour, whatever the owners of the fleet want.”}"),
        telling("c", "{rosa lind: “no ship will leave the harbour”}"),
    )
    statements = link(*tellings).statements
    assert sorted(len(statement.wordings) for statement in statements) == [1, 2]


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(5)))
def test_the_order_of_the_articles_changes_nothing(order: list[int]) -> None:
    tellings = [
        telling("a", f"{{rosa lind: “{BRIDGE}.”}} {{omar haddad: “Nobody was told about the contract.”}}"),
        telling("b", "{rosa lind: “rebuild every bridge in the valley”}", hours=1),
        telling("c", "{rosa lind: “We'll rebuild each bridge in the valley before the first snow falls.”}"),
        telling("d", "{omar haddad: “Nobody was told about the new contract.”}", hours=1),
        telling("e", "{: Nobody was told about the contract, nobody at all}"),
    ]
    assert link(*[tellings[place] for place in order]) == link(*tellings)


# --- large stories -----------------------------------------------------------------


def test_copies_cost_one_pair_each() -> None:
    text = (
        "{rosa lind: “The ferry stays in the harbour until Friday. Every ticket will be paid back in full.”}"
    )
    copies = [telling(str(number), text, hours=number) for number in range(50)]
    linked = link(*copies)
    assert len(linked.pairs) == 2 * 49
    assert [len(statement.wordings) for statement in linked.statements] == [50, 50]
    assert {copies[0].article_id} <= {linked.pairs[0].a.article_id, linked.pairs[0].b.article_id}


def test_a_story_of_two_hundred_articles_compares_a_few_of_its_sayings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = []
    monkeypatch.setattr(
        "tasks.link.statements.pairs.judged", lambda one, other: looked_at.append((one, other))
    )
    tellings = [telling(str(number), "\n".join(made_quotes(number))) for number in range(200)]
    sayings = sum(len(one.told.sayings) for one in tellings)
    link(*tellings)
    assert sayings > 2000
    assert len(looked_at) < 20 * sayings  # each with each would be 1,000 times as many


def made_quotes(seed: int) -> Iterable[str]:
    """Quotes made of the words of a dozen sentences, recombined: one topic, no two alike."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    pool = " ".join(FACTS).replace("{", "").replace("}", "").split()
    for _ in range(12):
        said = " ".join(chance.choices(pool, k=14))
        yield f"{{rosa lind: “In {chance.choice(PLACES)} {said}”}}"


# --- translated --------------------------------------------------------------------

OCCASION = "Harbour minister [Rosa Lind|n:lind] spoke in an interview with [Radio Norte|n:radio norte].\n"
FIRST = (
    "{rosa lind: “We have no exact figure of the sailors who were set free.”}",
    "{rosa lind: “According to our data [several hundred|q:several hundred] sailors left the port.”}",
    "{rosa lind: “These sailors may bring the old fleet back to its former power.”}",
    "{rosa lind: “The treaty of [May 2|d:2024-05-02] serves this aim and is being implemented.”}",
)
SECOND = (
    "{rosa lind: “There is not yet an exact number for sailors that possibly went free.”}",
    "{rosa lind: “By our data this is about [several hundred|q:several hundred] sailors at the port.”}",
    "{rosa lind: “Such freed sailors can help restore the power of the old fleet.”}",
    "{rosa lind: “This is what the treaty, signed on [May 2|d:2024-05-02] and being implemented, is for.”}",
)


def reworded(one: Iterable[str], other: Iterable[str], *occasions: str) -> int:
    """How many pairs of two articles are found to be reworded."""
    first, second = occasions or (OCCASION, OCCASION)
    pairs = found(telling("a", first + "\n".join(one)), telling("b", second + "\n".join(other)))
    return sum(kind == "reworded" for kind, *_ in pairs)


def test_an_interview_in_two_translations_is_aligned_sentence_by_sentence() -> None:
    assert reworded(FIRST, SECOND) == 4


@pytest.mark.parametrize(
    ("one", "other", "occasions"),
    [
        pytest.param(FIRST, SECOND, (OCCASION, OCCASION.replace("interview", "walk")), id="no occasion"),
        pytest.param(FIRST, SECOND, (OCCASION, OCCASION.replace("norte", "sur")), id="another occasion"),
        pytest.param(FIRST, SECOND[::-1], (), id="another order"),
        pytest.param(FIRST[:2], SECOND[:2], (), id="two statements"),
        pytest.param(
            FIRST, [line.replace("rosa lind", "omar haddad") for line in SECOND], (), id="another speaker"
        ),
        pytest.param(
            FIRST,
            [
                line.replace("several hundred|q:several hundred", "40|q:40").replace("05-02", "05-03")
                for line in SECOND
            ],
            (),
            id="other figures",
        ),
    ],
)
def test_one_kind_of_evidence_less_and_nothing_is_reworded(
    one: list[str], other: list[str], occasions: tuple[str, ...]
) -> None:
    assert reworded(one, other, *occasions) == 0


def test_outlets_that_print_the_speakers_own_words_have_no_translation_between_them() -> None:
    own = f"{{rosa lind: “{BRIDGE}.”}}"
    assert reworded([*FIRST, own], [*SECOND, own]) == 0


def test_what_is_reworded_is_a_statement_of_its_own() -> None:
    one = telling("a", OCCASION + "\n".join(FIRST))
    two = telling("b", OCCASION + "\n".join(SECOND), hours=1)
    statements = link(one, two).statements
    assert [len(statement.wordings) for statement in statements] == [1] * 8
    assert [statement.reworded_from for statement in statements] == [
        *[None] * 4,
        *[statement.statement_id for statement in statements[:4]],
    ]
    assert {statement.head.article_id for statement in statements[4:]} == {article("b")}


# --- the seeds ---------------------------------------------------------------------

# What both articles report of the interview, as one reads them: how the statement begins in each.
BOTH_REPORT = {
    ("Several hundreds of ISIS militants have escaped from prions", "Several hundreds of members of the"),
    ("We do not have the exact number", "We do not yet have exact data"),
    ("At the same time, according to our data", "Meanwhile, according to the existing"),
    ("Russia is “significantly concerned”", 'Russia is "significantly concerned"'),
    ("These ISIS militants could facilitate", "freed IS militants may contribute"),
    ("In order to prevent the recreation", "prevent resumption of active fighting"),
    ("In order to prevent the recreation", "contribute to restoring Syria's sovereignty"),
    ("In fact, the Russia-Turkey Memorandum", "This is what the Russian-Turkish memorandum"),
}
# And what one of them repeats.
REPEATED = {
    "These ISIS militants could facilitate",
    "Several hundreds of members of the",
    "IS Gaining Strength",
}


def read(ref: DocumentRef) -> Told:
    """An article as it is loaded and read back."""
    found = annotate(clean(read_document(ref)))
    [row] = document_rows(found, "any")["article_sayings"]
    assert isinstance(row, SayingsRow)
    source = Source(str(article_id(found.document)), NOON)
    return Told(found.document.text, unpacked_sayings(row.sayings, source))


def test_every_statement_of_the_seeds_is_matched_and_none_wrongly(seeds: Path) -> None:
    tellings = [read(ref) for ref in discover([str(seeds)]).refs]
    across, within = set(), set()
    for pair in link(*tellings).pairs:
        both = words(pair.a, *tellings), words(pair.b, *tellings)
        if pair.a.article_id == pair.b.article_id:
            within |= {begin for begin in REPEATED if both[0].startswith(begin)} or {both[0]}
        else:
            meant = {
                (one, other)
                for one, other in BOTH_REPORT
                if any(s.startswith(one) for s in both) and any(s.startswith(other) for s in both)
            }
            across |= meant or {both}
    assert across == BOTH_REPORT
    assert within == REPEATED
