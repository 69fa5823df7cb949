"""What stands behind an article and is none of it: headlines of other articles, calls to action.

Called by `text`. A chain of rules that reads from the end upwards; each cut carries its rule and a
score. It is careful rather than thorough: a text whose paragraphs do not end in full stops, a list, a
tour plan, a table is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.clean.lexicon import words
from tasks.clean.lines import WORD, Line
from tasks.model import Span

MAX_TAIL_LINES = 14  # lines; more unpunctuated lines in a row are a list, not a tail
MAX_HEADLINE_WORDS = 24
MIN_HEADLINE_WORDS = 4
MIN_REMAINDER_WORDS = 4
MIN_PUNCTUATED = 0.85  # share of the long lines that end as sentences do; below it the text says nothing
LONG_LINE = 12  # words of a line that should be punctuated
MIN_LONG_LINES = 2
MAX_CUT = 0.35  # share of all words that rules without a cue may drop
MAX_CUED_CUT = 0.6  # the same behind a cue line
MAX_OVERLAP = 0.5  # share of a headline's matter words that the article has too
MIN_SCORE = 0.5

CUE_MARK = re.compile(r"\s*[:：|»]\s*(?=\S)")
MAX_CUE_LENGTH = 60  # characters of a cue
CALL = re.compile(
    r"""(?ix)
    \b(?:sign\ up|subscribe|register)(?:\ now|\ today|\ here)?\ (?:to|for)\b.{0,80}
        \b(?:newsletters?|alerts?|briefings?|inbox|updates|channel)\b
    | \bnewsletters?\b.{0,60}\b(?:inbox|sign\ up|subscribe|delivered)\b
    | \b(?:follow|like|join|find)\ (?:us|\S{0,30})\ on\ (?:\w+,?\ (?:and\ )?){0,3}
        (?:twitter|facebook|instagram|threads|tiktok|youtube|linkedin|whatsapp|telegram|x)\b
    | \bshare\ this\ (?:article|story|post)\b
    | \bdownload\ our\ .{0,30}app\b
    | \bclick\ here\ to\ (?:read|subscribe|sign|join|follow)
    | \bbecome\ a\ (?:member|subscriber|patron)\b
    | \bsupport\ (?:our|independent|local)\ journalism\b
    | \b(?:leave|post)\ a\ comment\b
    | \bby\ submitting\b.{0,60}\b(?:agree|consent)\b
    """
)
LEGAL = re.compile(
    r"""(?ix)
    copyright\s*(?:©|\(c\)|\d{4}) | ©\s*(?:copyright|\d{4}) | all\ rights\ reserved
    | may\ not\ be\ (?:published|reproduced|republished|redistributed) | reprinted\ with\ permission
    | \b(?:privacy\ policy|terms\ of\ (?:use|service))\b | \bstandards:\ the\ thomson\ reuters
    """
)
MAX_CALL_WORDS = 45  # words of a call or a legal line
SAYS = re.compile(r"\b(?:said|says|told|tells|added|adds|according to|wrote|asked)\b")
NO_HEADLINE = re.compile(
    r"^[^\w\"'“‘$€£#(\[]|@|https?:|www\.|\.(?:com|org|net|co\.uk)\b|[:;,–—-]$|♦|^\(|\)\s*$|^\["
)
ENTRY = re.compile(r"^[^:]{1,40}:\s*(?:\S+\s*){1,3}$|^[A-Z][a-z]{2,8}\.? \d{1,2}\b|\s@\s")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(]?[^\W_a-z])")
# What a full stop does not end a sentence after.
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.)*[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|St|Jr|Sr|vs|No|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Corp|Co|Ltd|Bros|Mt|Ft))$"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch behind the article, the rule that found it and how sure it is, 0 to 1."""

    span: Span
    rule: str
    score: float


def tail_cuts(lines: Sequence[Line], kept: frozenset[int]) -> list[Cut]:
    """The cuts behind the article, from the last upwards.

    `kept` are the lines that have a role of their own (credits, captions, bylines): they are passed over.
    """
    tail = _Tail(lines, kept)
    cuts = tail.calls()
    cued = tail.cue_block()
    if cued:
        return cuts + cued
    return cuts + tail.headlines()


class _Tail:
    """The lines of a text, read from the last one upwards; `end` is the line after the last unread."""

    def __init__(self, lines: Sequence[Line], kept: frozenset[int]) -> None:
        self.lines = lines
        self.kept = kept
        self.end = len(lines)
        self.total = sum(len(line.words) for line in lines)

    def calls(self) -> list[Cut]:
        """Legal lines and calls to action at the very end."""
        cuts = []
        while self.end > 1:
            line = self.lines[self.end - 1]
            rule = call_rule(line)
            if rule and self.end - 1 not in self.kept:
                cuts.append(Cut(line.span, rule, 0.95))
            elif self.end - 1 not in self.kept:
                break
            self.end -= 1
        return cuts

    def cue_block(self) -> list[Cut]:
        """A line such as "Related:" and the headlines behind it."""
        first = max(1, self.end - MAX_TAIL_LINES - 1)
        at = next((at for at in range(first, self.end) if is_cue(self.lines[at])), None)
        if (
            at is not None
            and self._is_cued(self.lines[at + 1 : self.end])
            and not self._is_too_much(at, MAX_CUED_CUT)
        ):
            return self._cuts(at, "cue block", 0.97)
        at = self.end
        while at - 1 >= first and has_cue(self.lines[at - 1]):
            at -= 1
        return self._cuts(at, "cue line", 0.9)

    def _is_cued(self, behind: Sequence[Line]) -> bool:
        """Whether lines behind a cue are headlines and teasers rather than the article going on."""
        return all(len(line.words) <= 30 and not SAYS.search(line.text) for line in behind) and (
            sum(line.text.endswith(".") for line in behind) <= len(behind) / 4
        )

    def headlines(self) -> list[Cut]:
        """Lines without a full stop at the end of a text that has them everywhere else."""
        article = self._article()
        if article is None:
            return []
        at = self.end
        scores: list[float] = []
        while at > 1 and self.end - at < MAX_TAIL_LINES and at - 1 not in self.kept:
            score = headline_score(self.lines[at - 1], article)
            if score < MIN_SCORE:
                break
            scores.append(score)
            at -= 1
        if self._is_too_much(at, MAX_CUT) or self.end - at >= MAX_TAIL_LINES:
            return []
        cuts = self._cuts(at, "headlines", round(min(scores, default=0.0), 3))
        return cuts + self._remainder(at - 1, article)

    def _article(self) -> frozenset[str] | None:
        """The words of the article, or None where its lines do not end as sentences do."""
        long = [line for line in self.lines[: self.end] if len(line.words) > LONG_LINE]
        ended = sum(line.is_punctuated for line in long)
        if ended < MIN_LONG_LINES or ended < MIN_PUNCTUATED * len(long):
            return None
        return frozenset(word for line in self.lines for word in line.folded if line.is_punctuated)

    def _remainder(self, at: int, article: frozenset[str]) -> list[Cut]:
        """Headlines glued to the last paragraph itself."""
        line = self.lines[at]
        if line.is_punctuated or at in self.kept:
            return []
        start = remainder(line.text)
        if start is None:
            return []
        rest = Line(Span(line.span.start + start, line.span.end), line.text[start:])
        score = glued_score(rest, article)
        return [Cut(rest.span, "glued headlines", round(score, 3))] if score >= MIN_SCORE else []

    def _is_too_much(self, at: int, most: float) -> bool:
        return sum(len(line.words) for line in self.lines[at:]) > most * self.total

    def _cuts(self, at: int, rule: str, score: float) -> list[Cut]:
        return [Cut(self.lines[n].span, rule, score) for n in range(at, self.end) if n not in self.kept]


def is_cue(line: Line) -> bool:
    """Whether the line is nothing but an announcement of other articles ("Related:")."""
    if len(line.text) > MAX_CUE_LENGTH or line.text.endswith("."):
        return False
    folded = " ".join(line.folded)
    listed = words("cue_lines")
    return folded in listed or " ".join(line.folded[:2]) + " *" in listed


def has_cue(line: Line) -> bool:
    """Whether the line is an announcement with a headline behind it ("Read more: …")."""
    mark = CUE_MARK.search(line.text[:MAX_CUE_LENGTH])
    if mark is None or len(line.words) > MAX_HEADLINE_WORDS:
        return False
    return " ".join(WORD.findall(line.text[: mark.start()].casefold().replace("’", "'"))) in words(
        "cue_lines"
    )


def call_rule(line: Line) -> str | None:
    """`legal line` or `call to action`, where the line is plainly one."""
    if len(line.words) > MAX_CALL_WORDS or SAYS.search(line.text):
        return None
    if LEGAL.search(line.text):
        return "legal line"
    return "call to action" if CALL.search(line.text) else None


def matter(folded: Sequence[str]) -> list[str]:
    """The words that carry matter."""
    return [word for word in folded if len(word) > 3 and word not in words("function_words")]


def overlap(line: Line, article: frozenset[str]) -> float:
    """The share of its words of matter that the article has too, 0 to 1."""
    own = matter(line.folded)
    return sum(word in article for word in own) / len(own) if own else 1.0


def headline_score(line: Line, article: frozenset[str]) -> float:
    """How much a last line reads like headlines of other articles, 0 to 1."""
    text, count = line.text, len(line.words)
    if line.is_punctuated or count < MIN_HEADLINE_WORDS or NO_HEADLINE.search(text) or ENTRY.search(text):
        return 0.0
    if (SAYS.search(text) and '"' in text) or remainder(text) is not None:
        return 0.0
    return 1.0 - overlap(line, article)


def glued_score(rest: Line, article: frozenset[str]) -> float:
    """How much what follows the last sentence of a paragraph reads like headlines, 0 to 1."""
    if len(rest.words) < MIN_REMAINDER_WORDS or NO_HEADLINE.search(rest.text) or ENTRY.search(rest.text):
        return 0.0
    return 1.0 - overlap(rest, article)


def remainder(text: str) -> int | None:
    """Where what follows the last full sentence of a paragraph begins; None without such a sentence."""
    last = None
    for match in SENTENCE_END.finditer(text):
        stop = match.start()
        if text[stop] != "." or not ABBREVIATION.search(text[max(0, stop - 12) : stop]):
            last = match.end()
    return last if last is not None and WORD.search(text, last) else None
