"""One article at several addresses is one article; a wrong canonical address makes none of two."""

from __future__ import annotations

import pytest

from tasks.read.canonical import canonical_address


def page(canonical: str) -> str:
    return f'<html><head><link rel="canonical" href="{canonical}"></head><body><p>Text.</p></body></html>'


@pytest.mark.parametrize(
    ("url", "canonical", "known_by"),
    [
        ("https://a.example/news/bridge?ref=home", "https://a.example/news/bridge", True),
        ("https://a.example/news/bridge?utm_id=77", "/news/bridge", True),
        ("https://amp.a.example/news/bridge.html", "https://www.a.example/news/bridge", True),
        ("https://a.example/amp/news/bridge-1234", "https://a.example/news/bridge-1234.html", True),
        ("https://a.example/news/bridge/amp/", "https://a.example/news/bridge/", True),
        ("https://a.example/a?id=5&from=x", "https://a.example/a?id=5", True),
        ("https://a.example/a?id=5", "https://a.example/a", False),
        ("https://a.example/news/bridge", "https://a.example/", False),
        ("https://a.example/news/bridge", "https://a.example", False),
        ("https://a.example/news/bridge", "https://a.example/politics/", False),
        ("https://a.example/news/bridge", "https://other.example/news/bridge", False),
        ("https://a.example:8080/news/bridge", "https://a.example/news/bridge", False),
        ("https://a.example/news/bridge", "javascript:alert(1)", False),
        ("https://a.example/news/bridge", "http://[", False),
        ("https://a.example/news/bridge", "", False),
    ],
)
def test_a_canonical_address_is_believed_where_it_names_the_same_article(
    url: str, canonical: str, known_by: bool
) -> None:
    found = canonical_address(page(canonical), url)
    assert (found is not None) == known_by
    if found and canonical.startswith("http"):
        assert found == canonical


def test_a_page_without_one_is_known_by_where_it_was_found() -> None:
    assert canonical_address("<html><body><p>Text.</p></body></html>", "https://a.example/x") is None
