"""Which language an article is in, as ISO 639-1.

Called by `tasks.clean`. A given language is trusted; plain English is told by its function words, since
the general detector takes a second of CPU time to load.
"""

from __future__ import annotations

import re

from tasks.clean.lexicon import words
from tasks.model import Sourced

SAMPLE = 4000  # characters that are looked at
SHORT = 300  # characters; of a shorter text the page knows the language better
MIN_WORDS = 20  # fewer words do not tell a language by their share
MIN_SHARE = 0.25  # of the words; English news has 0.35 to 0.5, other languages below 0.12
MIN_DISTINCT = 6  # different ones: "in", "of" and "was" are words of Dutch and German too
MAX_FOREIGN = 0.03  # share of letters beyond ASCII
FOREIGN = re.compile(r"[^\x00-\x7f\W\d_]")  # letters that English does not have
CODE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
THREE_LETTERS = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt",
    "tur": "tr", "rus": "ru", "ukr": "uk", "ara": "ar", "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko",
    "nld": "nl", "dut": "nl", "pol": "pl", "fas": "fa", "per": "fa", "hin": "hi", "urd": "ur", "heb": "he",
}  # fmt: skip


def code_of(name: str | None) -> str | None:
    """A language tag ("en-US", "eng") as ISO 639-1; None where it is none."""
    if name is None:
        return None
    tag = name.strip().casefold()
    match = CODE.fullmatch(tag)
    return match[1] if match else THREE_LETTERS.get(tag)


def language_of(text: str, given: str | None, of_page: str | None = None) -> Sourced[str] | None:
    """The language as given, else as detected; None for a text without words.

    What a page says of itself (`of_page`) counts only for a short text: templates are often left at their
    default, while a detector errs on few words.
    """
    if code := code_of(given):
        return Sourced(code, "given")
    sample = text[:SAMPLE]
    if is_plain_english(sample):
        return Sourced("en", "detected")
    if not re.search(r"[^\W\d_]", sample):
        return None
    if len(sample) < SHORT and (code := code_of(of_page)):
        return Sourced(code, "html")
    return Sourced(_detected(sample), "detected")


def is_plain_english(sample: str) -> bool:
    """Whether the function words and the letters say English beyond doubt."""
    found = re.findall(r"[^\W\d_]+", sample.casefold())
    if len(found) < MIN_WORDS or not sample:
        return False
    foreign = len(FOREIGN.findall(sample))
    functional = [word for word in found if word in words("function_words")]
    return (
        foreign <= MAX_FOREIGN * len(sample)
        and len(functional) >= MIN_SHARE * len(found)
        and len(set(functional)) >= MIN_DISTINCT
        and "the" in functional
    )


def _detected(sample: str) -> str:
    from py3langid.langid import classify

    return str(classify(sample)[0])
