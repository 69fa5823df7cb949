"""Prefect's server as `onrecord serve` runs it: its UI asks nobody but this machine for anything.

Prefect's UI loads a tool of analysis that asks its maker for settings even where analytics are turned off.
A Content-Security-Policy (CSP Level 3, W3C) keeps that, and anything else that would leave, from going out.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

OURSELVES = ("127.0.0.1", "localhost")


class Guarded:
    """The application with the policy in every answer."""

    def __init__(self, application: ASGIApp, policy: str) -> None:
        self.application, self.policy = application, policy.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""

        async def send_with_policy(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), (b"content-security-policy", self.policy)]
                message = {**message, "headers": headers}
            await send(message)

        await self.application(scope, receive, send_with_policy if scope["type"] == "http" else send)


def policy(api: str | None) -> str:
    """What the UI may ask for: its own server, under any of its names; the API where that is elsewhere."""
    names = [f"{scheme}://{name}:*" for scheme in ("http", "ws") for name in OURSELVES]
    elsewhere = [api] if api and api.startswith(("http://", "https://")) else []
    rules = {
        "connect-src": ["'self'", *names, *elsewhere],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "frame-src": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
    }
    return "; ".join(" ".join((name, *places)) for name, places in rules.items())


def guarded_app() -> ASGIApp:
    """Prefect's server with the policy: a factory for uvicorn."""
    from prefect.server.api.server import create_app

    return Guarded(create_app(), policy(os.environ.get("PREFECT_UI_API_URL")))
