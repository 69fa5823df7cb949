"""Taggers of other libraries, by a setting: loaded where they are, told in a sentence where they are not."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tasks.annotate.entities.backends import GlinerTagger, gliner_tagger, laid_out, spacy_tagger
from tasks.annotate.entities.chosen import tagger_named
from tasks.annotate.tokens import Paragraph, sentences, words
from tasks.errors import UsageError
from tasks.model import Label

HAS_SPACY = importlib.util.find_spec("spacy") is not None
HAS_GLINER = importlib.util.find_spec("gliner") is not None
TEXT = "Ana Ribeiro left  Porto. The mayor stayed."


def paragraph(text: str) -> Paragraph:
    return Paragraph(tuple(sentences(words(text))))


def test_the_default_tagger_is_the_trained_one_with_its_version_and_hash() -> None:
    name = tagger_named("crf").name
    assert name.startswith("crf-")
    assert len(name.rsplit(".", 1)[1]) == 8
    assert tagger_named("rules").name == "rules-1"


@pytest.mark.parametrize("setting", ["", "bert", "spacy", "spacy:", "flair:ner"])
def test_a_tagger_that_there_is_not_is_refused_in_a_sentence(setting: str) -> None:
    with pytest.raises(UsageError, match="There is no tagger"):
        tagger_named(setting)


@pytest.mark.skipif(HAS_SPACY, reason="spaCy is installed here")
def test_without_spacy_a_sentence_says_how_to_get_it() -> None:
    with pytest.raises(UsageError, match="needs spacy, which is not installed; try: pip install spacy"):
        tagger_named("spacy:en_core_web_sm")


@pytest.mark.skipif(HAS_GLINER, reason="GLiNER is installed here")
def test_without_gliner_a_sentence_says_how_to_get_it() -> None:
    with pytest.raises(UsageError, match="needs gliner, which is not installed; try: pip install gliner"):
        tagger_named("gliner:some/model")


@pytest.mark.skipif(not HAS_SPACY, reason="spaCy is not installed here")
def test_a_spacy_pipeline_from_a_folder_finds_names_with_our_offsets(tmp_path: Path) -> None:
    spacy: Any = importlib.import_module("spacy")
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Ana Ribeiro"},
            {"label": "GPE", "pattern": "Porto"},
            {"label": "WORK_OF_ART", "pattern": "mayor"},
        ]
    )
    made.to_disk(tmp_path / "model")
    tagger = spacy_tagger(str(tmp_path / "model"))
    found = [(TEXT[one.start : one.end], one.label) for one in tagger.tag([paragraph(TEXT)])]
    assert found == [("Ana Ribeiro", Label.PERSON), ("Porto", Label.PLACE)]
    assert tagger.name.startswith(f"spacy:{tmp_path / 'model'}-")


@pytest.mark.skipif(not HAS_SPACY, reason="spaCy is not installed here")
def test_a_spacy_model_that_is_absent_or_finds_no_names_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no spaCy model en_none_such"):
        spacy_tagger("en_none_such")
    importlib.import_module("spacy").blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(UsageError, match="finds no names"):
        spacy_tagger(str(tmp_path / "blank"))


@pytest.mark.skipif(not HAS_GLINER, reason="GLiNER is not installed here")
def test_a_gliner_model_that_is_absent_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no GLiNER model"):
        gliner_tagger(str(tmp_path / "none"))


def test_what_gliner_answers_stands_at_its_place_in_the_text() -> None:
    """Its model cannot be had here: what answers is of its form."""

    def answer(text: str, labels: list[str], **options: object) -> list[dict[str, object]]:
        assert labels == ["person", "organization", "location"]
        assert options == {"threshold": 0.5, "flat_ner": True}
        at = text.index("Porto")
        return [{"start": at, "end": at + 5, "label": "location", "score": 0.75}]

    text = "“Well,” she said.\nAna Ribeiro left  Porto."
    tagger = GlinerTagger(SimpleNamespace(predict_entities=answer), "gliner:made")
    second = Paragraph(tuple(sentences([one for one in words(text) if one.start > text.index("\n")])))
    (found,) = tagger.tag([second])
    assert (text[found.start : found.end], found.label, found.score) == ("Porto", Label.PLACE, 0.75)


def test_tokens_are_laid_out_as_they_stand() -> None:
    assert laid_out(words("  A  b,\tc")) == "A  b, c"
