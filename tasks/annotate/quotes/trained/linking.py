"""Labels made into attributions: which content and source belong to which cue. Called by `tagger.py`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tasks.annotate.quotes.attribution import SURE, Attribution
from tasks.annotate.quotes.cues import Form, cue_senses
from tasks.annotate.quotes.noun_phrases import Range as Phrase
from tasks.annotate.quotes.noun_phrases import subject_after, subject_before
from tasks.annotate.quotes.trained.labels import runs
from tasks.annotate.quotes.trained.traits import MARKS
from tasks.annotate.quotes.units import Line, Unit
from tasks.model import Span, Stance

Range = tuple[int, int]
POINTS = frozenset({".", ",", ";", ":", "—", "–"})
# Where the part of a source ends that names it: "Ann Roe | , a judge".
APPOSITION = frozenset({",", "(", "—", "–"})
# Words that begin a clause, whatever marks stand in it.
SUBORDINATORS = frozenset({"that", "if", "whether", "how", "why"})
# Units between a cue and the colon that announces the next paragraph.
COLON_REACH = 12


def linked(line: Line, labels: Sequence[int], following: Line | None) -> list[Attribution]:
    """The attributions of a paragraph by its labels; `following` may hold what its last colon announces."""
    return _Linking(line, labels, following).run()


class _Linking:
    """The spans of one paragraph, and what belongs to which cue."""

    def __init__(self, line: Line, labels: Sequence[int], following: Line | None) -> None:
        self.units, self.line, self.following = line.units, line, following
        spans = [span for run in runs(labels) for span in self._quoted_as(*run)]
        self.cues = [(start, end) for kind, start, end in spans if kind == "cue"]
        self.starts, self.ends = [start for start, _ in self.cues], [end for _, end in self.cues]
        self.inside: set[int] = set()  # the units of all contents
        self.contents: dict[Range, list[Range]] = {cue: [] for cue in self.cues}
        self.sources: dict[Range, Range] = {}
        for kind, start, end in spans:
            cue = self._cue_of((start, end), to_right=kind.endswith("<"))
            if cue is None or kind == "cue":
                continue
            if kind.startswith("content"):
                self.contents[cue].append((start, end))
                self.inside.update(range(start, end))
            elif cue not in self.sources or abs(start - cue[0]) < abs(self.sources[cue][0] - cue[0]):
                self.sources[cue] = (start, end)

    def run(self) -> list[Attribution]:
        """All attributions, in the order of their cues."""
        found = []
        for number, cue in enumerate(self.cues):
            source = self.sources.get(cue) or self._shared_source(number) or self._subject(cue)
            contents = [self._content(piece) for piece in self._said(cue)]
            announced = self._announced(cue) if not contents and number == len(self.cues) - 1 else None
            if (contents or announced is not None) and not self._said_behind(number):
                found.append(self._attribution(cue, source, contents, announced))
        return found

    def _said(self, cue: Range) -> list[Range]:
        """The pieces of a content without what tells of words in marks: "“…,” she said | of the plan"."""
        pieces = self.contents[cue]
        if any(end <= cue[0] and self.units[end - 1].passage is not None for _, end in pieces):
            return [piece for piece in pieces if piece[0] < cue[1] or self._is_quoted(piece)]
        return [self._opened_by_marks(piece) if piece[0] >= cue[1] else piece for piece in pieces]

    def _is_quoted(self, piece: Range) -> bool:
        return any(unit.passage is not None for unit in self.units[slice(*piece)])

    def _opened_by_marks(self, piece: Range) -> Range:
        """As in "called over her shoulder, | “Come!”": a whole sentence in marks behind a comma or colon."""
        start, end = piece
        if self.units[start].lower in SUBORDINATORS:
            return piece
        for at in range(start + 1, end - 1):
            if self.units[at].text in {",", ":"} and _is_sentence(self.units[at + 1]):
                return at + 1, end
        return piece

    def _quoted_as(self, kind: str, start: int, end: int) -> list[tuple[str, int, int]]:
        """As in "was quoted | as saying that": the cue is "saying", and is no part of the content."""
        units = self.units
        if (
            kind == "content>"
            and end - start > 2
            and units[start].lower == "as"
            and _is_saying(units[start + 1])
        ):
            return [("cue", start - 1, start + 2), (kind, start + 2, end)]
        return [(kind, start, end)]

    def _said_behind(self, number: int) -> bool:
        """Whether the words themselves follow, as in "criticised the plan, saying it would fail"."""
        if number + 1 >= len(self.cues):
            return False
        cue, following = self.cues[number], self.cues[number + 1]
        (start, _), _ = head_of(self.units, following)
        takes = [sense.cue_class.takes for sense in cue_senses().get(self._word(cue), ())]
        adjacent = bool(self.contents[cue]) and start - self.contents[cue][-1][1] <= 1
        judged = any("object" in those and "clause" not in those for those in takes)
        return adjacent and judged and _is_saying(self.units[start]) and following not in self.sources

    def _word(self, cue: Range) -> str:
        return self.units[head_of(self.units, cue)[0][0]].lower

    def _cue_of(self, span: Range, *, to_right: bool) -> Range | None:
        """The nearest cue on the side that the label tells, else on the other one."""
        before = bisect_right(self.ends, span[0])
        behind = bisect_left(self.starts, span[1])
        left = self.cues[before - 1] if before else None
        right = self.cues[behind] if behind < len(self.cues) else None
        return (right or left) if to_right else (left or right)

    def _shared_source(self, number: int) -> Range | None:
        """As in "He smiled and said": a cue without a source has that of the cue before, in its sentence."""
        sentence = self._sentence(self.cues[number])
        for cue in reversed(self.cues[:number]):
            if self._sentence(cue) != sentence:
                return None
            if cue in self.sources:
                return self.sources[cue]
        return None

    def _subject(self, cue: Range) -> Range | None:
        """The noun phrase beside a cue that no source was found for: behind "…," said, else before it."""
        (verb, end), _ = head_of(self.units, cue)
        low, high = self.line.sentences[self._sentence(cue)]
        inverts = any(sense.cue_class.inverts for sense in cue_senses().get(self.units[verb].lower, ()))
        before = self.units[verb - 1] if verb > low else None
        phrase = None
        if inverts and (before is None or before.passage is not None or before.text == ","):
            phrase = subject_after(self.units, end, high)
            phrase = self._cut_off(cue, phrase)
        phrase = phrase or subject_before(self.units, low, verb) or self._opening(low, verb)
        if phrase is None or any(self._is_content(at) for at in range(phrase.start, phrase.end)):
            return None
        return phrase.start, phrase.end

    def _opening(self, low: int, verb: int) -> Phrase | None:
        """As in "Roe, asked about the plan, said" and "Roe smiled and said": what opens the sentence."""
        joined = self.units[verb - 1].lower in {"and", "but"}
        phrase = subject_after(self.units, low, verb) if self.units[low].is_name or joined else None
        return phrase if phrase is not None and (joined or self.units[phrase.end].text == ",") else None

    def _cut_off(self, cue: Range, phrase: Phrase | None) -> Phrase | None:
        """As in "Said Roe: “…”" where the chain took the speaker for the beginning of the content."""
        pieces = self.contents[cue]
        if phrase is None or not pieces or pieces[0][0] != phrase.start:
            return phrase
        start = phrase.end
        while start < pieces[0][1] and self.units[start].text in POINTS:
            start += 1
        if start < pieces[0][1]:
            self.contents[cue] = [(start, pieces[0][1]), *pieces[1:]]
        return phrase

    def _is_content(self, at: int) -> bool:
        return at in self.inside

    def _sentence(self, cue: Range) -> int:
        return bisect_right(self.line.sentences, cue[0], key=lambda sentence: sentence[1])

    def _content(self, piece: Range) -> Span:
        """A piece of content without the points at its end."""
        return _span(self.units, self._trimmed(piece))

    def _trimmed(self, piece: Range) -> Range:
        start, end = piece
        while end - 1 > start and self.units[end - 1].passage is None and self.units[end - 1].text in POINTS:
            end -= 1
        return start, end

    def _announced(self, cue: Range) -> Span | None:
        """As in "He said in a statement:" where a passage opens the next paragraph."""
        near = len(self.units) - cue[1] < COLON_REACH and self.units[-1].text == ":"
        opening = self.following.units[0] if near and self.following and self.following.units else None
        return opening.span if opening is not None and opening.passage is not None else None

    def _attribution(
        self, cue: Range, source: Range | None, contents: list[Span], announced: Span | None
    ) -> Attribution:
        whole = _span(self.units, self._trimmed(source)) if source is not None else None
        core = _span(self.units, self._core(source)) if source is not None else None
        head, stance = head_of(self.units, cue)
        rule = "lead-in" if announced is not None else "trained"
        return Attribution(
            contents=tuple(sorted(contents)) if announced is None else (announced,),
            cue=_span(self.units, head),
            source=whole,
            core=core,
            stance=stance,
            rule=rule,
            score=SURE[rule],
        )

    def _core(self, source: Range) -> Range:
        start, end = source
        ends = (at for at in range(start + 1, end) if self.units[at].text in APPOSITION)
        return start, next(ends, end)


def head_of(units: Sequence[Unit], cue: Range) -> tuple[Range, Stance]:
    """The word of a cue that reports, with its particles, and its stance: "also | pointed out | that"."""
    for at in range(cue[1] - 1, cue[0] - 1, -1):
        for sense in cue_senses().get(units[at].lower, ()):
            end = at + 1 + len(sense.particles)
            if tuple(unit.lower for unit in units[at + 1 : end]) == sense.particles:
                return (at, end), sense.cue_class.stance
    start, end = cue
    while end - 1 > start and units[end - 1].text in POINTS:
        end -= 1
    return (start, end), Stance.SPEECH


def _is_sentence(unit: Unit) -> bool:
    """Whether a unit is a passage that begins with a capital."""
    return unit.passage is not None and unit.text.lstrip(MARKS)[:1].isupper()


def _is_saying(unit: Unit) -> bool:
    """Whether a word is "saying", "adding" or the like."""
    senses = cue_senses().get(unit.lower, ())
    return any(sense.form is Form.PARTICIPLE and sense.cue_class.name == "say" for sense in senses)


def _span(units: Sequence[Unit], range_: Range) -> Span:
    return Span(units[range_[0]].start, units[range_[1] - 1].end)
