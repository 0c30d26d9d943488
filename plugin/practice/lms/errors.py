"""A call that the platform refuses: status and a reason that a person can act on."""

from __future__ import annotations


class Refusal(Exception):
    """Shown as a page or as JSON, and written to the LMS log with its reason."""

    def __init__(self, reason: str, *, status: int = 400, code: str = "invalid_request") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.code = code
