"""Who is said to have said what in one sentence: patterns of subject, cue and content over units.

Called by `tagger.py` for each sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.annotate.quotes.attribution import SURE, Attribution
from tasks.annotate.quotes.complements import (
    clause_end,
    complement_start,
    is_adjunct_only,
    skip_addressee,
    skip_adjuncts,
)
from tasks.annotate.quotes.cues import Form, Sense, cue_senses, word_class
from tasks.annotate.quotes.labels import spoken_label
from tasks.annotate.quotes.noun_phrases import Range, agrees, skip_auxiliaries, subject_after, subject_before
from tasks.annotate.quotes.units import Line, Unit, trimmed_end
from tasks.model import Span, Stance

# Share of capitalised words from which a sentence is a headline in title case.
TITLE_CAPITALS = 0.7


class SentenceScan:
    """Finds the attributions of one sentence from left to right; each unit is content once."""

    def __init__(self, units: Sequence[Unit], low: int, high: int, following: Line | None) -> None:
        self.units, self.low, self.high = units, low, high
        self.following = following
        self.free = low  # units before this one belong to an attribution already
        self.subject: Range | None = None  # of the last cue
        self.main: Range | None = None  # the sentence's first noun phrase, once it was looked for
        self.titled: bool | None = None  # whether most words are capitalised, once it was looked at
        self.found: list[Attribution] = []

    def run(self) -> list[Attribution]:
        """All attributions, in the order of their cues."""
        at = self.low
        while at < self.high:
            if at >= self.free:
                self.free = max(self.free, self._try(at))
            at += 1
        return self.found

    def _try(self, at: int) -> int:
        """Tries the cue at a unit; returns the unit behind all that was used, or 0."""
        unit = self.units[at]
        if unit.passage is not None:
            labelled = spoken_label(unit)
            self.found += [labelled] if labelled is not None else []
            return 0
        if unit.lower in {"according", "in"} and (used := self._according(at)):
            return used
        if unit.is_name and at > self.low and not self._in_title():
            return 0
        for sense in cue_senses().get(unit.lower, ()):
            end = self._cue_end(at, sense)
            if end and (used := self._verb(at, end, sense)):
                return used
        return 0

    def _in_title(self) -> bool:
        """Whether most words are capitalised, as in a headline."""
        if self.titled is None:
            words = [unit for unit in self.units[self.low : self.high] if unit.is_word]
            self.titled = sum(unit.is_name for unit in words) > TITLE_CAPITALS * len(words)
        return self.titled

    def _cue_end(self, at: int, sense: Sense) -> int:
        """Behind the cue with its particles, or 0 where these are missing."""
        for particle in sense.particles:
            at += 1
            if at >= self.high or self.units[at].lower != particle:
                return 0
        return at + 1

    # --- "according to" ---

    def _according(self, at: int) -> int:
        opening = self._opening(at)
        if opening is None:
            return 0
        source = subject_after(self.units, opening, self.high)
        if source is None:
            return 0
        cue = (at, opening)
        if at == self.free or (
            self.units[at - 1].lower in {"but", "and", ",", "yet"} and at - 1 <= self.low + 1
        ):
            return self._after_source(cue, source)
        end = at
        while end > self.free and self.units[end - 1].text == ",":
            end -= 1
        if end - self.free < 2 and not self._has_passage(self.free, end):
            return 0
        self._add(self._pieces(self.free, end), cue, source, Stance.SPEECH, "according-to")
        return source.end

    def _opening(self, at: int) -> int | None:
        words = [unit.lower for unit in self.units[at : min(at + 4, self.high)]]
        if words[:2] == ["according", "to"]:
            return at + 2
        if words[:4] == ["in", "the", "words", "of"]:
            return at + 4
        return None

    def _after_source(self, cue: tuple[int, int], source: Range) -> int:
        start = source.end
        while start < self.high and self.units[start].text != "," and self.units[start].passage is None:
            start += 1
        if start < self.high and self.units[start].text == ",":
            start += 1
        if start >= self.high:
            return 0
        end = self._clause_end(start)
        self._add(self._pieces(start, end), cue, source, Stance.SPEECH, "according-to")
        return end

    # --- verbs ---

    def _verb(self, at: int, end: int, sense: Sense) -> int:
        subject = self._subject(at, end, sense)
        if sense.form is Form.PARTICIPLE and subject is None:
            return self._participle(at, end, sense)
        if subject is None:
            return 0
        range_, inverted = subject
        used = self._before(at, end, range_, sense, inverted=inverted) or (
            0 if inverted else self._behind(at, end, range_, sense)
        )
        if not inverted:
            self.subject = range_
        return used

    def _subject(self, at: int, end: int, sense: Sense) -> tuple[Range, bool] | None:
        """The cue's subject and whether it follows the cue."""
        with_be = self._is_behind_be(at)
        if sense.form is Form.PARTICIPLE and not with_be:
            return self._quoted_subject(at)
        if sense.form is Form.PAST and with_be:
            return None  # passive: "they were told that" has no speaker for its subject
        before = subject_before(self.units, self.free, at)
        if sense.cue_class.inverts and self._after_content(at) and not self._is_opening(before):
            after = subject_after(self.units, end, self.high)
            if after is not None and self.units[after.start].lower not in {"that", "this", "it", "they"}:
                return after, True
        if before is None:
            return self._shared_subject(at, sense)
        return (before, False) if agrees(self.units, before, at, sense.form) else None

    def _is_opening(self, subject: Range | None) -> bool:
        """Whether a subject with its apposition is all that stands before the cue: "Roe, a judge, said"."""
        return subject is not None and subject.start <= self.free + 1

    def _quoted_subject(self, at: int) -> tuple[Range, bool] | None:
        """As in "Roe was quoted as saying"."""
        words = [unit.lower for unit in self.units[max(self.free, at - 2) : at]]
        if len(words) < 2 or words[1] != "as" or words[0] not in {"quoted", "cited", "reported"}:
            return None
        subject = subject_before(self.units, self.free, at - 2)
        return (subject, False) if subject is not None else None

    def _shared_subject(self, at: int, sense: Sense) -> tuple[Range, bool] | None:
        """As in "He smiled and said …": a verb without a subject of its own takes the sentence's."""
        start = skip_auxiliaries(self.units, self.low, at)
        joined = start > self.low and self.units[start - 1].lower in {"and", "but", "or", "then"}
        if not joined or not sense.cue_class.quotes or sense.form is Form.BASE:
            return None
        subject = self._sentence_subject(start - 1)
        return (subject, False) if subject is not None else None

    def _sentence_subject(self, before: int) -> Range | None:
        """Whose sentence it is: the subject of the last cue, else the first noun phrase."""
        if self.subject is not None:
            return self.subject
        if self.main is None:
            self.main = self._main_subject() or Range(self.high, self.high, self.high)
        return self.main if self.main.end <= before else None

    def _main_subject(self) -> Range | None:
        """The first noun phrase of the sentence that stands behind no preposition."""
        at = self.low
        while at < self.high:
            unit = self.units[at]
            if unit.lower in word_class("prepositions"):
                at = self._behind_comma(at, self.high)
                continue
            phrase = subject_after(self.units, at, self.high)
            if phrase is not None and unit.lower not in word_class("times"):
                return phrase
            at += 1
        return None

    def _behind_comma(self, at: int, high: int) -> int:
        while at < high and self.units[at].text != ",":
            at += 1
        return at + 1

    def _is_behind_be(self, at: int) -> bool:
        """Whether a form of "be" stands before a participle: "is calling for", "was called"."""
        start = skip_auxiliaries(self.units, self.low, at)
        chain = {unit.lower for unit in self.units[start:at]}
        return bool(chain & word_class("be"))

    def _after_content(self, at: int) -> bool:
        """Whether a comma or a passage stands right before the cue."""
        if at <= self.free:
            return False
        before = self.units[at - 1]
        return before.passage is not None or before.text in {",", "—", "–", "”", "?", "!"}

    def _participle(self, at: int, end: int, sense: Sense) -> int:
        """As in "…, saying C": the sentence's subject speaks."""
        if sense.cue_class.name in {"judge", "of", "know", "intend", "think", "show"}:
            return 0
        subject = self._sentence_subject(at)
        start = complement_start(self.units, end, self.high, sense)
        if subject is None or start is None:
            return self._colon(at, end, sense, subject) if subject is not None else 0
        stop = self._clause_end(start)
        self._add(self._pieces(start, stop), (at, end), subject, sense.cue_class.stance, "participle")
        return stop

    def _before(self, at: int, end: int, subject: Range, sense: Sense, *, inverted: bool) -> int:
        """Content that stands before its subject and cue, perhaps going on behind them."""
        edge = at if inverted else subject.start
        stop = edge
        while stop > self.free and self.units[stop - 1].text in {",", "—", "–"}:
            stop -= 1
        behind = subject.end if inverted else end
        quoted = stop > self.free and self.units[stop - 1].passage is not None
        if not sense.cue_class.parenthetical or (stop == edge and not quoted):
            return 0
        if not quoted and not self._can_close(stop, behind, sense, inverted=inverted):
            return 0
        if not sense.cue_class.quotes:
            return 0
        pieces = self._pieces(self.free, stop)
        if not pieces:
            return 0
        rest, used = self._resumed(behind, quoted=quoted)
        rule = "quote-subject-cue" if quoted else "clause-subject-cue"
        self._add([*pieces, *rest], (at, end), subject, sense.cue_class.stance, rule)
        return used

    def _can_close(self, stop: int, behind: int, sense: Sense, *, inverted: bool) -> bool:
        """Whether what stands before a comma is a clause that the cue reports."""
        least = 6 if self.units[self.free].lower in word_class("subordinators") else 3
        if stop - self.free < least:
            return False
        if not inverted and complement_start(self.units, behind, self.high, sense) is not None:
            return False
        if sense.cue_class.addressee and not inverted:
            behind = skip_addressee(self.units, behind, self.high)
        return is_adjunct_only(self.units, behind, self.high)

    def _resumed(self, behind: int, *, quoted: bool) -> tuple[list[Span], int]:
        """What goes on behind an interrupting attribution: a passage, or the rest of the clause."""
        at = skip_adjuncts(self.units, behind, self.high)
        if at < self.high and self.units[at].text in {",", ":", "—"}:
            following = at + 1
            if following < self.high and self.units[following].passage is not None:
                end = self._clause_end(following)
                return self._pieces(following, end), end
            if not quoted and following < self.high and at == behind and self._resumes(following):
                end = self._clause_end(following)
                return self._pieces(following, end), end
        if at < self.high and self.units[at].passage is not None:
            end = self._clause_end(at)
            return self._pieces(at, end), end
        return [], behind

    def _resumes(self, at: int) -> bool:
        """Whether the words behind ", he said," go on with the clause rather than describe the speaking."""
        unit = self.units[at]
        senses = cue_senses().get(unit.lower, ())
        is_participle = any(sense.form is Form.PARTICIPLE for sense in senses) or unit.lower.endswith("ing")
        return not is_participle and unit.lower not in {
            "who",
            "according",
            "but",
            "and",
            "as",
            "while",
            "after",
        }

    def _behind(self, at: int, end: int, subject: Range, sense: Sense) -> int:
        """Content behind its cue."""
        start = complement_start(self.units, end, self.high, sense)
        if start is None:
            return self._colon(at, end, sense, subject)
        first = self.units[start]
        stop = self._clause_end(start)
        if self._said_behind(stop, sense):
            return start
        if first.passage is not None:
            rule = "cue-quote"
        elif first.lower == "that":
            rule = "subject-cue-that"
        else:
            rule = "subject-cue-object" if "object" in sense.cue_class.takes else "subject-cue-clause"
        self._add(self._pieces(start, stop), (at, end), subject, sense.cue_class.stance, rule)
        return stop

    def _said_behind(self, stop: int, sense: Sense) -> bool:
        """Whether the words themselves follow, as in "criticised the plan, saying it would fail"."""
        if (
            "object" not in sense.cue_class.takes
            or "clause" in sense.cue_class.takes
            or stop + 1 >= self.high
        ):
            return False
        return any(
            found.form is Form.PARTICIPLE and found.cue_class.name == "say"
            for found in cue_senses().get(self.units[stop + 1].lower, ())
        )

    def _colon(self, at: int, end: int, sense: Sense, subject: Range) -> int:
        """As in "He said in a statement:" and the passage opens the next paragraph."""
        if self.following is None or not sense.cue_class.quotes or self.units[self.high - 1].text != ":":
            return 0
        opening = self.following.units[:1]
        if not opening or opening[0].passage is None:
            return 0
        self._add([opening[0].span], (at, end), subject, sense.cue_class.stance, "lead-in")
        return self.high

    # --- contents ---

    def _clause_end(self, start: int) -> int:
        return clause_end(self.units, start, self.high)

    def _has_passage(self, low: int, high: int) -> bool:
        return any(unit.passage is not None for unit in self.units[low:high])

    def _pieces(self, low: int, high: int) -> list[Span]:
        """The stretch of text between two units, opening conjunctions and outer points left out."""
        while low < high and (
            self.units[low].text in {",", ":", ";", "—", "–", "-", ".", ")"}
            or (self.units[low].lower in {"but", "and", "yet", "so"} and low + 1 < high)
        ):
            low += 1
        if low >= high:
            return []
        return [Span(self.units[low].start, trimmed_end(self.units, low, high))]

    def _add(
        self, contents: list[Span], cue: tuple[int, int], source: Range, stance: Stance, rule: str
    ) -> None:
        units = self.units
        if not contents:
            return
        self.found.append(
            Attribution(
                contents=tuple(contents),
                cue=Span(units[cue[0]].start, units[cue[1] - 1].end),
                source=Span(units[source.start].start, units[source.end - 1].end),
                core=Span(units[source.start].start, units[source.core - 1].end),
                stance=stance,
                rule=rule,
                score=SURE[rule],
            )
        )
