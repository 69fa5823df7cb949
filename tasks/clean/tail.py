"""What stands behind an article and is none of it: headlines of other articles, calls to action.

Called by `text`. A chain of rules that reads from the end upwards; each cut carries its rule and a
score. It is careful rather than thorough: a text whose paragraphs do not end in full stops, a list, a
tour plan, a table is left alone. A memory of titles, or a trained score, would be one more link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.clean.cues import SAYS, call_rule, has_cue, is_cue
from tasks.clean.headlines import MAX_WORDS, MIN_WORDS, glued, headline_score, may_be_headline
from tasks.clean.lines import Line
from tasks.model import Span

MAX_TAIL_LINES = 14  # lines; more unpunctuated lines in a row are a list, not a tail
MAX_TEASER_WORDS = 30  # words of a line behind a cue
MAX_TEASER_STOPS = 0.25  # share of the lines behind a cue that may end in a full stop
LONG_LINE = 12  # words from which a line should end as a sentence does
MIN_LONG_LINES = 2  # so many are needed to say how a text ends its lines
MIN_PUNCTUATED = 0.85  # share of the long lines that do; below it the text says nothing
MIN_LONE_SCORE = 0.6  # of a single headline; several support each other
LIST_REACH = 6  # lines above the tail that show whether the article ends in a list
MAX_CUT = 0.5  # share of the text that rules without a cue may drop
MAX_CUED_CUT = 0.6  # the same behind a cue line

# How sure the rules are that have no score of their own: of 100 cuts on made and real tails, so many held.
CUE_BLOCK = "cue block"
CALL_SCORE, CUE_BLOCK_SCORE, CUE_LINE_SCORE = 0.95, 0.97, 0.9


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch behind the article, the rule that found it and how sure it is, 0 to 1."""

    span: Span
    rule: str
    score: float


def tail_cuts(lines: Sequence[Line], kept: frozenset[int]) -> list[Cut]:
    """The cuts behind the article.

    `kept` are the lines that have a role of their own (credits, captions, bylines): they are passed over.
    """
    tail = _Tail(lines, kept)
    return tail.calls() + (tail.cue_block() or tail.cue_lines() or tail.headlines())


class _Tail:
    """The lines of a text, read from the last one upwards; `end` is the line after the last unread."""

    def __init__(self, lines: Sequence[Line], kept: frozenset[int]) -> None:
        self.lines = lines
        self.kept = kept
        self.end = len(lines)

    def calls(self) -> list[Cut]:
        """Legal lines and calls to action at the very end; lines with a role of their own are passed."""
        cuts = []
        while self.end > 1:
            line = self.lines[self.end - 1]
            rule = call_rule(line)
            if rule and self.end - 1 not in self.kept:
                cuts.append(Cut(line.span, rule, CALL_SCORE))
            elif self.end - 1 not in self.kept:
                break
            self.end -= 1
        return cuts

    def cue_block(self) -> list[Cut]:
        """A line such as "Related:" and the headlines behind it."""
        first = max(1, self.end - MAX_TAIL_LINES - 1)
        at = next((at for at in range(first, self.end) if is_cue(self.lines[at])), None)
        if at is None or not _are_teasers(self.lines[at + 1 : self.end]):
            return []
        cuts = self._cuts(at, CUE_BLOCK, CUE_BLOCK_SCORE)
        return [] if self._is_too_much(cuts) else cuts

    def cue_lines(self) -> list[Cut]:
        """Lines that hold a cue and a headline: "Read more: …"."""
        at = self.end
        while at > 1 and has_cue(self.lines[at - 1]):
            at -= 1
        return self._cuts(at, "cue line", CUE_LINE_SCORE)

    def headlines(self) -> list[Cut]:
        """Headlines at the end of a text that has full stops everywhere else: lines, or one run-on line."""
        article = self._article()
        if article is None:
            return []
        at, score = self._block(article)
        cuts = self._cuts(at, "headlines", score) if at < self.end else []
        cuts += self._glued(at - 1, article)
        return [] if self._is_too_much(cuts) else cuts

    def _article(self) -> frozenset[str] | None:
        """The words of the article, or None where its lines do not end as sentences do."""
        long = [line for line in self.lines[: self.end] if len(line.words) > LONG_LINE]
        ended = sum(line.is_punctuated for line in long)
        if ended < MIN_LONG_LINES or ended < MIN_PUNCTUATED * (len(long) - 1):
            return None
        return frozenset(word for line in self.lines for word in line.folded if line.is_punctuated)

    def _block(self, article: frozenset[str]) -> tuple[int, float]:
        """Where the lines begin that are headlines, and their score; the end where there are none."""
        at = self.end
        while at > 1 and at - 1 not in self.kept and may_be_headline(self.lines[at - 1]):
            at -= 1
            if self.end - at > MAX_TAIL_LINES:
                return self.end, 0.0
        if self._has_list_above(at):
            return self.end, 0.0
        scores = [headline_score(line, article) for line in self.lines[at : self.end]]
        strong = [score for score in scores if score]
        if len(strong) < max(1, len(scores) / 2) or (len(scores) == 1 and strong[0] < MIN_LONE_SCORE):
            return self.end, 0.0
        while not scores[0] and (len(strong) < 2 or len(self.lines[at].words) < MIN_WORDS):
            del scores[0]
            at += 1
        return at, round(sum(strong) / len(scores), 3)

    def _has_list_above(self, end: int) -> bool:
        """Whether the article itself ends in lines without a stop, one after the other: a list."""
        above = range(max(1, end - LIST_REACH), end)
        bare = [at not in self.kept and not self.lines[at].is_punctuated for at in above]
        return any(one and other for one, other in pairwise(bare))

    def _glued(self, at: int, article: frozenset[str]) -> list[Cut]:
        """Headlines glued to the last paragraph itself, or run together in a paragraph of their own."""
        if at < 1 or at in self.kept:
            return []
        line = self.lines[at]
        if len(line.words) <= MAX_WORDS and not line.is_punctuated and self._has_list_above(at + 1):
            return []
        found = glued(line, article)
        return [Cut(found[0].span, "glued headlines", round(found[1], 3))] if found else []

    def _is_too_much(self, cuts: Sequence[Cut]) -> bool:
        """Whether more would go than a tail can be; measured in characters."""
        most = MAX_CUED_CUT if cuts and cuts[0].rule == CUE_BLOCK else MAX_CUT
        cut = sum(found.span.end - found.span.start for found in cuts)
        return cut > most * sum(len(line.text) for line in self.lines)

    def _cuts(self, at: int, rule: str, score: float) -> list[Cut]:
        return [Cut(self.lines[n].span, rule, score) for n in range(at, self.end) if n not in self.kept]


def _are_teasers(behind: Sequence[Line]) -> bool:
    """Whether lines behind a cue are headlines and teasers rather than the article going on."""
    stops = sum(line.text.endswith(".") for line in behind)
    return stops <= MAX_TEASER_STOPS * len(behind) and all(
        len(line.words) <= MAX_TEASER_WORDS and not SAYS.search(line.text) for line in behind
    )
