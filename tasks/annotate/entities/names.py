"""The rule tagger: names of persons, organisations and places in any English text, without a model.

Called through the tagger interface by `annotate_entities`. A capitalised sequence is settled by its own
words where they say enough (a lexicon, a head word, a title), else by the words around all its occurrences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.annotate.entities.chunks import Chunk, chunks, is_capitalised
from tasks.annotate.entities.evidence import NEEDED, Candidate, cues, vote
from tasks.annotate.entities.folding import fold_word
from tasks.annotate.entities.gazetteer import (
    Entry,
    demonyms,
    first_names,
    function_words,
    longest_demonym,
    longest_phrase,
    name_words,
    ordinary_words,
    phrases,
    role_words,
)
from tasks.annotate.entities.tagger import NameSpan, without_overlaps
from tasks.annotate.tokens import Paragraph, Sentence, Token
from tasks.model import Label

# A sentence with this share of capitalised words is a headline or a list: its capitals prove nothing.
HEADLINE_SHARE = 0.7
# Below so many words the share says nothing.
HEADLINE_WORDS = 5
# Small words are written small in headlines too.
SHORTEST_HEADLINE_WORD = 4
LONGEST_ACRONYM = 6
LONGEST_PERSON = 5
# Parts of names that act alone as institutions when capitalised inside a sentence.
LONE_INSTITUTIONS = frozenset(
    "parliament congress senate cabinet treasury knesset duma bundestag rada majlis kremlin pentagon assembly judiciary "
    "commission ministry".split()
)


@dataclass(frozen=True)
class RuleTagger:
    """The embedded default tagger."""

    name: str = "rules-1"

    def tag(self, paragraphs: Sequence[Paragraph]) -> list[NameSpan]:
        """The names in text order, none overlapping another."""
        lower = _lower_words(paragraphs)
        candidates = [
            candidate
            for paragraph in paragraphs
            for sentence in paragraph.sentences
            for candidate in _candidates(sentence, lower)
        ]
        return without_overlaps(list(_settled(candidates)))


def _settled(candidates: Sequence[Candidate]) -> Iterator[NameSpan]:
    """The candidates that have a label, or are given one by the vote."""
    votes = vote(candidates)
    for one in candidates:
        label, score, why = one.label, one.score, one.why
        if label is None or score < NEEDED:
            voted, weight = votes.get(one.surface, (None, 0.0))
            if voted is not None and weight >= NEEDED:
                label, score, why = voted, min(0.9, weight / 2), "context"
        if label is not None:
            yield NameSpan(one.start, one.end, label, score, why)


def _lower_words(paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """The words that the document also writes small."""
    return frozenset(token.text for one in paragraphs for token in one.tokens if token.text.islower())


def is_headline(sentence: Sentence) -> bool:
    """Whether most words are capitalised, so that capitals do not tell names."""
    long = [
        token.text
        for token in sentence.tokens
        if len(token.text) >= SHORTEST_HEADLINE_WORD and token.text[0].isalpha()
    ]
    capitals = sum(1 for word in long if word[0].isupper())
    return len(long) >= HEADLINE_WORDS and capitals >= HEADLINE_SHARE * len(long)


def _candidates(sentence: Sentence, lower: frozenset[str]) -> Iterator[Candidate]:
    if is_headline(sentence):
        yield from _known_names(sentence.tokens)
        return
    for chunk in chunks(sentence.tokens):
        yield from _Reader(chunk.tokens, lower, starts=chunk.starts).read_chunk(chunk)


def _known_names(tokens: Sequence[Token]) -> Iterator[Candidate]:
    """The names of the lexicons in a line whose capitals prove nothing."""
    all_capitals = all(token.text.isupper() for token in tokens if token.text.isalpha())
    at = 0
    while at < len(tokens):
        size, entry = match_phrase(tokens, at, len(tokens))
        if entry is None or (all_capitals and entry.is_case_sensitive) or _is_word(tokens[at : at + size]):
            at += 1
            continue
        yield _candidate(tokens, at, at + size, entry.label, 0.8, "lexicon")
        at += size


def _is_word(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and not tokens[0].text.isupper() and tokens[0].text.casefold() in ordinary_words()


def match_phrase(tokens: Sequence[Token], at: int, limit: int) -> tuple[int, Entry | None]:
    """The longest known name that begins at a token, and how many tokens it has."""
    if not is_capitalised(tokens[at].text):
        return 0, None
    longest = longest_phrase().get(fold_word(tokens[at].text), 0)
    for size in range(min(longest, limit - at), 0, -1):
        key = " ".join(fold_word(token.text) for token in tokens[at : at + size])
        entry = phrases().get(key)
        if entry is not None and (
            not entry.is_case_sensitive or _surface(tokens, at, at + size) == entry.surface
        ):
            return size, entry
    return 0, None


def match_demonym(tokens: Sequence[Token], at: int, limit: int) -> int:
    """How many tokens the demonym has that begins at a token; 0 where there is none."""
    for size in range(min(longest_demonym(), limit - at), 0, -1):
        if " ".join(token.text for token in tokens[at : at + size]) in demonyms():
            return size
    return 0


def _surface(tokens: Sequence[Token], first: int, last: int) -> str:
    """The text of the tokens; blanks between them count as one."""
    parts = [tokens[first].text]
    for one, other in zip(tokens[first : last - 1], tokens[first + 1 : last], strict=True):
        parts.append(other.text if other.start == one.end else " " + other.text)
    return "".join(parts)


def _candidate(
    tokens: Sequence[Token], first: int, last: int, label: Label | None, score: float, why: str
) -> Candidate:
    return Candidate(
        tokens[first].start, tokens[last - 1].end, _surface(tokens, first, last), label, score, why
    )


@dataclass(frozen=True)
class _Reader:
    """Says what the tokens of one chunk are; works on index ranges of its sentence's tokens."""

    tokens: Sequence[Token]
    lower: frozenset[str]
    starts: bool

    def read_chunk(self, chunk: Chunk) -> Iterator[Candidate]:
        """The candidates of a chunk."""
        yield from self._read(chunk.first, chunk.last, starts=chunk.starts)

    def _word(self, at: int) -> str:
        return self.tokens[at].text.casefold()

    def _read(self, first: int, last: int, *, starts: bool) -> Iterator[Candidate]:
        while first < last and self._opens_no_name(first, last, starts=starts):
            first += 1
        if first >= last:
            return
        size, entry = match_phrase(self.tokens, first, last)
        if entry is not None and first + size == last:
            yield self._known(first, last, entry)
            return
        if (role := self._last_role(first, last)) is not None:
            yield from self._read_role(first, role, last, starts=starts)
            return
        if (own := self._by_own_words(first, last, starts=starts)) is not None:
            yield from own
            return
        if entry is not None:
            yield from self._read_after_known(first, size, last, entry)
            return
        yield from self._unknown(first, last, starts=starts)

    def _opens_no_name(self, first: int, last: int, *, starts: bool) -> bool:
        """Whether the first word is only capitalised because of where it stands."""
        word = self._word(first)
        if word in function_words() and match_phrase(self.tokens, first, last)[0] < 2:
            return not (self.tokens[first].text.isupper() and len(word) > 1 and not starts)
        if not starts or word in role_words()["nouns"] or match_phrase(self.tokens, first, last)[0] > 1:
            return False
        if last - first > 1 and self._has_head(first, last):
            return False
        ordinary = word in ordinary_words() or (word in self.lower and last - first == 1)
        return ordinary and word not in first_names()

    def _has_head(self, first: int, last: int) -> bool:
        words = name_words()
        return self._word(last - 1) in words["organisation_last"] or any(
            self._word(at) in words["organisation_of"] for at in range(first, last - 1)
        )

    def _known(self, first: int, last: int, entry: Entry) -> Candidate:
        """A name of the lexicon; context may overrule one that is also a person's name."""
        candidate = _candidate(self.tokens, first, last, entry.label, 0.95, "lexicon")
        around = cues(self.tokens, first, last)
        if last - first == 1 and entry.kind != "country" and around.get(Label.PERSON, 0.0) >= 1.0:
            candidate.label, candidate.score, candidate.why = Label.PERSON, 0.7, "role before"
        return candidate

    # --- roles: "Deputy Foreign Minister Jane Doe" -------------------------------

    def _last_role(self, first: int, last: int) -> int | None:
        """Where the last word of a role stands, unless the chunk is the name of an organisation or a place."""
        words = name_words()
        if self._word(last - 1) in words["organisation_last"] | words["place_last"] | words["thing_last"]:
            return None
        nouns, honorifics = role_words()["nouns"], role_words()["honorifics"]
        for at in range(last - 1, first - 1, -1):
            if self._word(at) in nouns or self._word(at) in honorifics:
                return None if self._is_role_in_name(at, last) else at
        return None

    def _is_role_in_name(self, at: int, last: int) -> bool:
        """ "Union General Workers", "Martin Luther King": a role word that a name holds."""
        return (
            at == last - 1
            and at > 0
            and self._word(at - 1) in first_names()
            and self._word(at) in {"king", "major"}
        )

    def _read_role(self, first: int, role: int, last: int, *, starts: bool) -> Iterator[Candidate]:
        before = role
        known = (
            role_words()["modifiers"]
            | role_words()["nouns"]
            | role_words()["honorifics"]
            | {"of", "and", "the", "for"}
        )
        while before > first and self._word(before - 1) in known:
            before -= 1
        if before > first:
            yield from self._read(first, before, starts=starts)
        if role + 1 >= last:
            return
        size = match_demonym(self.tokens, role + 1, last)
        if role + 1 + size >= last:
            return
        if size == 0 and self._looks_like_person(role + 1, last):
            yield _candidate(self.tokens, role + 1, last, Label.PERSON, 0.95, "role before")
        else:
            yield from self._read(role + 1 + size, last, starts=False)

    def _looks_like_person(self, first: int, last: int) -> bool:
        words = [self._word(at) for at in range(first, last)]
        heads = name_words()["organisation_last"]
        entry = match_phrase(self.tokens, first, last)
        whole_is_known = entry[1] is not None and first + entry[0] == last and entry[1].kind != "place"
        return (
            len(words) <= LONGEST_PERSON
            and not any(word in heads or word in {"of", "for", "&"} for word in words)
            and not (whole_is_known and len(words) > 1)
            and not (len(words) == 1 and whole_is_known)
            and words[0] not in function_words()
        )

    # --- the chunk's own words ---------------------------------------------------

    def _by_own_words(self, first: int, last: int, *, starts: bool) -> list[Candidate] | None:
        """What head words and given names say; None where they say nothing."""
        demonym = match_demonym(self.tokens, first, last)
        if demonym and first + demonym == last:
            return []
        label, why = self._by_head(first, last, starts=starts)
        if label is not None:
            return [_candidate(self.tokens, first, last, label, 0.85, why)]
        if why == "thing":
            return self._within_thing(first, last)
        if demonym:
            return list(self._read(first + demonym, last, starts=False))
        if self._word(first) in first_names() and self._looks_like_person(first, last):
            return self._person(first, last, starts=starts)
        if last - first > 1 and match_demonym(self.tokens, last - 1, last):
            return [_candidate(self.tokens, first, last, Label.ORGANISATION, 0.6, "language edition")]
        return None

    def _by_head(self, first: int, last: int, *, starts: bool) -> tuple[Label | None, str]:
        words = name_words()
        head = self._word(last - 1)
        size = last - first
        if size == 1:
            lone = head in LONE_INSTITUTIONS and not starts
            return (Label.ORGANISATION, "institution") if lone else (None, "")
        of = next((at for at in range(first + 1, last - 1) if self._word(at) in {"of", "for"}), None)
        if of is not None:
            if self._word(of - 1) in words["organisation_of"]:
                return Label.ORGANISATION, "organisation of"
            return (Label.PLACE, "place of") if self._word(of - 1) in words["place_last"] else (None, "")
        if head in words["organisation_last"]:
            return Label.ORGANISATION, "head word"
        if head in words["place_last"]:
            return Label.PLACE, "head word"
        if head in words["thing_last"]:
            return None, "thing"
        if self._word(first) in words["place_first"] and self._is_place_after(first + 1, last):
            return Label.PLACE, "place word"
        return None, ""

    def _is_place_after(self, first: int, last: int) -> bool:
        """After "New", "North" and the like a known place must follow; after "Lake" or "San" any name will do."""
        if self._word(first - 1) not in _DIRECTIONS:
            return last - first <= 3
        size, entry = match_phrase(self.tokens, first, last)
        return entry is not None and first + size == last and entry.label is Label.PLACE

    def _within_thing(self, first: int, last: int) -> list[Candidate]:
        """Nothing: what stands inside the name of an agreement or a cup belongs to that name."""
        del first, last
        return []

    def _person(self, first: int, last: int, *, starts: bool) -> list[Candidate] | None:
        if last - first > 1:
            return [_candidate(self.tokens, first, last, Label.PERSON, 0.85, "given name")]
        candidate = _candidate(self.tokens, first, last, Label.PERSON, 0.5, "given name")
        if starts and self._word(first) in self.lower:
            return []
        candidate.cues = cues(self.tokens, first, last)
        return [candidate]

    def _read_after_known(self, first: int, size: int, last: int, entry: Entry) -> Iterator[Candidate]:
        """A known name with more words behind it: "Kenya Power", "UN envoy"."""
        rest = range(first + size, last)
        if entry.label is Label.PLACE and not any(self._word(at) in ordinary_words() for at in rest):
            candidate = _candidate(self.tokens, first, last, Label.ORGANISATION, 0.5, "place first")
            candidate.cues = cues(self.tokens, first, last)
            yield candidate
            return
        yield _candidate(self.tokens, first, first + size, entry.label, 0.8, "lexicon")
        yield from self._read(first + size, last, starts=False)

    # --- what only the context can tell --------------------------------------------

    def _unknown(self, first: int, last: int, *, starts: bool) -> Iterator[Candidate]:
        words = [self._word(at) for at in range(first, last)]
        label, score, why = self._default(first, last, words)
        if len(words) == 1 and (starts and words[0] in self.lower):
            return
        if all(word in ordinary_words() for word in words) and label is None:
            return
        candidate = _candidate(self.tokens, first, last, label, score, why)
        candidate.cues = cues(self.tokens, first, last)
        yield candidate

    def _default(self, first: int, last: int, words: Sequence[str]) -> tuple[Label | None, float, str]:
        text = self.tokens[first].text
        if last - first == 1:
            is_acronym = 1 < len(text) <= LONGEST_ACRONYM and text.isupper() and text.isalpha()
            if is_acronym and text not in name_words()["not_organisations"]:
                return Label.ORGANISATION, 0.6, "acronym"
            return None, 0.0, ""
        if last - first <= LONGEST_PERSON and not any(
            word in ordinary_words() or word in _LINKED for word in words
        ):
            return Label.PERSON, 0.5, "two capitals"
        return None, 0.0, ""


_DIRECTIONS = frozenset(
    "new north south east west northern southern eastern western central upper lower greater inner outer old".split()
)
_LINKED = frozenset({"of", "for", "&", "and"})
