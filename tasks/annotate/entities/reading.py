"""What a capitalised sequence is by its own words: lexicons, roles, head words, given names.

Called by the rule tagger on the chunks of running text; what only the context can tell leaves with cues.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.annotate.entities.evidence import Candidate, cues
from tasks.annotate.entities.gazetteer import (
    Entry,
    context,
    first_names,
    function_words,
    name_words,
    ordinary_words,
    role_words,
)
from tasks.annotate.entities.heads import has_organisation_head, head_of
from tasks.annotate.entities.lookup import match_demonym, match_phrase, surface
from tasks.annotate.tokens import Token
from tasks.model import Label

LONGEST_ACRONYM = 6
# A person's name has at most so many words.
LONGEST_PERSON = 5
# Titles that are surnames too, after a given name: "Stephen King".
TITLE_SURNAMES = frozenset({"king", "major", "prince", "pope", "bishop", "judge", "marshal", "dean", "duke"})
LINKED = frozenset({"of", "for", "&", "and"})
# Words and marks that things stand behind rather than persons: "at Acme Works", "“Cold Water”" (a title).
BEFORE_NO_PERSON = frozenset({"'s", "’s", "at", "(", "“", "‘", "«", "„", "<"})
# Longer words in capitals are codes and shouts ("JD" is a name).
LONGEST_INITIALS = 2
SMALL_ROLE_WORDS = frozenset({"of", "and", "the", "for"})


@dataclass(frozen=True)
class Reader:
    """Says what capitalised sequences of a sentence are; `lower`: words also written small in it."""

    tokens: Sequence[Token]
    lower: frozenset[str]

    def read(self, first: int, last: int, *, starts: bool) -> Iterator[Candidate]:
        """The candidates in tokens `first` to `last` (exclusive); `starts` where a capital proves nothing."""
        while first < last and self._opens_no_name(first, last, starts=starts):
            first += 1
        if first >= last:
            return
        size, entry = match_phrase(self.tokens, first, last)
        if entry is not None and first + size == last:
            yield self._known(first, last, entry)
        elif (role := self._last_role(first, last)) is not None:
            yield from self._read_role(first, role, last, starts=starts)
        elif (own := self._by_own_words(first, last, starts=starts)) is not None:
            yield from own
        elif entry is not None:
            yield from self._read_after_known(first, size, last, entry)
        else:
            yield from self._unknown(first, last, starts=starts)

    def _candidate(self, first: int, last: int, label: Label | None, score: float, why: str) -> Candidate:
        name = surface(self.tokens, first, last)
        return Candidate(self.tokens[first].start, self.tokens[last - 1].end, name, label, score, why)

    def _word(self, at: int) -> str:
        return self.tokens[at].text.casefold()

    def _opens_no_name(self, first: int, last: int, *, starts: bool) -> bool:
        """Whether the first word is only capitalised because of where it stands."""
        word = self._word(first)
        if word in function_words() and match_phrase(self.tokens, first, last)[0] < 2:
            return not (self.tokens[first].text.isupper() and len(word) > 1 and not starts)
        if not starts or word in role_words()["nouns"] or match_phrase(self.tokens, first, last)[0] > 1:
            return False
        if last - first > 1 and has_organisation_head(self.tokens, first, last):
            return False
        ordinary = word in ordinary_words() or (word in self.lower and last - first == 1)
        return ordinary and word not in first_names()

    def _known(self, first: int, last: int, entry: Entry) -> Candidate:
        """A name of the lexicon; context may overrule one that is also a person's name."""
        candidate = self._candidate(first, last, entry.label, 0.95, "lexicon")
        around = cues(self.tokens, first, last)
        if last - first == 1 and entry.kind != "country" and around.get(Label.PERSON, 0.0) >= 1.0:
            candidate.label, candidate.score, candidate.why = Label.PERSON, 0.7, "role before"
        return candidate

    # --- roles: "Deputy Foreign Minister Jane Doe" -------------------------------

    def _last_role(self, first: int, last: int) -> int | None:
        """Where the last word of a role stands, unless it is the name of an organisation or a place."""
        words = name_words()
        if self._word(last - 1) in words["organisation_last"] | words["place_last"] | words["thing_last"]:
            return None
        nouns, honorifics = role_words()["nouns"], role_words()["honorifics"]
        for at in range(last - 1, first - 1, -1):
            if self._word(at) in nouns or self._word(at) in honorifics:
                return None if self._is_role_in_name(at, last) else at
        return None

    def _is_role_in_name(self, at: int, last: int) -> bool:
        """Whether a person's name holds the word: "Martin Luther King"."""
        ends = at == last - 1 and self._word(at) in TITLE_SURNAMES
        return ends and at > 0 and self._word(at - 1) in first_names()

    def _read_role(self, first: int, role: int, last: int, *, starts: bool) -> Iterator[Candidate]:
        before = role
        while before > first and self._is_role_word(before - 1):
            before -= 1
        if before > first:
            yield from self.read(first, before, starts=starts)
        if role + 1 >= last:
            return
        size = match_demonym(self.tokens, role + 1, last)
        if role + 1 + size >= last:
            return
        if size == 0 and self._looks_like_person(role + 1, last):
            yield self._candidate(role + 1, last, Label.PERSON, 0.95, "role before")
        else:
            yield from self.read(role + 1 + size, last, starts=False)

    def _is_role_word(self, at: int) -> bool:
        word = self._word(at)
        return word in SMALL_ROLE_WORDS or any(word in words for words in role_words().values())

    def _looks_like_person(self, first: int, last: int) -> bool:
        """Whether nothing in the words speaks against a person's name."""
        words = [self._word(at) for at in range(first, last)]
        heads = name_words()["organisation_last"]
        if len(words) > LONGEST_PERSON or words[0] in function_words():
            return False
        if any(word in heads or word in LINKED for word in words):
            return False
        size, entry = match_phrase(self.tokens, first, last)
        is_known = entry is not None and first + size == last
        return not is_known or (len(words) == 1 and entry is not None and entry.kind == "place")

    # --- the chunk's own words ---------------------------------------------------

    def _by_own_words(self, first: int, last: int, *, starts: bool) -> list[Candidate] | None:
        """What head words and given names say; None where they say nothing."""
        demonym = match_demonym(self.tokens, first, last)
        if demonym and first + demonym == last:
            return []
        if (head := head_of(self.tokens, first, last, starts=starts)) is not None:
            # What stands inside the name of an agreement or a cup belongs to that name.
            return [self._candidate(first, last, head.label, 0.85, head.why)] if head.label else []
        if demonym:
            return list(self.read(first + demonym, last, starts=False))
        if self._opens_with_person(first, last):
            return self._person(first, last, starts=starts)
        if last - first > 1 and match_demonym(self.tokens, last - 1, last):
            return self._before_demonym(first, last, starts=starts)
        return None

    def _before_demonym(self, first: int, last: int, *, starts: bool) -> list[Candidate]:
        """A name that ends with a nationality is the edition of an outlet, unless a noun follows for it."""
        follows = self.tokens[last].text if last < len(self.tokens) else "."
        if follows.isalpha() and follows not in context("speech"):
            return list(self.read(first, last - 1, starts=starts))
        return [self._candidate(first, last, Label.ORGANISATION, 0.6, "language edition")]

    def _opens_with_person(self, first: int, last: int) -> bool:
        """Whether a given name comes first that is not the first word of an organisation's ("Al Jazeera")."""
        size, entry = match_phrase(self.tokens, first, last)
        is_organisation = size > 1 and entry is not None and entry.label is Label.ORGANISATION
        is_given = self._word(first) in first_names()
        return is_given and not is_organisation and self._looks_like_person(first, last)

    def _person(self, first: int, last: int, *, starts: bool) -> list[Candidate] | None:
        if last - first > 1:
            return [self._candidate(first, last, Label.PERSON, 0.85, "given name")]
        candidate = self._candidate(first, last, Label.PERSON, 0.5, "given name")
        if starts and self._word(first) in self.lower:
            return []
        candidate.cues = cues(self.tokens, first, last)
        return [candidate]

    def _read_after_known(self, first: int, size: int, last: int, entry: Entry) -> Iterator[Candidate]:
        """A known name with more words behind it: "Kenya Power", "UN envoy"."""
        rest = range(first + size, last)
        if entry.label is Label.ORGANISATION and match_demonym(self.tokens, rest.start, last) == len(rest):
            yield self._candidate(first, last, Label.ORGANISATION, 0.8, "language edition")
            return
        if entry.label is Label.PLACE and not any(self._word(at) in ordinary_words() for at in rest):
            candidate = self._candidate(first, last, Label.ORGANISATION, 0.5, "place first")
            candidate.cues = cues(self.tokens, first, last)
            yield candidate
            return
        yield self._candidate(first, first + size, entry.label, 0.8, "lexicon")
        yield from self.read(first + size, last, starts=False)

    # --- what only the context can tell --------------------------------------------

    def _unknown(self, first: int, last: int, *, starts: bool) -> Iterator[Candidate]:
        if all(token.text in name_words()["not_organisations"] for token in self.tokens[first:last]):
            return
        words = [self._word(at) for at in range(first, last)]
        label, score, why = self._default(first, last, words)
        if len(words) == 1 and (words[0] in name_words()["fields"] or (starts and words[0] in self.lower)):
            return
        if all(word in ordinary_words() for word in words) and label is None:
            return
        candidate = self._candidate(first, last, label, score, why)
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
            word in ordinary_words() or word in LINKED for word in words
        ):
            return self._two_capitals(first, last)
        return None, 0.0, ""

    def _two_capitals(self, first: int, last: int) -> tuple[Label | None, float, str]:
        """Unknown capitalised words are often a person's name, but not where persons are seldom written."""
        before = self._word(first - 1) if first else ""
        after = self.tokens[last].text if last < len(self.tokens) else ""
        opens_quote = before == '"' and self.tokens[first - 1].end == self.tokens[first].start
        if opens_quote or before in context("determiners") | BEFORE_NO_PERSON or after == "(":
            return None, 0.0, ""
        if any(
            token.text.isupper() and len(token.text) > LONGEST_INITIALS for token in self.tokens[first:last]
        ):
            return None, 0.0, ""
        return Label.PERSON, 0.5, "two capitals"
