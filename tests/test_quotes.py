"""Quotes: contents, cues and speakers, to the character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.annotate.quotes import annotate_quotes
from tasks.annotate.quotes.cues import Form, forms
from tasks.annotate.tokens import paragraphs
from tasks.model import (
    Document,
    Entity,
    Given,
    Label,
    Mention,
    NoSpeaker,
    Quote,
    QuoteKind,
    Role,
    Segment,
    SourceDocument,
    Span,
    Stance,
)

SEEDS = Path(__file__).parent.parent / "seeds"

# People and bodies of the constructed sentences, with a person's role.
CAST = {
    "Anna Berg": (Label.PERSON, "Deputy Finance Minister"),
    "Berg": (Label.PERSON, None),
    "Tom Okafor": (Label.PERSON, None),
    "Okafor": (Label.PERSON, None),
    "Norland": (Label.PLACE, None),
    "Central Bank": (Label.ORGANISATION, None),
}
NAMES = {"Berg": "Anna Berg", "Okafor": "Tom Okafor"}


@dataclass(frozen=True)
class Found:
    """A quote in words."""

    content: tuple[str, ...]
    cue: str | None
    speaker: str | None
    who: str | NoSpeaker | None
    quote: Quote


def document(text: str, *segments: tuple[int, int, Role]) -> Document:
    parts = segments or ((0, len(text), Role.BODY),)
    source = SourceDocument("key", "id", "here", "text", text, Given(), "digest")
    return Document(source, text, tuple(Segment(Span(a, b), role, "test") for a, b, role in parts))


def quotes_in(doc: Document) -> list[Found]:
    entities: dict[str, Entity] = {}
    mentions = []
    pattern = "|".join(sorted(CAST, key=len, reverse=True))
    for match in re.finditer(rf"\b(?:{pattern})\b", doc.text):
        label, role = CAST[match.group()]
        name = NAMES.get(match.group(), match.group())
        entities.setdefault(name, Entity(name, label, name))
        index = list(entities).index(name)
        mentions.append(Mention(Span(*match.span()), label, 1.0, "test", entity=index, role=role))
    names = list(entities)
    found = annotate_quotes(doc, paragraphs(doc), mentions, list(entities.values()))
    return [
        Found(
            tuple(span.of(doc.text) for span in quote.spans),
            quote.cue.of(doc.text) if quote.cue else None,
            quote.speaker.of(doc.text) if quote.speaker else None,
            names[quote.speaker_entity] if quote.speaker_entity is not None else quote.no_speaker,
            quote,
        )
        for quote in found
    ]


def the_quote(text: str) -> Found:
    (found,) = quotes_in(document(text))
    return found


@pytest.mark.parametrize(
    ("text", "content", "cue", "speaker"),
    [
        ('"We will pay," Berg said on Monday.', ['"We will pay,"'], "said", "Berg"),
        (
            "“We will pay,” said Anna Berg, the minister.",
            ["“We will pay,”"],
            "said",
            "Anna Berg, the minister",
        ),
        ('Berg said: "We will pay."', ['"We will pay."'], "said", "Berg"),
        ('Berg told reporters in Oslo: "We pay."', ['"We pay."'], "told", "Berg"),
        ("«We will pay», Berg added.", ["«We will pay»"], "added", "Berg"),
        ("„We will pay,“ Berg added.", ["„We will pay,“"], "added", "Berg"),
        ("``We will pay,'' Berg added.", ["``We will pay,''"], "added", "Berg"),
        ("''We will pay,'' Berg added.", ["''We will pay,''"], "added", "Berg"),
        ("‘We will pay,’ Berg said.", ["‘We will pay,’"], "said", "Berg"),
        ('"It is," Berg said, "our last word."', ['"It is,"', '"our last word."'], "said", "Berg"),
        ('"We pay," Berg said. "All of it."', ['"We pay,"', '"All of it."'], "said", "Berg"),
        ('"Will we pay?" Berg asked.', ['"Will we pay?"'], "asked", "Berg"),
        ('"No deal." — Anna Berg', ['"No deal."'], "—", "Anna Berg"),
    ],
)
def test_direct_speech_is_found_with_its_cue_and_speaker(
    text: str, content: list[str], cue: str, speaker: str
) -> None:
    found = the_quote(text)
    assert (list(found.content), found.cue, found.speaker) == (content, cue, speaker)
    assert found.quote.kind is QuoteKind.DIRECT
    assert found.who == "Anna Berg"


@pytest.mark.parametrize(
    ("text", "content", "cue", "kind"),
    [
        (
            "The bank is “gravely worried” over rates, Berg said.",
            "The bank is “gravely worried” over rates",
            "said",
            "mixed",
        ),
        (
            'Berg noted that it was vital to "act now" and to "act well".',
            'that it was vital to "act now" and to "act well"',
            "noted",
            "mixed",
        ),
        (
            'According to Berg, the loss can be "made good" only later.',
            'the loss can be "made good" only later',
            "According to",
            "mixed",
        ),
        ("The loss is small, according to Berg.", "The loss is small", "according to", "indirect"),
        ("Berg said Norland would pay by May.", "Norland would pay by May", "said", "indirect"),
        ("Berg also said on Tuesday that rates would fall.", "that rates would fall", "said", "indirect"),
        (
            "Rates will not fall this year, Berg told the committee.",
            "Rates will not fall this year",
            "told",
            "indirect",
        ),
        (
            "Berg, a former judge from Oslo, insisted that rates fell.",
            "that rates fell",
            "insisted",
            "indirect",
        ),
        ("Berg was quoted as saying that rates would fall.", "that rates would fall", "saying", "indirect"),
        ("Berg told the daily that rates would fall.", "that rates would fall", "told", "indirect"),
        (
            "Berg criticized Norland over rates, saying it had not paid.",
            "it had not paid",
            "saying",
            "indirect",
        ),
        ("In the words of Berg, rates are dead.", "rates are dead", "In the words of", "indirect"),
    ],
)
def test_reported_speech_is_the_whole_clause(text: str, content: str, cue: str, kind: str) -> None:
    found = the_quote(text)
    assert found.content == (content,)
    assert (found.cue, found.quote.kind, found.who) == (cue, kind, "Anna Berg")


def test_a_participle_without_a_subject_speaks_for_the_sentence() -> None:
    first, second = quotes_in(document('Rates are "too high," Berg said, adding: "We will act."'))
    assert first.content == ('Rates are "too high,"',)
    assert (second.content, second.cue, second.who) == (('"We will act."',), "adding", "Anna Berg")


@pytest.mark.parametrize(
    ("title", "content", "cue", "speaker"),
    [
        (
            "Hundreds of banks have failed after reform, says Norland",
            "Hundreds of banks have failed after reform",
            "says",
            "Norland",
        ),
        (
            "Banks Losing Strength After Norland's Reform - Central Bank",
            "Banks Losing Strength After Norland's Reform",
            "-",
            "Central Bank",
        ),
        ("Central Bank: Rates Will Not Fall", "Rates Will Not Fall", ":", "Central Bank"),
    ],
)
def test_titles_attribute_in_their_own_ways(title: str, content: str, cue: str, speaker: str) -> None:
    text = title + "\n\nRates rose."
    doc = document(text, (0, len(title) + 2, Role.TITLE), (len(title) + 2, len(text), Role.BODY))
    (found,) = quotes_in(doc)
    assert (found.content, found.cue, found.speaker, found.who) == ((content,), cue, speaker, speaker)


def test_a_pronoun_means_who_spoke_last_and_a_role_its_holder() -> None:
    text = (
        'Deputy Finance Minister Anna Berg met Tom Okafor. "We agreed," Berg said.\n'
        '"Rates fall," she said.\n"Rates rise," the deputy finance minister added.'
    )
    found = quotes_in(document(text))
    assert [each.who for each in found] == ["Anna Berg"] * 3
    assert [each.speaker for each in found] == ["Berg", "she", "the deputy finance minister"]


def test_a_pronoun_passes_over_who_goes_by_the_other_one() -> None:
    text = 'Anna Berg spoke in Oslo. Tom Okafor came late. "Rates fall," she said on Monday.'
    assert quotes_in(document(text))[-1].who == "Anna Berg"
    assert quotes_in(document(text.replace("she said", "he said")))[-1].who == "Tom Okafor"


def test_no_person_goes_by_which() -> None:
    text = (
        'Tom Okafor spoke. "Rates fall," he said. That is bad for Berg, which worries us. "They do," he said.'
    )
    assert quotes_in(document(text))[-1].who == "Tom Okafor"


@pytest.mark.parametrize("wording", ["the bank", "it"])
def test_a_body_is_the_one_named_last(wording: str) -> None:
    text = f'The Central Bank met on Monday. "Rates fall," {wording} said.'
    assert quotes_in(document(text))[-1].who == "Central Bank"


def test_an_office_is_the_person_whose_name_follows() -> None:
    found = quotes_in(document('The mayor, Anna Berg, said on Monday: "Rates will fall this year."'))
    assert found[-1].who == "Anna Berg"


def test_a_line_that_begins_with_from_announces_the_next_paragraph() -> None:
    found = the_quote("From Mayor Anna Berg:\n“We will pay for all of it.”")
    assert (found.content, found.cue, found.who) == (("“We will pay for all of it.”",), "From", "Anna Berg")


def test_a_paragraph_of_many_attributions_gives_them_all() -> None:
    found = quotes_in(document('"We will pay," Berg said. ' * 300))
    assert len(found) == 300
    assert {each.who for each in found} == {"Anna Berg"}


def test_marks_without_end_cost_little() -> None:
    assert quotes_in(document("“" * 50_000 + " said Berg")) == []
    assert len(paragraphs(document('"' * 50_000))[0].tokens) == 1


@pytest.mark.parametrize(
    ("text", "speaker", "reason"),
    [
        ('"We will pay," a senior official said.', "a senior official", NoSpeaker.UNNAMED),
        ('"They will pay," critics say.', "critics", NoSpeaker.GENERIC),
        ('"We will pay," the two men said.', "the two men", NoSpeaker.COLLECTIVE),
        ('"We will pay," residents said.', "residents", NoSpeaker.COLLECTIVE),
        ('"We will pay."', None, NoSpeaker.NOT_FOUND),
    ],
)
def test_where_no_entity_spoke_the_reason_is_said(text: str, speaker: str | None, reason: NoSpeaker) -> None:
    found = the_quote(text)
    assert (found.speaker, found.who) == (speaker, reason)


def test_a_passage_without_a_cue_has_the_speaker_before_it() -> None:
    text = 'The bank was closed, Berg said.\n"Nobody told us in time about any of it."'
    second = quotes_in(document(text))[1]
    assert (second.cue, second.speaker, second.who) == (None, "Berg", "Anna Berg")


def test_a_quote_over_several_paragraphs_is_one() -> None:
    found = the_quote('Berg said: "It began long ago.\n"It went on.\n"It ended today."')
    assert found.content == ('"It began long ago.', '"It went on.', '"It ended today."')


def test_a_colon_announces_the_next_paragraph() -> None:
    found = the_quote('Berg said in a statement:\n"We will pay."')
    assert (found.content, found.cue) == (('"We will pay."',), "said")


def test_a_nested_quote_names_its_carrier() -> None:
    outer, inner = quotes_in(document("“Okafor told me, ‘We will never pay,’ in May,” Berg said."))
    assert outer.who == "Anna Berg"
    assert (inner.content, inner.who) == (("‘We will never pay,’",), "Tom Okafor")
    assert (outer.quote.carrier, inner.quote.carrier) == (None, 0)


def test_a_transcript_names_its_speakers() -> None:
    found = quotes_in(document("BERG: We will pay.\nOKAFOR: When will that be?"))
    assert [each.content for each in found] == [("We will pay",), ("When will that be?",)]


@pytest.mark.parametrize(
    "text",
    [
        'The film "Cold Water" opened in May.',
        'Tom "Tiny" Okafor won the race.',
        "The workers' union and the banks' owners met in Oslo.",
        'Okafor is 6\'2" tall and owns a 40" screen.',
        "Rock 'n' roll was big in the '60s and '70s.",
        'A so-called "safe zone" was set up.',
        "The novel, “The Long Winter of the Northern Seas at War,” was in the shops on Monday.",
        "Okafor's song “I Want to Go Back to the Sea and Stay There” is a hit.",
        'Rates rose on Monday in Norland.\n\n"Related:"\n\nThe bank moved on.',
        "Okafor's claims came as a surprise.",
    ],
)
def test_titles_nicknames_scare_quotes_and_inches_are_no_quotes(text: str) -> None:
    assert quotes_in(document(text)) == []


def test_a_passage_without_a_cue_may_share_its_paragraph() -> None:
    found = the_quote("Berg left the hall. “We are done here.” Her aides followed.")
    assert (found.content, found.cue, found.who) == (("“We are done here.”",), None, "Anna Berg")


def test_a_cue_inside_a_passage_attributes_nothing() -> None:
    found = the_quote('"There are, according to our data, nine banks left," Berg said.')
    assert (found.cue, found.who) == ("said", "Anna Berg")


def test_beliefs_and_intents_are_told_from_speech() -> None:
    text = "Berg said rates fell. Okafor believes that rates rose. Berg plans to leave Norland."
    stances = [found.quote.stance for found in quotes_in(document(text))]
    assert stances == [Stance.SPEECH, Stance.BELIEF, Stance.INTENT]


def test_quotes_are_not_looked_for_in_what_was_dropped() -> None:
    text = 'Rates rose.\n"We will pay," Berg said.'
    doc = document(text, (0, 12, Role.BODY), (12, len(text), Role.DROPPED))
    assert quotes_in(doc) == []


def test_verbs_are_inflected() -> None:
    made = {lemma: dict(forms(lemma)) for lemma in ("deny", "say", "agree", "quip")}
    assert made["deny"] == {"base": "deny", "-s": "denies", "-ing": "denying", "-ed": "denied"}
    assert made["say"][Form.PAST] == "said"
    assert (made["agree"][Form.PAST], made["agree"][Form.PARTICIPLE]) == ("agreed", "agreeing")
    assert made["quip"][Form.PARTICIPLE] == "quipping"


MARKS = ["``", "''", *"\"“”‘’'«»„,.:()\n "]
WORDS = [
    " said ",
    " saying ",
    "Berg ",
    "Anna Berg",
    " he ",
    " according to ",
    " that ",
    " and ",
    "6'2\"",
    "who ",
]
PIECES = st.sampled_from(MARKS + WORDS)


@settings(deadline=None)  # the first example waits for the models to be read
@given(st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join), st.integers(0, 60))
def test_any_text_gives_quotes_that_lie_inside_it(text: str, cut: int) -> None:
    cut = min(cut, len(text))
    doc = document(text, (0, cut, Role.BODY), (cut, len(text), Role.DROPPED))
    found = [each.quote for each in quotes_in(doc)]
    for index, quote in enumerate(found):
        for span in (*quote.spans, quote.cue, quote.speaker):
            assert span is None or 0 <= span.start < span.end <= cut
        assert list(quote.spans) == sorted(quote.spans)
        assert quote.carrier is None or (
            quote.carrier < index and found[quote.carrier].hull.holds(quote.hull)
        )
        assert (quote.speaker_entity is None) == (quote.no_speaker is not None)
    assert [quote.hull.start for quote in found] == sorted(quote.hull.start for quote in found)


@settings(deadline=None)  # the first example waits for the models to be read
@given(
    st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join),
    st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=6),
)
def test_no_quote_touches_what_was_dropped(text: str, cuts: list[tuple[int, bool]]) -> None:
    parts, at = [], 0
    for length, is_dropped in [*cuts, (len(text) + 1, False)]:
        parts.append((at, min(at + length, len(text)), Role.DROPPED if is_dropped else Role.BODY))
        at = parts[-1][1]
    doc = document(text, *((low, high, role) for low, high, role in parts if low < high))
    for quote in (each.quote for each in quotes_in(doc)):
        for span in filter(None, (*quote.spans, quote.cue, quote.speaker)):
            assert any(segment.span.holds(span) for segment in doc.readable())
        for segment in doc.segments:
            assert segment.role is not Role.DROPPED or not quote.hull.touches(segment.span)


def test_a_quote_ends_where_something_was_dropped() -> None:
    first, advert, rest = 'Berg said: "It began long ago.\n', "Read more: rates\n", '"It ended today."'
    doc = document(
        first + advert + rest,
        (0, len(first), Role.BODY),
        (len(first), len(first + advert), Role.DROPPED),
        (len(first + advert), len(first + advert + rest), Role.BODY),
    )
    found = quotes_in(doc)
    assert [each.content for each in found] == [('"It began long ago.',), ('"It ended today."',)]
    assert [each.who for each in found] == ["Anna Berg", "Anna Berg"]


LONG = [
    '"',
    "“",
    "‘",
    "' ",
    "“a ",
    '"a" ',
    "“a ‘b’ c” ",
    "said ",
    "Berg said ",
    "saying, ",
    "Berg, a ",
    "Said ",
]
LONGER = ['"a," Berg said. ', "according to ", '"A\n', "(", "—", "Berg and ", "of the ", "“‘"]


@pytest.mark.parametrize("piece", LONG + LONGER)
def test_a_long_text_of_one_thing_takes_no_long_time(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    quotes_in(document(text))
