"""Which of a page's wordings is the article's title.

Called by `read_metadata`. The rule, in order:

1. **Heading.** The h1 that is most like what the page calls itself elsewhere (og:title, JSON-LD,
   twitter:title, <title>, each without the site's name), where half of their words are the same. Where there
   is none, the first h1 with three words or more that stands in no box of the site's.
2. **Kicker.** Where one of og:title and JSON-LD is the heading less some words before it ("Politics | ",
   "Opinion "), theirs is the title: the heading's element holds a kicker besides.
3. **Two against one.** What JSON-LD and og:title say in the same words is the title; so is what JSON-LD and
   <title> say, where og:title does not side with the heading. What JSON-LD says twice, as `headline` and as
   `alternativeHeadline`, is the title before all.
4. **The fuller one.** Outlets shorten og:title; where it is longer than the heading and not the heading with
   something added, the heading is the short form.
5. Without a heading: JSON-LD's headline, og:title, twitter:title, <title>, the last three without the
   site's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.clean.metadata.candidates import Candidates
from tasks.clean.metadata.wording import folded, likeness, one_line, squeezed
from tasks.model import Sourced

# What stands between a title and the site's name.
SEPARATOR = re.compile(r"\s+(?:\||-|–|—|::|•|»|·|/|›|⋆|~)\s+|\s*[|｜：]\s*(?=\S+$)")
MAX_SUFFIX_WORDS = 5  # a longer piece behind a separator is part of the title
MAX_LABEL_WORDS = 3  # behind a bar stands a section, too
MIN_TITLE_WORDS = 3
MIN_TITLE_LETTERS = 8  # of a title in a script without blanks
SAME_HEADING = 0.5  # share of words in common with another name from which a heading is the title
CUT_SHORT = ("...", "…")


def choose_title(page: Candidates, site_names: Sequence[str]) -> Sourced[str] | None:
    """The title and where it was found."""
    headline = _whole(one_line(page.of_article("headline")) or one_line(page.of_article("name")))
    other = one_line(page.of_article("alternativeHeadline"))
    if headline and other and _is_title(headline) and folded(headline) == folded(other):
        return Sourced(headline, "json-ld")
    social = _bare(page.first("og:title"), site_names)
    others = [_bare(page.first("twitter:title"), site_names), _bare(page.page_title, site_names)]
    names = [name for name in (headline, social, *others) if name]
    heading = _like_names(page, names, site_names)
    heading = heading or _first_heading(page, site_names)
    if heading is not None:
        return _corrected(heading, social, headline, others[1])
    for value, source in (
        (headline, "json-ld"),
        (social, "og:title"),
        (others[0], "twitter:title"),
        (others[1], "title"),
    ):
        if value:
            return Sourced(value, source)
    return None


def _whole(headline: str | None) -> str | None:
    """A headline that was not cut short for want of room."""
    return None if headline is None or headline.endswith(CUT_SHORT) else headline


def _like_names(page: Candidates, names: Sequence[str], site_names: Sequence[str]) -> str | None:
    """The heading that says what the page is called elsewhere."""
    texts = [text for mark in page.marks if mark.kind == "h1" and (text := _bare(mark.text, site_names))]
    if not texts or not names:
        return None
    best = max(texts, key=lambda text: max(likeness(text, name) for name in names))
    return best if max(likeness(best, name) for name in names) >= SAME_HEADING else None


def _first_heading(page: Candidates, site_names: Sequence[str]) -> str | None:
    """The first heading that may be a title."""
    for mark in page.marks:
        text = _bare(mark.text, site_names) if mark.kind == "h1" and not mark.is_foreign else None
        if text and _is_title(text) and squeezed(text) not in map(squeezed, site_names):
            return text
    return None


def _is_title(text: str) -> bool:
    """Whether it is long enough: "Log In" and "Sports" are headings, too."""
    return len(text.split()) >= MIN_TITLE_WORDS or (not text.isascii() and len(text) >= MIN_TITLE_LETTERS)


def _corrected(
    heading: str, social: str | None, headline: str | None, page_title: str | None
) -> Sourced[str]:
    """The heading, unless the machine-readable names know better."""
    said = folded(heading)
    for name, source in ((social, "og:title"), (headline, "json-ld")):
        if name and _is_title(name) and said.endswith(f" {folded(name)}"):
            return Sourced(name, source)
    if social and headline and folded(social) == folded(headline) != said:
        return Sourced(social, "og:title")
    if headline and page_title and folded(headline) == folded(page_title) != said != folded(social or ""):
        return Sourced(headline, "json-ld")
    if social and len(folded(social)) > len(said) and said not in folded(social):
        return Sourced(social, "og:title")
    return Sourced(heading, "h1")


def _bare(title: str | None, site_names: Sequence[str]) -> str | None:
    return without_site(title, site_names) if title else None


def without_site(title: str, site_names: Sequence[str] = ()) -> str:
    """A title less the site's name at either end, told by its words, else by its place behind a separator."""
    named = [name for name in map(squeezed, site_names) if name]
    for _ in range(3):  # "Title | Politics | The Site"
        shorter = _less_one_piece(title, named)
        if shorter == title:
            break
        title = shorter
    return title


def _less_one_piece(title: str, named: Sequence[str]) -> str:
    separators = list(SEPARATOR.finditer(title))
    if not separators:
        return title
    head, tail = title[: separators[-1].start()], title[separators[-1].end() :]
    if _is_site(tail, named):
        return head
    first, rest = title[: separators[0].start()], title[separators[0].end() :]
    if _is_site(first, named):
        return rest
    is_bar = "|" in separators[-1][0] or "｜" in separators[-1][0]
    most = MAX_LABEL_WORDS if is_bar else 0 if named else MAX_SUFFIX_WORDS
    return head if len(tail.split()) <= most and len(head.split()) >= MIN_TITLE_WORDS else title


def _is_site(piece: str, named: Sequence[str]) -> bool:
    """Whether a piece is one of the site's names, give or take an article or ".com"."""
    bare = squeezed(piece)
    return any(
        bare == name or (len(name) >= 4 and name in bare) or (len(bare) >= 4 and bare in name)
        for name in named
    )
