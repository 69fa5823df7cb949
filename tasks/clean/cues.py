"""Lines that speak to the reader of something else: "Related:", "Subscribe to …", "All rights reserved".

Called by `tail`. The announcements themselves are in `lexicon/cue_lines.txt`.
"""

from __future__ import annotations

import re

from tasks.clean.lexicon import words
from tasks.clean.lines import WORD, Line

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
    | \b(?:direct(?:ly)?|straight|delivered|sent)\ to\ your\ (?:inbox|phone|letterbox|door)\b
    | \bsign\ up\ (?:for|to)\ (?:our|the|my)\b | \bthank\ you\ for\ (?:subscribing|signing\ up)\b
    | ^(?:please\ )?subscribe\ (?:to|now|today|here)\b | \bstart\ your\ .{0,40}\bsubscription\b
    | ^(?:join|see|read|view|post)\ (?:our|the|in\ the|all)?\ ?(?:comment|conversation|discussion)
    | ^join\ thought-provoking\ conversations\b | ^(?:tell\ us|let\ us\ know)\ what\ you\ think\b
    | ^(?:read|see|view)\ the\ (?:original|full)\ (?:article|story|post|version)\b
    | ^special\ offer\ for\b | \bclick\ here\ for\ more\b
    | ^(?:to\ )?(?:get|gain)\ (?:unlimited\ )?access\ to\b
    | ^for\ (?:more|the\ latest)\b.{0,80}\b(?:visit|go\ to|click|sign\ up|follow|subscribe)\b
    | ^(?:listen\ to|subscribe\ to|find)\b.{0,60}\b(?:apple\ podcasts|spotify|google\ podcasts)\b
    | ^(?:jetzt\ )?abonnier(?:en|e)\b | \bunterstützen\ sie\ (?:uns|unsere)\b
    | \bwhatsapp[ -](?:kanal|canal|channel)\b
    | ^(?:abonnez-vous|inscrivez-vous|suscríbe(?:te|se)|iscriviti|inscreva-se)\b
    """
)
LEGAL = re.compile(
    r"""(?ix)
    copyright\s*(?:©|\(c\)|\d{4}) | ©\s*(?:copyright|\d{4}) | all\ rights\ reserved
    | ^(?:this\ (?:article|story|post|piece|column)\b.{0,120}\b)?
        (?:originally|first)\ (?:appeared|published|ran)\b
    | ^reprinted\ (?:by|with)\b | ^originally\ published\b
    | \bif\ you\ (?:make\ a\ purchase|buy|click)\b.{0,80}\b(?:commission|fee|links?)\b
    | \b(?:may|might)\ (?:earn|receive|get)\ (?:a|an|some)?\ ?(?:\w+\ )?commission\b
    | \bauthors?\ do(?:es)?\ not\ (?:own|hold)\ (?:shares|any|positions?)\b
    | \bdo(?:es)?\ not\ necessarily\ (?:reflect|represent)\b | ^we\ (?:also\ )?use\ cookies\b
    | may\ not\ be\ (?:published|reproduced|republished|redistributed) | reprinted\ with\ permission
    | \b(?:privacy\ policy|terms\ of\ (?:use|service))\b | \bstandards:\ the\ thomson\ reuters
    """
)
# What pages have behind their articles; in a plain text, somebody has left it standing.
CALL_OF_PAGE = re.compile(
    r"""(?ix)
    ^(?:be\ the\ first\ to\ )?(?:get|receive)\b.{0,60}\b(?:newsletters?|breaking\ news|alerts)\b
    | ^install\ (?:the|our)\ .{0,30}\bapp\b | ^to\ learn\ more\ about\b | ^want\ more\b
    | \b(?:e-?mail|text|write\ to)\ us\ (?:at|with|your)\b
    | \b(?:scroll|click|swipe)\ through\ the\ (?:gallery|photos|slideshow)\b
    | \b(?:kostenlos|unverbindlich)\ testen\b | ^wie\ hat\ ihnen\ dieser\ artikel\ gefallen\b
    """
)
LEGAL_OF_PAGE = re.compile(
    r"""(?ix)
    \b(?:do(?:es)?|may)\ not\ necessarily\ (?:reflect|represent)\b | \ball\ rights\ reserved\b
    | \b(?:opinions|views)\ expressed\ (?:here|in\ this|by\ the)\b
    | ^this\ (?:article|story|post|piece)\b.{0,160}\b(?:originally|first)\ (?:appeared|published|ran)\b
    | \breprinted\ (?:by|with)\ (?:the\ )?permission\b
    """
)
GALLERY = re.compile(r"\d{1,3}\s?(?:of|/|von|de|sur)\s?\d{1,3}$")
ADDRESS = re.compile(r"(?:[-–•*]\s*|\[?\d{1,3}[\].)]\s*)?(?:https?://|www\.)\S+$")
SOURCES = re.compile(r"(?i)(?:sources?|references?|quellen?|fuentes?):?$")
CALL_TO_ACTION, LEGAL_LINE, BARE_ADDRESS = "call to action", "legal line", "bare address"
NO_CALL = re.compile(r"(?i)(?:you|we|i) (?:can|could|may|have|am|are)\b")  # a sentence of the article
OPENING = 40  # characters; a legal notice further on in a line is a remark at the end of a paragraph
SHORT_WORDS = 20  # words of a line that is a legal notice wherever the notice stands in it
MAX_CALL_WORDS = 45  # words of a call or a legal line
MAX_CALL_WORDS_OF_PAGE = 60
MAX_ANNOUNCED_WORDS = 24  # words of a line that holds both the announcement and a headline
MAX_LEADING_WORDS = 18  # words of a line that announces what is no text
SAYS = re.compile(r"\b(?:said|says|told|tells|added|adds|according to|wrote|asked)\b")


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
    if mark is None or len(line.words) > MAX_ANNOUNCED_WORDS:
        return False
    return " ".join(WORD.findall(line.text[: mark.start()].casefold().replace("’", "'"))) in words(
        "cue_lines"
    )


def call_rule(line: Line, *, of_page: bool = False) -> str | None:
    """`legal line` or `call to action`, where the line is plainly one. More is known of lines of pages."""
    if len(line.words) > (MAX_CALL_WORDS_OF_PAGE if of_page else MAX_CALL_WORDS) or SAYS.search(line.text):
        return None
    legal = LEGAL.search(line.text)
    if legal and (legal.start() <= OPENING or len(line.words) <= SHORT_WORDS):
        return LEGAL_LINE
    if of_page and LEGAL_OF_PAGE.search(line.text):
        return LEGAL_LINE
    is_call = CALL.search(line.text) or (of_page and CALL_OF_PAGE.search(line.text))
    return CALL_TO_ACTION if is_call and not NO_CALL.match(line.text) else None


def leftover_rule(line: Line, behind: str | None) -> str | None:
    """What is left of a gallery ("3 of 12") or of a list of sources; `behind` is the rule of the next cut."""
    if GALLERY.match(line.text):
        return "gallery count"
    is_heading = behind == BARE_ADDRESS and SOURCES.match(line.text)
    return BARE_ADDRESS if ADDRESS.match(line.text) or is_heading else None


def leads_nowhere(line: Line) -> bool:
    """Whether it announces something that was not taken from the page: a gallery, a recording."""
    return line.text.endswith((":", "：")) and len(line.words) <= MAX_LEADING_WORDS
