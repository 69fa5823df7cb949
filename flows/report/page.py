"""A report as one HTML file that needs nothing else: no network, no other file, no script but its own.

Every value goes through Jinja's autoescape. Besides, a strict Content-Security-Policy names the style and the
script by their hashes, so that the browser would run nothing else even if markup had slipped through.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib import resources
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.report.model import Report

TEMPLATES: Final = "templates"


def html(report: Report) -> str:
    """The page."""
    pages = Environment(
        loader=PackageLoader(__name__.rpartition(".")[0], TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _own("style.css"), _own("page.js")
    return pages.get_template("page.html").render(
        report=report,
        style=Markup(style),  # noqa: S704 - our own file, and nothing is put into it
        script=Markup(script),  # noqa: S704
        policy=policy(style, script),
    )


def policy(style: str, script: str) -> str:
    """What the browser may do: this style, this script, nothing else. (CSP Level 3, W3C)."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _own(name: str) -> str:
    return (resources.files(__package__ or "") / TEMPLATES / name).read_text("utf-8")


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
