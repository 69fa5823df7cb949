"""The trained tagger of quotes from the inside: features, the best labels, the stored models."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tasks
from tasks.annotate.quotes.tagger import RuleTagger
from tasks.annotate.quotes.trained.chain import FORBIDDEN, Chain, packed, unpacked
from tasks.annotate.quotes.trained.features import BITS, PADDING, FeatureNumbers, templates, window
from tasks.annotate.quotes.trained.labels import LABELS, OUTSIDE, runs
from tasks.annotate.quotes.trained.linking import head_of, linked
from tasks.annotate.quotes.trained.places import nearest
from tasks.annotate.quotes.trained.tagger import _uncued
from tasks.annotate.quotes.trained.traits import step_of
from tasks.annotate.quotes.units import Unit, read_units
from tasks.annotate.tokens import paragraphs
from tasks.model import Document, Given, Role, Segment, SourceDocument, Span, Stance

MOST_BYTES = 15_000_000  # of all models that are shipped


def chain(labels: int, seed: int = 0) -> Chain:
    random = np.random.default_rng(seed)
    transitions = random.normal(size=(labels, labels)).astype(np.float32)
    transitions[0, 1] = FORBIDDEN
    weights = np.vstack([random.normal(size=(5, labels)), np.zeros((1, labels))]).astype(np.float32)
    row_of = np.full(1 << BITS, 5, np.int32)
    row_of[[3, 70_000, 70_001, 900_000, 2_000_000]] = range(5)
    return Chain(weights, row_of, transitions, random.normal(size=labels).astype(np.float32))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.integers(0, 1000))
def test_the_best_labels_are_those_of_the_highest_score(lengths: list[int], seed: int) -> None:
    model, labels = chain(3, seed), 3
    scores = np.random.default_rng(seed).normal(size=(sum(lengths) + 2, labels)).astype(np.float32)
    lines, at = [], 1
    for length in lengths:
        lines.append((at, at + length))
        at += length
    found = model.best(scores, lines)
    for start, end in lines:

        def total(path: tuple[int, ...], start: int = start) -> float:
            if not path:
                return 0.0
            moves = sum(model.transitions[move] for move in pairwise(path))
            return float(
                model.opening[path[0]] + moves + sum(scores[start + i, k] for i, k in enumerate(path))
            )

        best = max(map(total, product(range(labels), repeat=end - start)))
        assert total(tuple(found[start:end])) == pytest.approx(best, abs=1e-4)


def test_a_chain_is_read_back_as_it_was_stored() -> None:
    model = chain(4)
    numbers = np.flatnonzero(model.row_of < 5)
    content = BytesIO()
    np.savez_compressed(content, **packed(model, numbers))  # type: ignore[arg-type]
    again, _ = unpacked(content.getvalue())
    asked = np.array([[3, 70_001, 2_000_000, 5]], np.uint32)
    assert again.scores(asked) == pytest.approx(model.scores(asked), abs=0.03)
    assert not again.scores(asked)[3].any()


def test_a_feature_has_one_number_wherever_it_stands() -> None:
    columns = ("lower", "shape")
    rows = np.zeros((20, 2), np.uint32)
    rows[PADDING : PADDING + 3] = rows[PADDING + 7 : PADDING + 10] = [[5, 1], [9, 2], [5, 2]]
    found = FeatureNumbers(columns, templates("lower-1 lower", "lower lower+1", *window("shape", 1)))(rows)
    assert (found[:, PADDING + 1] == found[:, PADDING + 8]).all()
    assert found[0, PADDING + 1] != found[0, PADDING + 2]
    assert len(set(found[:, PADDING + 1])) == len(found)
    assert found.max() < 1 << BITS


def test_runs_of_labels_are_spans() -> None:
    first, further = LABELS.index("first content>"), LABELS.index("further content>")
    cue = LABELS.index("first cue")
    labels = [OUTSIDE, first, further, first, cue, OUTSIDE, further]
    assert runs(labels) == [("content>", 1, 3), ("content>", 3, 4), ("cue", 4, 5), ("content>", 6, 7)]


@pytest.mark.parametrize(
    ("cue", "head", "stance"),
    [
        ("has also said on Monday that", "said", Stance.SPEECH),
        ("pointed out that", "pointed out", Stance.SPEECH),
        ("firmly believes", "believes", Stance.BELIEF),
        ("according to", "according to", Stance.SPEECH),
        ("as follows :", "as follows", Stance.SPEECH),
    ],
)
def test_a_cue_is_the_word_that_reports(cue: str, head: str, stance: Stance) -> None:
    units = [Unit(at, at + 1, word, word) for at, word in enumerate(cue.split())]
    (start, end), told = head_of(units, (0, len(units)))
    assert (" ".join(unit.lower for unit in units[start:end]), told) == (head, stance)


def contents_by_labels(text: str, told: dict[str, str]) -> list[str]:
    """The contents of a paragraph whose cue is "said", where the chain says so of these stretches of it."""
    source = SourceDocument("key", "id", "here", "text", text, Given(), "digest")
    document = Document(source, text, (Segment(Span(0, len(text)), Role.BODY, "test"),))
    (line,) = read_units(document, paragraphs(document), ()).lines
    labels = [OUTSIDE] * len(line.units)
    for stretch, kind in {**told, "said": "cue"}.items():
        start = text.index(stretch)
        inside = [at for at, unit in enumerate(line.units) if start <= unit.start < start + len(stretch)]
        for at in inside:
            labels[at] = LABELS.index(f"{'further' if at > inside[0] else 'first'} {kind}")
    return [span.of(text) for found in linked(line, labels, None) for span in found.contents]


@pytest.mark.parametrize(
    ("text", "told", "contents"),
    [
        (
            "“We will pay,” Berg said of the loans that fell due.",
            {"“We will pay,”": "content<", "of the loans that fell due": "content>"},
            ["“We will pay,”"],
        ),
        (
            "“We will pay,” Berg said. “All of it.”",
            {"“We will pay,”": "content<", "“All of it.”": "content>"},
            ["“We will pay,”", "“All of it.”"],
        ),
        (
            "Berg said of the loans, “We will pay.”",
            {"of the loans, “We will pay.”": "content>"},
            ["“We will pay.”"],
        ),
        (
            "Berg said that in Oslo, “We will pay.”",
            {"that in Oslo, “We will pay.”": "content>"},
            ["that in Oslo, “We will pay.”"],
        ),
        (
            "Berg said the loans were, in part, “a gift.”",
            {"the loans were, in part, “a gift.”": "content>"},
            ["the loans were, in part, “a gift.”"],
        ),
    ],
)
def test_what_only_tells_of_words_in_marks_is_no_content(
    text: str, told: dict[str, str], contents: list[str]
) -> None:
    assert contents_by_labels(text, told) == contents


def test_the_nearest_on_either_side() -> None:
    assert nearest([True, False, True]) == ([None, 0, 0], [2, 2, None])
    assert [step_of(distance) for distance in (0, 1, 3, 4, 6, 7, 30)] == [0, 1, 3, 4, 4, 5, 7]


def test_all_models_together_are_small() -> None:
    folder = Path(tasks.__file__).parent
    models = [path for path in folder.rglob("models/*") if path.suffix in {".npz", ".json", ".crfsuite"}]
    assert len(models) >= 3
    assert sum(path.stat().st_size for path in models) < MOST_BYTES


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("Berg said rates would rise. “We never had the money,” and then she left.", True),
        ("Berg said rates would rise. “The Winter Line” is her film.", False),
        ("Berg was seen in Bern. “We never had the money,” a poster read.", False),
    ],
)
def test_a_clause_in_marks_behind_an_attribution_is_speech(text: str, speech: bool) -> None:
    source = SourceDocument("key", "id", "here", "text", text, Given(), "digest")
    article = Document(source, text, (Segment(Span(0, len(text)), Role.BODY, "test"),))
    reading = read_units(article, paragraphs(article), ())
    (line,), (found,) = reading.lines, RuleTagger().attributions(reading)
    assert bool(_uncued(line, [OUTSIDE] * len(line.units), found)) is speech
