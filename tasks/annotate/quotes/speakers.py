"""From the words that name a speaker to the entity that spoke, or the reason why there is none.

Called by `annotate_quotes`, once for each document; quotes are asked for in the order of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from tasks.annotate.quotes.cues import word_class
from tasks.annotate.quotes.genders import Gender, asked_for, genders
from tasks.annotate.quotes.noun_phrases import POSSESSIVES
from tasks.annotate.quotes.units import Reading
from tasks.model import Entity, Label, Mention, NoSpeaker, Span

WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")
SINGULAR = frozenset({"he", "she", "him", "her", "himself", "herself", "i", "me"})
PLURAL = frozenset({"they", "we", "them", "us", "you", "those", "others", "both"})
RELATIVE = frozenset({"who", "which", "that"})
NAMES = frozenset({Label.PERSON, Label.ORGANISATION, Label.PLACE})
# Words before a name that make it no head of its phrase: "a spokesman for Smith".
LINKS = frozenset({"of", "for", "from", "in", "at", "with", "to", "on", "by", "and"})
# An apposition between a name and "who": in commas, or a party and a state in brackets.
APPOSED = re.compile(r"(?: \([^()]{1,40}\))?(?:, [^,.;:“”\"]{1,60})?,? ")
# How far back an antecedent may lie, in characters: about three paragraphs of print.
ANTECEDENT_REACH = 1500
# Names looked at inside one source, and persons with a role looked at for one phrase, on either side.
MOST_NAMES = 20
MOST_HOLDERS = 60


@dataclass(frozen=True, slots=True)
class Speaker:
    """The entity that spoke, or why none is known."""

    entity: int | None
    reason: NoSpeaker | None


NOT_FOUND = Speaker(None, NoSpeaker.NOT_FOUND)


class Speakers:
    """Resolves the sources of one document."""

    def __init__(self, reading: Reading, entities: Sequence[Entity]) -> None:
        self.text = reading.text
        self.entities = entities
        self.names = sorted(
            (m for m in reading.mentions if m.label in NAMES and m.entity is not None), key=lambda m: m.span
        )
        self.starts = [mention.span.start for mention in self.names]
        self.persons = [mention for mention in self.names if mention.label is Label.PERSON]
        self.person_starts = [mention.span.start for mention in self.persons]
        self.genders = genders(self.text, self.persons)
        self.bodies = [mention for mention in self.names if mention.label is Label.ORGANISATION]
        self.body_starts = [mention.span.start for mention in self.bodies]
        self.holders = [mention for mention in self.persons if mention.role]
        self.holder_starts = [mention.span.start for mention in self.holders]
        self.sentence_starts = {
            line.units[low].start for line in reading.lines for low, _ in line.sentences if line.units
        }
        self.last_words: dict[str, list[Mention]] = {}
        for mention in self.names:
            if " " in (name := mention.span.of(self.text)):
                self.last_words.setdefault(name.rsplit(" ", 1)[1].lower(), []).append(mention)
        self.namesakes = namesakes(self.persons, entities)
        self.last: Mention | None = None
        self.last_at = -1

    def resolve(self, core: Span | None, whole: Span | None = None) -> Speaker:
        """The speaker that a source names; `core` is the source without its apposition, `whole` with it."""
        if core is None:
            return NOT_FOUND
        found = self._resolve(core)
        apposed = self._apposed(core, whole) if found.entity is None and whole is not None else None
        if apposed is not None:
            self._remember(apposed, core)
            return Speaker(apposed.entity, None)
        return found

    def _apposed(self, core: Span, whole: Span) -> Mention | None:
        """The person whose name follows an office, as in "the mayor, Jane Roe,"."""
        named = self._inside(Span(core.end, whole.end))
        if not named or named[0].label is not Label.PERSON:
            return None
        return named[0] if not WORD.search(self.text[core.end : named[0].span.start]) else None

    def _resolve(self, core: Span) -> Speaker:
        words = [word.lower() for word in WORD.findall(core.of(self.text))]
        if not words:
            return NOT_FOUND
        if len(words) == 1 and words[0] in SINGULAR:
            return self._antecedent(core, asked_for(words[0]))
        if words[0] in RELATIVE:
            return self._relative(core)
        mention = self._whole_name(self._head(core)) or self._role_holder(core, words)
        mention = mention or self._body(core, words) or self._shortened(core)
        if mention is not None:
            self._remember(mention, core)
            return Speaker(mention.entity, None)
        return Speaker(None, _reason(words, named=_is_named(core.of(self.text))))

    def _remember(self, mention: Mention, core: Span) -> None:
        if mention.label is Label.PERSON:
            self.last, self.last_at = mention, core.start

    def _inside(self, span: Span) -> list[Mention]:
        first, end = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        return self.names[first : min(end, first + MOST_NAMES)]

    def _head(self, core: Span) -> Mention | None:
        """The name that is the head of a phrase: its last one that belongs to no other noun."""
        inside = [mention for mention in self._inside(core) if self._is_head(mention, core)]
        persons = [mention for mention in inside if mention.label is Label.PERSON]
        heads = persons or inside
        return heads[-1] if heads else None

    def _whole_name(self, mention: Mention | None) -> Mention | None:
        """For a surname that several persons share: who spoke last of them, else who is named most often."""
        bearers = self.namesakes.get(mention.entity, []) if mention and mention.entity is not None else []
        spoke = next((one for one in bearers if self.last and one.entity == self.last.entity), None)
        return spoke or (bearers[0] if bearers else mention)

    def _is_head(self, mention: Mention, core: Span) -> bool:
        before = WORD.findall(self.text[core.start : mention.span.start])
        after = self.text[mention.span.end : core.end]
        if before and before[-1].lower() in LINKS:
            return False
        owned = self.text[core.start : mention.span.start].rstrip().endswith(tuple(POSSESSIVES))
        linked = any(word.lower() in LINKS for word in before)
        if linked and (owned or mention.label is not Label.PERSON):
            return False  # "a complaint to the court's | Board": of what the head is about
        if any(after.startswith(possessive) for possessive in POSSESSIVES - {"'", "’"}):
            return False
        return mention.label is Label.PERSON or not WORD.search(after)

    def _body(self, core: Span, words: Sequence[str]) -> Mention | None:
        """The organisation that "it" or "the agency" stands for: the last one named before."""
        if words != ["it"] and not (
            len(words) == 2 and words[0] == "the" and words[1] in word_class("bodies")
        ):
            return None
        place = bisect_left(self.body_starts, core.start) - 1
        if place < 0 or core.start - self.body_starts[place] > ANTECEDENT_REACH:
            return None
        return self.bodies[place]

    def _shortened(self, core: Span) -> Mention | None:
        """A name that only one of the document's ends with: "the Times" of the New York Times."""
        determiners = word_class("determiners")
        words = [word for word in WORD.findall(core.of(self.text)) if word.lower() not in determiners]
        run = list(takewhile(lambda word: word[0].isupper(), words))
        ends = self.last_words.get(run[-1].lower(), []) if run else []
        return ends[0] if len({mention.entity for mention in ends}) == 1 else None

    def _antecedent(self, core: Span, gender: Gender | None) -> Speaker:
        """The person that "he" or "she" stands for: the subject of the sentence before, or who spoke last.

        Persons who are known to go by the other pronoun are passed over.
        """
        place = bisect_left(self.person_starts, core.start) - 1
        nearest = None
        last = self.last if self.last is not None and self._may_be(self.last, gender) else None
        for mention in reversed(self.persons[max(0, place - 12) : place + 1]):
            if core.start - mention.span.start > ANTECEDENT_REACH:
                break
            if not self._may_be(mention, gender):
                continue
            nearest = nearest or mention
            if last is not None and mention.span.start <= self.last_at:
                break
            if self._opens_sentence(mention):
                self._remember(mention, core)
                return Speaker(mention.entity, None)
        chosen = last if last is not None and core.start - self.last_at < ANTECEDENT_REACH else nearest
        if chosen is None:
            return NOT_FOUND
        self._remember(chosen, core)
        return Speaker(chosen.entity, None)

    def _may_be(self, mention: Mention, gender: Gender | None) -> bool:
        """Whether a person can go by a pronoun, as far as is known."""
        known = self.genders.get(mention.entity) if mention.entity is not None else None
        return gender is None or known is None or known is gender

    def _opens_sentence(self, mention: Mention) -> bool:
        """Whether a name begins its sentence, but for a title before it."""
        return any(
            at in self.sentence_starts for at in range(max(0, mention.span.start - 5), mention.span.start + 1)
        )

    def _relative(self, core: Span) -> Speaker:
        """The name right before "who", or before an apposition in between: "Roe, now the mayor, who".

        No person goes by "which": in "that is bad for Roe, which worries some" it is all that was said.
        """
        place = bisect_left(self.starts, core.start) - 1
        thing = core.of(self.text).lower() == "which"
        for mention in reversed(self.names[max(0, place - 2) : place + 1]):
            if thing and mention.label is Label.PERSON:
                continue
            between = self.text[mention.span.end : core.start]
            if not WORD.search(between) or (mention.label is Label.PERSON and APPOSED.fullmatch(between)):
                self._remember(mention, core)
                return Speaker(mention.entity, None)
        return Speaker(None, NoSpeaker.UNNAMED)

    def _role_holder(self, core: Span, words: Sequence[str]) -> Mention | None:
        """The person who has the role that a phrase names: "the deputy foreign minister"."""
        if words[0] in {"a", "an", "one", "another", "some"}:
            return None
        original = WORD.findall(core.of(self.text))
        wanted = {word for word in words if word not in word_class("determiners")}
        loose = {word.lower() for word in original[:-1] if word[0].isupper()} | {"former"}
        if not wanted:
            return None
        place = bisect_left(self.holder_starts, core.start)
        before = reversed(self.holders[max(0, place - MOST_HOLDERS) : place])
        behind = self.holders[place : place + MOST_HOLDERS]
        holders = (*before, *behind)
        exact = next((mention for mention in holders if _same_role(wanted, mention.role or "")), None)
        if exact is not None or words[0] != "the":
            return exact
        alike = [mention for mention in holders if _same_role(wanted - loose, mention.role or "")]
        return alike[0] if len({mention.entity for mention in alike}) == 1 else None


def namesakes(persons: Sequence[Mention], entities: Sequence[Entity]) -> dict[int, list[Mention]]:
    """For each person who is a bare surname: one mention each of those who have it, the most named first."""
    mentions: dict[int, list[Mention]] = {}
    for mention in persons:
        if mention.entity is not None:
            mentions.setdefault(mention.entity, []).append(mention)
    bearers: dict[str, list[int]] = {}
    for entity in sorted(mentions, key=lambda entity: (-len(mentions[entity]), entity)):
        if " " in (name := entities[entity].name):
            bearers.setdefault(name.rsplit(" ", 1)[1], []).append(entity)
    named = {entity: bearers.get(entities[entity].name, []) for entity in mentions}
    return {entity: [mentions[bearer][0] for bearer in found] for entity, found in named.items()}


def _same_role(wanted: set[str], role: str) -> bool:
    """Whether all words of a phrase stand in a role, its head word among them: not "police", a chief's."""
    words = [word.lower() for word in WORD.findall(role.split(" of ", maxsplit=1)[0])]
    everything = {word.lower() for word in WORD.findall(role)}
    return bool(words) and words[-1] in wanted and wanted <= everything


def _is_named(source: str) -> bool:
    """Whether the source's last word is a name: one that the document's entities do not know."""
    words = WORD.findall(source)
    return bool(words) and words[-1][0].isupper() and words[-1].lower() not in word_class("pronouns")


def _reason(words: Sequence[str], *, named: bool) -> NoSpeaker:
    """Why a source without a known name has no canonical speaker."""
    last = words[-1]
    content = [word for word in words if word not in word_class("determiners")]
    if len(words) == 1 and last in PLURAL:
        return NoSpeaker.COLLECTIVE
    if not content or (content[-1] in word_class("generic") and content[-1] not in word_class("unnamed")):
        return NoSpeaker.GENERIC
    if any(word in word_class("unnamed") for word in content):
        return NoSpeaker.UNNAMED
    if named and not (len(content) == 1 and _is_plural(content)):
        return NoSpeaker.NOT_FOUND
    return NoSpeaker.COLLECTIVE if _is_plural(words) else NoSpeaker.UNNAMED


def _is_plural(words: Sequence[str]) -> bool:
    """Whether a phrase speaks of several people: "the two men", "residents"."""
    plural = words[-1] in word_class("plurals") or (words[-1].endswith("s") and not words[-1].endswith("ss"))
    return plural and words[0] not in {"a", "an", "one"}
