"""What a page says of its place: address, site, publisher, section, language.

Called by `read_metadata`. The first of the named sources that has a value counts:

    url         the canonical link, og:url, JSON-LD (a full address only, and not a front page)
    site        og:site_name, JSON-LD's publisher, application-name
    publisher   JSON-LD's publisher, meta publisher
    section     article:section, JSON-LD, other meta tags
    language    the html tag, JSON-LD, content-language, og:locale
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tasks.clean.metadata.candidates import Candidates
from tasks.clean.metadata.wording import one_line
from tasks.model import Sourced

FULL_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
SECTION_META = ("article:section", "og:article:section", "parsely-section", "articlesection", "section")
SITE_META = ("og:site_name", "application-name", "twitter:app:name:iphone", "apple-mobile-web-app-title")
PUBLISHER_META = ("publisher", "dc.publisher", "dcterms.publisher", "copyright-holder")
LANGUAGE_META = ("content-language", "language", "dc.language", "og:locale")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
# Parts of a host name that are of no site: "www.bbc.co.uk" is "bbc".
COMMON_LABELS = frozenset(
    {"www", "com", "co", "org", "net", "edu", "gov", "news", "uk", "au", "nz", "za", "in", "jp", "kr", "br"}
)


def choose_url(page: Candidates) -> Sourced[str] | None:
    """The address that the page gives itself."""
    main = page.of_article("mainEntityOfPage")
    main = main.get("@id") if isinstance(main, dict) else main
    for value, source in (
        (page.canonical, "canonical link"),
        (page.first("og:url"), "og:url"),
        (main, "json-ld"),
        (page.of_article("url"), "json-ld"),
    ):
        if isinstance(value, str) and _is_of_article(value.strip(), page.url):
            return Sourced(value.strip(), source)
    return None


def _is_of_article(address: str, fetched_from: str | None) -> bool:
    """Whether it is a full address, and no front page where the article was found deeper."""
    if not FULL_ADDRESS.fullmatch(address):
        return False
    return _has_path(address) or not (fetched_from and _has_path(fetched_from))


def _has_path(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path.strip("/") or parts.query)


def choose_site(page: Candidates) -> str | None:
    """The name that readers know the site by."""
    return page.first(SITE_META[0]) or _named(page.of_article("publisher")) or page.first(*SITE_META[1:])


def choose_publisher(page: Candidates) -> Sourced[str] | None:
    """The house behind it."""
    if name := _named(page.of_article("publisher")) or _named(page.of_article("copyrightHolder")):
        return Sourced(name, "json-ld")
    told = page.first(*PUBLISHER_META)
    return Sourced(told, "meta") if told and not FULL_ADDRESS.match(told) else None


def _named(value: object) -> str | None:
    """The name in a JSON-LD organisation."""
    if isinstance(value, list):
        value = value[0] if value else None
    return one_line(value.get("name") if isinstance(value, dict) else value)


def choose_section(page: Candidates) -> Sourced[str] | None:
    """The section of the outlet it stood in."""
    if told := page.first(*SECTION_META[:2]):
        return Sourced(told, "meta")
    section = page.of_article("articleSection")
    if isinstance(section, list):
        section = next((one for one in section if isinstance(one, str)), None)
    if told := one_line(section):
        return Sourced(told, "json-ld")
    return Sourced(told, "meta") if (told := page.first(*SECTION_META[2:])) else None


def choose_language(page: Candidates) -> str | None:
    """The language tag of the page."""
    language = page.of_article("inLanguage")
    for value in (page.language, language, *(page.first(name) for name in LANGUAGE_META)):
        if isinstance(value, str) and LANGUAGE_TAG.fullmatch(value.strip()):
            return value.strip()
    return None


def site_names(page: Candidates) -> tuple[str, ...]:
    """All that the site is called: by itself, by its publisher, by its address."""
    told = [*page.all("og:site_name"), *page.all("application-name"), *page.all("apple-mobile-web-app-title")]
    told += [name for node in page.nodes if (name := _of_site(node))]
    for address in (page.url, page.canonical, page.first("og:url")):
        told += _labels(address)
    return tuple(dict.fromkeys(told))


def _of_site(node: object) -> str | None:
    """The name of a publisher or a site in the JSON-LD."""
    if not isinstance(node, dict):
        return None
    kinds = str(node.get("@type"))
    if "publisher" in node:
        return _named(node["publisher"])
    return one_line(node.get("name")) if "WebSite" in kinds or "NewsMediaOrganization" in kinds else None


def _labels(address: str | None) -> list[str]:
    """The parts of a host name that name the site, and the host itself."""
    try:
        host = (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return []
    if not host:
        return []
    return [host, *(label for label in host.split(".") if len(label) > 2 and label not in COMMON_LABELS)]
