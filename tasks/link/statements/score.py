"""How sure it is that two sayings are one statement in an edited wording: a trained score.

Called by `pairs`. A logistic regression over the figures of `likeness`; its coefficients are in
`models/variant.json`, made by `models/train_variant.py` and described in `models/README.md`.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources

from tasks.link.statements.likeness import FIGURES, Likeness


@cache
def coefficients() -> tuple[str, float, tuple[float, ...]]:
    """The model's name with its version, its intercept, and a coefficient for each figure.

    Raises ValueError where the file is of other figures than `likeness` gives.
    """
    file = resources.files("tasks.link.statements.models") / "variant.json"
    model = json.loads(file.read_text(encoding="utf-8"))
    if tuple(model["coefficients"]) != FIGURES:
        raise ValueError("variant.json is of other figures than likeness.FIGURES; train it again")
    return model["name"], model["intercept"], tuple(model["coefficients"].values())


def variant_score(figures: Likeness) -> float:
    """The probability that the two are one statement, 0 to 1."""
    _, intercept, weights = coefficients()
    total = intercept + sum(map(float.__mul__, weights, figures))
    return 1 / (1 + math.exp(-total))


def model_name() -> str:
    """The name and version of the model, for the rows that it makes."""
    return coefficients()[0]
