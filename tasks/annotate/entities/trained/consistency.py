"""What the first pass says of a word's other occurrences in the document: features of the second pass.

Called by the trained tagger and by its training. Method: two-stage tagging with label consistency (Krishnan
and Manning 2006); in training, the first pass's labels come from models that have not seen the document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasks.annotate.entities.trained.features import Attributes
from tasks.annotate.tokens import Token

Array = np.ndarray[Any, Any]

# A label other than the likeliest one is told where it has this share of the other occurrences.
TOLD_SHARE = 0.25
SHARES = 4  # steps in which the likeliest label's share is told
MANY = 3  # so many occurrences make a majority that counts for more
OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class FirstPass:
    """Labels and label probabilities of all tokens in order; `names` are the labels' names."""

    labels: Sequence[int]
    probabilities: Array
    names: Sequence[str]

    @property
    def kinds(self) -> list[str]:
        """What the labels are of: PER, ORG, …; each once, in their order."""
        return list(dict.fromkeys(kind_of(name) for name in self.names))

    def by_kind(self) -> Array:
        """Probabilities of kinds, beginning and going on together."""
        kinds = self.kinds
        joined = np.zeros((len(self.names), len(kinds)), self.probabilities.dtype)
        for label, name in enumerate(self.names):
            joined[label, kinds.index(kind_of(name))] = 1
        return np.asarray(self.probabilities @ joined)


def kind_of(label: str) -> str:
    """PER of B-PER and I-PER."""
    return label.partition("-")[2] or OUTSIDE


def consistency_attributes(
    sentences: Sequence[Sequence[Token]], first: FirstPass, contexts: Sequence[Attributes]
) -> list[Attributes]:
    """The contexts of all tokens with what the first pass says of each capitalised one."""
    votes = _Votes(sentences, first)
    found = list(contexts)
    at = 0
    for sentence in sentences:
        for place, token in enumerate(sentence):
            if token.text[0].isupper():
                after = sentence[place + 1].text if place + 1 < len(sentence) else ""
                found[at] += votes.of(at, token.text, after)
            at += 1
    return found


class _Votes:
    """What the occurrences of each word, of each two words, and of each word inside a name say together."""

    def __init__(self, sentences: Sequence[Sequence[Token]], first: FirstPass) -> None:
        self._names, self._labels, self._kinds = first.names, first.labels, first.kinds
        self._shares = first.by_kind()
        self._parts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._own_part: dict[int, str] = {}
        self._initials: defaultdict[str, set[str]] = defaultdict(set)
        words: defaultdict[str, list[int]] = defaultdict(list)
        twos: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        start = 0
        for sentence in sentences:
            before = ""
            for at, token in enumerate(sentence, start):
                word = token.text if token.text[0].isupper() else ""
                if word:
                    words[word].append(at)
                    if before:
                        twos[before, word].append(at - 1)
                before = word
            self._note_names(sentence, start)
            start += len(sentence)
        self._words = {word: self._together(places) for word, places in words.items() if len(places) > 1}
        self._twos = {two: self._together(places) for two, places in twos.items() if len(places) > 1}

    def _together(self, places: list[int]) -> tuple[Array, int]:
        """The kinds' probabilities at these places, summed up, and how many they are."""
        return np.add.reduce(self._shares[places], axis=0), len(places)

    def _note_names(self, sentence: Sequence[Token], start: int) -> None:
        """The words of each longer name, and what its initials would mean."""
        for first, last, kind in spans(self._labels[start : start + len(sentence)], self._names):
            if last - first < 2:
                continue
            for place in range(first, last):
                word = sentence[place].text
                if word[0].isupper():
                    end = "first" if place == first else "last" if place == last - 1 else "middle"
                    self._own_part[start + place] = f"{kind} {end}"
                    self._parts[word][f"{kind} {end}"] += 1
            initials = "".join(token.text[0] for token in sentence[first:last] if token.text[0].isupper())
            self._initials[initials].add(kind)

    def of(self, at: int, word: str, after: str) -> Attributes:
        """What the document says of the word at a place; its own occurrence does not count."""
        found = [f"was {self._names[self._labels[at]]}", *self._majority(at, word)]
        if (both := self._twos.get((word, after))) is not None:
            found.append(f"two {self._kinds[int((both[0] - self._shares[at]).argmax())]}")
        found += self._part(at, word)
        if len(word) > 1 and word.isupper():
            found += [f"initials {kind}" for kind in sorted(self._initials.get(word.replace(".", ""), ()))]
        return tuple(found)

    def _majority(self, at: int, word: str) -> list[str]:
        if word not in self._words:
            return ["alone"]
        together, count = self._words[word]
        others = count - 1
        shares = (together - self._shares[at]) / others
        best = int(shares.argmax())
        step = min(SHARES - 1, int(shares[best] * SHARES))
        found = [f"most {self._kinds[best]} {step}"]
        found += [
            f"some {kind}"
            for number, kind in enumerate(self._kinds)
            if number != best and shares[number] > TOLD_SHARE
        ]
        return [*found, f"many {self._kinds[best]}"] if others >= MANY else found

    def _part(self, at: int, word: str) -> list[str]:
        """Which part of which longer name the word is elsewhere."""
        parts = self._parts.get(word)
        if not parts:
            return []
        own = self._own_part.get(at)
        elsewhere = {part: count - (part == own) for part, count in parts.items()}
        part, count = max(elsewhere.items(), key=lambda one: (one[1], one[0]))
        return [f"part {part}"] if count else []


def spans(labels: Sequence[int], names: Sequence[str]) -> list[tuple[int, int, str]]:
    """The names in a sentence's labels: first token, last token (exclusive), kind; label 0 is outside."""
    found: list[tuple[int, int, str]] = []
    for at, label in enumerate(labels):
        if not label:
            continue
        name = names[label]
        kind = name[2:]
        goes_on = name[0] == "I" and bool(found) and found[-1][1] == at and found[-1][2] == kind
        if goes_on:
            found[-1] = (found[-1][0], at + 1, kind)
        else:
            found.append((at, at + 1, kind))
    return found
