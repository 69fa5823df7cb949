"""Parts of speech of units, each told on its own from the words around it; a trait for the labels of quotes.

The model (`tasks/annotate/models/speech_parts.npz`) tells the tags of the Penn Treebank (Marcus et al. 1993).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tasks.annotate.quotes.trained.chain import Chain, unpacked
from tasks.annotate.quotes.trained.features import FeatureNumbers, Rows, templates, window
from tasks.annotate.quotes.trained.traits import FORM

MODEL = "speech_parts.npz"
TAGS = (
    "NONE", "CC", "CD", "DT", "EX", "FW", "IN", "JJ", "JJR", "JJS", "LS", "MD", "NN", "NNP", "NNPS", "NNS",
    "PDT", "POS", "PRP", "PRP$", "RB", "RBR", "RBS", "RP", "TO", "UH", "VB", "VBD", "VBG", "VBN", "VBP",
    "VBZ", "WDT", "WP", "WP$", "WRB", "MARK",
)  # fmt: skip
TEMPLATES = templates(
    *window("lower", 2), "word", "end3", "end2", "shape", "end3-1", "end3+1", "end2-1", "end2+1",
    "lower-1 lower", "lower lower+1", "end3 shape shape-1", "class-1 end3", "class+1 end3", "class-1 class+1",
    "class-2 class-1", "end2-1 end2", "end2 end2+1", "shape-1 shape shape+1", "lower-1 end3", "end3 lower+1",
)  # fmt: skip
NUMBERS = FeatureNumbers(FORM, TEMPLATES)


def speech_parts(rows: Rows) -> NDArray[np.uint32]:
    """The tag of each unit, as its place in TAGS, given the columns of FORM; nothing else tells it."""
    return tagged(_model(), rows)


def tagged(model: Chain, rows: Rows) -> NDArray[np.uint32]:
    """The tag of each unit by some model."""
    found: NDArray[np.uint32] = model.scores(NUMBERS(rows)).argmax(axis=1).astype(np.uint32)
    found[rows[:, FORM.index("passage")] > 0] = 0
    return found


@cache
def _model() -> Chain:
    chain, _ = unpacked(files("tasks.annotate.models").joinpath(MODEL).read_bytes())
    return chain
