"""Taggers of other libraries, for those who have their models: `spacy:MODEL`, `gliner:MODEL`.

Called by `chosen`. Neither library comes with the product; each is imported when it is asked for, and
what is absent is told in a sentence. Nothing is downloaded but by GLiNER itself, where its model is a name
on its hub.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tasks.annotate.entities.tagger import NameSpan
from tasks.annotate.tokens import Paragraph, Sentence, Token
from tasks.errors import UsageError
from tasks.model import Label

# Labels of OntoNotes and CoNLL as ours; others are no names of persons, organisations or places.
LABELS = {
    "PERSON": Label.PERSON,
    "PER": Label.PERSON,
    "ORG": Label.ORGANISATION,
    "GPE": Label.PLACE,
    "LOC": Label.PLACE,
    "FAC": Label.PLACE,
}
# spaCy's models say no probabilities: this is how often their names are right on news.
SPACY_SCORE = 0.85
# What GLiNER is asked for, and what each of its answers is.
ASKED = {"person": Label.PERSON, "organization": Label.ORGANISATION, "location": Label.PLACE}
GLINER_THRESHOLD = 0.5  # its own default
# GLiNER reads some 380 words at once and leaves the rest out.
MOST_TOKENS_AT_ONCE = 300


@dataclass(frozen=True)
class SpacyTagger:
    """A spaCy pipeline with a component that finds entities."""

    pipeline: Any
    name: str
    is_consistent: bool = False

    def tag(self, paragraphs: Sequence[Paragraph]) -> list[NameSpan]:
        """The names in text order."""
        sentences = [sentence.tokens for paragraph in paragraphs for sentence in paragraph.sentences]
        documents = self.pipeline.pipe(self._document(tokens) for tokens in sentences)
        return [
            NameSpan(
                tokens[found.start].start,
                tokens[found.end - 1].end,
                LABELS[found.label_],
                SPACY_SCORE,
                "spacy",
            )
            for tokens, document in zip(sentences, documents, strict=True)
            for found in document.ents
            if found.label_ in LABELS
        ]

    def _document(self, tokens: Sequence[Token]) -> Any:
        """The tokens as spaCy's document, so that both count alike."""
        spaced = [one.end < other.start for one, other in pairwise(tokens)]
        made: Any = importlib.import_module("spacy.tokens").Doc
        return made(self.pipeline.vocab, words=[token.text for token in tokens], spaces=[*spaced, False])


@dataclass(frozen=True)
class GlinerTagger:
    """A GLiNER model, asked for persons, organisations and places."""

    model: Any
    name: str
    is_consistent: bool = False

    def tag(self, paragraphs: Sequence[Paragraph]) -> list[NameSpan]:
        """The names in text order, with the model's scores."""
        found = [span for tokens in _stretches(paragraphs) for span in self._in_stretch(tokens)]
        return sorted(found, key=lambda span: span.start)

    def _in_stretch(self, tokens: Sequence[Token]) -> Iterator[NameSpan]:
        start = tokens[0].start
        text = laid_out(tokens)
        answers = self.model.predict_entities(text, list(ASKED), threshold=GLINER_THRESHOLD, flat_ner=True)
        for one in answers:
            label = ASKED[one["label"]]
            yield NameSpan(start + one["start"], start + one["end"], label, float(one["score"]), "gliner")


def laid_out(tokens: Sequence[Token]) -> str:
    """The tokens at their places, blanks between them: its offsets are those of the text from there on."""
    parts, at = [], tokens[0].start
    for token in tokens:
        parts += [" " * (token.start - at), token.text]
        at = token.end
    return "".join(parts)


def _stretches(paragraphs: Sequence[Paragraph]) -> Iterator[list[Token]]:
    """Sentences of one paragraph together, as many as may be read at once."""
    for paragraph in paragraphs:
        stretch: list[Token] = []
        for tokens in _short_enough(paragraph.sentences):
            if len(stretch) + len(tokens) > MOST_TOKENS_AT_ONCE and stretch:
                yield stretch
                stretch = []
            stretch += tokens
        yield stretch


def _short_enough(sentences: Iterable[Sentence]) -> Iterator[Sequence[Token]]:
    for sentence in sentences:
        for at in range(0, len(sentence.tokens), MOST_TOKENS_AT_ONCE):
            yield sentence.tokens[at : at + MOST_TOKENS_AT_ONCE]


def spacy_tagger(model: str) -> SpacyTagger:
    """The spaCy pipeline of that name or folder. Raises UsageError where spaCy or the model is not there."""
    spacy = _library("spacy", f"spacy:{model}", f"pip install spacy, then python -m spacy download {model}")
    try:
        pipeline = spacy.load(model)
    except (OSError, ValueError) as error:
        advice = f"python -m spacy download {model}"
        raise UsageError(f"There is no spaCy model {model} that can be loaded here; try: {advice}") from error
    if not {"ner", "entity_ruler"} & set(pipeline.pipe_names):
        raise UsageError(f"The spaCy model {model} finds no names: it has no part for entities.")
    version = pipeline.meta.get("version", "")
    return SpacyTagger(pipeline, f"spacy:{model}-{version}.{_mark(pipeline.meta)}")


def gliner_tagger(model: str) -> GlinerTagger:
    """The GLiNER model of that name or folder. Raises UsageError where GLiNER or the model is not there."""
    gliner = _library("gliner", f"gliner:{model}", "pip install gliner")
    try:
        loaded = gliner.GLiNER.from_pretrained(model)
    except Exception as error:
        raise UsageError(
            f"There is no GLiNER model {model} that can be loaded here (a folder, or a name on its hub): "
            f"{str(error).splitlines()[0] if str(error) else type(error).__name__}"
        ) from error
    return GlinerTagger(loaded, f"gliner:{model}.{_mark(vars(loaded.config))}")


def _library(name: str, setting: str, advice: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f"The tagger {setting} needs {name}, which is not installed; try: {advice}"
        ) from error


def _mark(facts: object) -> str:
    """Which model it is: a hash of what it says of itself."""
    told = json.dumps(facts, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:8]
