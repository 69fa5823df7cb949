"""What Prefect's client raises where the server does not answer, or not as it should.

Its client is httpx, so these are errors of httpx; beside the fetcher's client, this is the only module that
knows it. Nothing here fetches. It imports Prefect: import it only where the server is known.
"""

from __future__ import annotations

from typing import Final

from httpx import HTTPError
from prefect.exceptions import PrefectException

SERVER_ERRORS: Final = (HTTPError, PrefectException)
