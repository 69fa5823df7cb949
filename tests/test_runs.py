"""What a capitalised sequence says of its words, and abbreviations of what."""

from __future__ import annotations

from tasks.annotate.entities.trained.runs import linked_runs, run_attributes, short_forms
from tasks.annotate.tokens import words


def test_a_head_word_is_told_to_words_far_from_it() -> None:
    sentence = words("She leads the Ministry of Lakes and Inland Harbours there.")
    said = run_attributes(sentence, linked_runs(sentence))
    assert set(said) == {3, 4, 5, 6, 7, 8}
    assert any(one.startswith("wide of organisation_last+organisation_of") for one in said[8])


def test_the_end_of_a_sequence_is_told_with_its_distance() -> None:
    sentence = words("He saw Velm Orda River rise.")
    said = run_attributes(sentence, linked_runs(sentence))
    assert "run ends place_last in 2" in said[2]
    assert "run ends place_last in 0" in said[4]
    assert 5 not in said


def test_a_lone_capital_is_no_sequence() -> None:
    sentence = words("In the end Velma left.")
    assert linked_runs(sentence) == []
    assert run_attributes(sentence, []) == {}


def test_an_abbreviation_takes_the_head_of_what_it_is_the_initials_of() -> None:
    text = "They met the Velm Orda Authority. Later the VOA left, and a new energy vehicle (NEV) came."
    found = short_forms([words(text)], [linked_runs(words(text))])
    assert any("organisation_last" in one for one in found["VOA"])
    assert found["NEV"] == ("short of small words",)


def test_capitals_that_nothing_spells_are_not_told() -> None:
    assert short_forms([words("The QRX came with three boats.")], [[]]) == {}
