"""The product's exceptions: each has a machine-readable reason and one sentence for a person.

Those below `DocumentError` cost one document and become a row in `failures`; the others end the run.
"""

from __future__ import annotations


class OnrecordError(Exception):
    """Something that a person should read as one sentence, not as a traceback."""

    reason = "failed"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if reason is not None:
            self.reason = reason


class UsageError(OnrecordError):
    """The command was used wrongly (exit code 2)."""

    reason = "usage"


class DocumentError(OnrecordError):
    """One document cannot be used; the rest goes on. `reason` is for machines (`empty`, `binary`, …)."""

    reason = "document"


class FetchError(DocumentError):
    """An address could not be fetched; `reason` is for machines (`timeout`, `robots`, `http_404`, …)."""

    reason = "fetch"
