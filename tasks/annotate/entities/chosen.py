"""The tagger of names that a setting names. Called by `annotate`, and by the command line to refuse early."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tasks.annotate.entities.backends import gliner_tagger, spacy_tagger
from tasks.annotate.entities.names import RuleTagger
from tasks.annotate.entities.tagger import Tagger
from tasks.annotate.entities.trained.tagger import trained_tagger
from tasks.errors import UsageError

DEFAULT = "crf"
OWN: dict[str, Callable[[], Tagger]] = {DEFAULT: trained_tagger, "rules": RuleTagger}
OTHERS: dict[str, Callable[[str], Tagger]] = {"spacy": spacy_tagger, "gliner": gliner_tagger}


@cache
def tagger_named(setting: str) -> Tagger:
    """The tagger: `crf` (the default), `rules`, `spacy:MODEL` or `gliner:MODEL`; loaded once.

    Raises UsageError where there is no such tagger, or its library or model is not there.
    """
    if setting in OWN:
        return OWN[setting]()
    kind, _, model = setting.partition(":")
    if kind in OTHERS and model:
        return OTHERS[kind](model)
    raise UsageError(f"There is no tagger {setting}; there are crf, rules, spacy:MODEL and gliner:MODEL.")
