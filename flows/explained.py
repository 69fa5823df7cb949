"""What a rule means, in a sentence for the person who wonders why words got a role or were cut.

Called by `article_view`. The rules are in `tasks/clean`, and each names itself; a name that is not in the
list below is shown without a sentence.
"""

from __future__ import annotations

OF_DROPPED = {
    "known title": "The title of another article: the warehouse, or the input itself, has it.",
    "page link": "The words of a link of this page to another one.",
    "end of the page's own text": "The text that the page's data (JSON-LD) gives ends before it.",
    "page box": "It stands in the page outside the element that holds the article.",
    "cue block": "Headlines behind a line that announces them, such as “Related” or “Read more”.",
    "cue line": "A line that announces another article, with its headline.",
    "call to action": "A line that asks readers to subscribe, to follow, to share or to write.",
    "site repetition": "A line that the site repeats on its pages, whatever their story.",
    "script text": "The page's script, which leaked into its text.",
    "gallery count": "The number of a picture in a gallery that is not part of the text.",
    "bare address": "Nothing but an address.",
    "leads nowhere": "It announces a gallery, a recording or a list that was not taken from the page.",
    "legal line": "A line about copyright or terms of use.",
    "tail score": "It reads as headlines of other articles do, by marks and words learnt from many pages.",
    "sources.toml": "A line that drop_lines of the source list names.",
}
OF_KEPT = {
    "known title": "It repeats the title.",
    "repeated title": "It repeats the title.",
    "first line": "The first line, which is short and does not end as a sentence does.",
    "repeated lede": "A standfirst: a paragraph below says the same again.",
    "outlet line": "A line that is the name of an outlet.",
    "name and role": "A line that is a person's name with a role or an outlet.",
    "signature": "The last line, which is a person's name.",
    "date line": "A line that is a date.",
    "correction note": "A note on what was wrong before.",
    "caption": "It tells of a picture.",
    "biography": "It tells who the author is, or how to reach them.",
    "list of credits": "It tells who made the article or its pictures.",
    "masthead": "It tells who made the article.",
    "credit line": "It tells who contributed, took the picture or wrote first.",
}


def explained(role: str, rule: str) -> str:
    """The reason for a role, or nothing where the role says it all."""
    if role == "body":
        return ""
    reasons = OF_DROPPED if role == "dropped" else OF_KEPT
    return next((reason for start, reason in reasons.items() if rule.startswith(start)), "")
