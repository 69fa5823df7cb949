"""The article's text as the page tells it to machines (JSON-LD's `articleBody`): a witness of the extraction.

Called by `html`. It is seldom used as the text itself, for it runs captions, teasers and calls together, is
often cut short, and has lost its paragraphs. But where the page's own text ends, the article ends; and where
next to nothing was extracted, it is better than that.
"""

from __future__ import annotations

import html
import re
from typing import Any

from tasks.clean.lines import Line, lines_of
from tasks.clean.metadata.json_ld import json_ld_nodes

LEAST_TOLD, TOLD_MORE = 200, 2  # words of a text in the page's data; times those that were extracted
LONG_LINE = 8  # words of a line that shows both to be the same article
MIN_TOLD = 100  # words of a text whose end is believed
MIN_COVERED = 0.85  # share of the words of the long lines before its end that it holds
MAX_BEHIND = 0.3  # share of the text's words that may stand behind its end
END = 40  # letters and digits that tell an end
MARKUP = re.compile(r"<[^<>]{1,2000}>")
SQUEEZED = re.compile(r"\W+")


def told_text(tree: Any) -> str:
    """The longest text of an article that the page's JSON-LD holds; its markup is taken out."""
    scripts = [script.text or "" for script in tree.iter("script") if "articleBody" in (script.text or "")]
    bodies = [body for node in json_ld_nodes(scripts) if isinstance(body := node.get("articleBody"), str)]
    return MARKUP.sub("\n", html.unescape(max(bodies, key=len, default="")))


def is_the_whole_of(told: str, text: str) -> bool:
    """Whether the page's own text is the article of which only a part was extracted."""
    if len(told.split()) < max(LEAST_TOLD, TOLD_MORE * len(text.split())):
        return False
    lines = [" ".join(line.split()) for line in text.split("\n") if len(line.split()) >= LONG_LINE]
    folded = " ".join(told.split())
    return not lines or any(line in folded for line in lines[:5])


def behind_told(told: str, text: str) -> frozenset[int]:
    """The starts of the lines behind the place where the page's own text ends; none where it says little."""
    if len(told.split()) < MIN_TOLD:
        return frozenset()
    squeezed = SQUEEZED.sub("", html.unescape(told))
    lines = lines_of(text)
    end = next((at for at in range(len(lines) - 1, -1, -1) if squeezed.endswith(_end(lines[at]))), None)
    if end is None or len(_end(lines[end])) < END:
        return frozenset()
    before = [line for line in lines[: end + 1] if len(line.words) >= LONG_LINE]
    covered = sum(len(line.words) for line in before if _end(line) in squeezed)
    behind = sum(len(line.words) for line in lines[end + 1 :])
    is_end = covered >= MIN_COVERED * sum(len(line.words) for line in before) and behind <= MAX_BEHIND * sum(
        len(line.words) for line in lines
    )
    return frozenset(line.span.start for line in lines[end + 1 :]) if is_end else frozenset()


def _end(line: Line) -> str:
    return SQUEEZED.sub("", line.text[-4 * END :])[-END:]
