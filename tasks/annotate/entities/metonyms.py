"""Capitals that stand for their governments: "Ankara said", "seen by Moscow", a headline's " - Beijing".

Called by the resolver. A dateline, "in Moscow" and "from Ankara" stay places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.annotate.entities.folding import fold
from tasks.annotate.entities.gazetteer import capital_codes, context
from tasks.model import Span

# What governments do besides speaking; the bare form follows "will", "would", "did not" and the like.
NEGATIONS = frozenset({"not", "n't", "never", "also", "already", "since", "long", "repeatedly"})
WINDOW = 80  # characters on either side that are read
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|n['’]t|['’]s|\S")
DASHES = frozenset({"-", "–", "—"})


def metonym(text: str, span: Span, line: Span) -> str | None:
    """The ISO code of the country whose government a capital stands for here; None where it is the place.

    `line` is the paragraph that the capital stands in: nothing outside of it is read.
    """
    code = capital_codes().get(fold(text[span.start : span.end]))
    if code is None:
        return None
    before = WORD.findall(text, max(line.start, span.start - WINDOW), span.start)[-3:]
    after = WORD.findall(text, span.end, min(line.end, span.end + WINDOW))[:4]
    return code if _is_government(before, after) else None


def _is_government(before: Sequence[str], after: Sequence[str]) -> bool:
    last = before[-1].casefold() if before else ""
    if last in {"in", "from", "at", "near", "to", "of", "outside", "around"}:
        return False
    if last == "by" or (last in DASHES and not after):
        return True
    if after and after[0] in {"'s", "’s"}:
        return len(after) > 1 and after[1].casefold() in context("policy")
    return _acts(after) or _is_party(before, after)


def _acts(after: Sequence[str]) -> bool:
    """Whether a verb of a government follows, with or without an auxiliary."""
    rest = [word.casefold() for word in after]
    if not rest:
        return False
    if rest[0] in context("auxiliaries"):
        denied = len(rest) > 1 and rest[1] in NEGATIONS
        verbs = rest[2:3] if denied else rest[1:2]
        return (denied and rest[1] in {"not", "n't"}) or any(_is_deed(verb) for verb in verbs)
    return rest[0] in context("speech") or _is_deed(rest[0])


def _is_deed(verb: str) -> bool:
    """Whether the word is a form of one of the deeds."""
    stems = (
        verb,
        verb.removesuffix("s"),
        verb.removesuffix("es"),
        verb.removesuffix("d"),
        verb.removesuffix("ed"),
    )
    return any(stem in context("deeds") for stem in stems) or (
        verb.endswith("ied") and verb[:-3] + "y" in context("deeds")
    )


def _is_party(before: Sequence[str], after: Sequence[str]) -> bool:
    """One of two sides: "between Moscow and Ankara", "ties with Beijing"."""
    words = [word.casefold() for word in before]
    if words[-2:-1] and words[-1] == "with":
        return words[-2] in context("relations")
    if words[-1:] == ["between"]:
        return after[:1] == ["and"] and len(after) > 1 and after[1][0].isupper()
    return words[-1:] == ["and"] and len(words) > 2 and words[-3] == "between"
