"""Chooses who said a quote where no speaker stands beside its cue: a log-linear ranker of candidates.

The model (`tasks/annotate/models/quote_speakers.npz`) has a weight for each hashed feature, and the candidate
with the highest sum is taken. Called by `annotate_quotes`, after `assembly.py` has made the drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from tasks.annotate.quotes.assembly import Draft
from tasks.annotate.quotes.attribution import Signs
from tasks.annotate.quotes.trained.candidates import COLUMNS, Candidate, Place, Surroundings
from tasks.annotate.quotes.trained.chain import Chain, unpacked
from tasks.annotate.quotes.trained.features import FeatureNumbers, Rows, templates
from tasks.annotate.quotes.units import Reading

MODEL = "quote_speakers.npz"
# Their speakers are told by the form of a line.
BY_FORM = frozenset({"transcript", "signature", "headline"})
# Units between a speaker and the cue up to which nobody else is asked: 94 of 100 such speakers are right.
BESIDE = 1
TEMPLATES = templates(
    *COLUMNS, "origin side", "origin order", "origin content", "origin rule headtag", "side distance",
    "side distance passages", "side distance content cueclass", "side order left", "left side",
    "lefttag side", "right side", "righttag side", "righttag distance side", "lefttag order side",
    "lefttag headtag righttag", "left head", "head right", "head current", "headtag right",
    "headtag righttag", "words headtag side", "verbs side passages", "verbs commas side",
    "passages commas side", "opens verbs side", "opens label side", "cue side", "cue head", "cueclass side",
    "cueclass headtag side", "cuetag side verbs", "beside side", "beside side distance", "content side",
    "content side cueclass", "rule origin", "rule side", "right cueclass", "told side", "likely side",
    "likely current", "likely told side", "current rule", "current cueclass", "current headtag",
    "current distance side", "current verbs side passages", "label side verbs", "label order side",
    "often label", "repeated origin", "repeated rule headtag", "inside origin", "inside label",
)  # fmt: skip
NUMBERS = FeatureNumbers(COLUMNS, TEMPLATES)


@cache
def speaker_model() -> Chain:
    """The stored ranker."""
    model, _ = unpacked(files("tasks.annotate.models").joinpath(MODEL).read_bytes())
    return model


def rank_speakers(
    reading: Reading,
    signs: Sequence[Signs],
    drafts: Sequence[Draft],
    model: Callable[[], Chain] = speaker_model,
) -> None:
    """Give each draft whose speaker is in doubt the likeliest of its candidates."""
    asked = list(doubtful(Surroundings(reading, signs, drafts)))
    if not asked:
        return
    scores = model().scores(numbers([candidate for _, found in asked for candidate in found]))[:, 0]
    at = 0
    for index, found in asked:
        best = found[int(scores[at : at + len(found)].argmax())]
        at += len(found)
        drafts[index].source, drafts[index].core = best.span, best.core


def doubtful(around: Surroundings) -> Iterator[tuple[int, list[Candidate]]]:
    """The drafts that no speaker stands beside, each with several candidates."""
    for index, draft in enumerate(around.drafts):
        anchor = around.place(draft.cue or draft.spans[0])
        if draft.nested or draft.rule in BY_FORM or anchor is None:
            continue
        if draft.cue is None or not _beside(around.sources[index], anchor):
            found = around.candidates(index, anchor)
            if len(found) > 1:
                yield index, found


def _beside(source: Place | None, anchor: Place) -> bool:
    """Whether a source stands next to the cue."""
    if source is None or source.line != anchor.line:
        return False
    return max(source.start - anchor.end, anchor.start - source.end) <= BESIDE


def numbers(candidates: Sequence[Candidate]) -> Rows:
    """The numbers of the features of candidates, one column for each."""
    return NUMBERS(np.array([candidate.traits for candidate in candidates], np.int64).astype(np.uint32))
