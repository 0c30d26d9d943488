"""Refusals in Discourse's words and shapes (facts 2.3)."""

from __future__ import annotations

from typing import Any


class Rejected(Exception):
    """A call that is refused; the API shows `body()` as JSON, a page shows the sentences."""

    def __init__(
        self,
        status: int,
        errors: list[str],
        *,
        error_type: str | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__("; ".join(errors))
        self.status = status
        self.errors = errors
        self.error_type = error_type
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {**self.extra, "errors": self.errors}
        if self.error_type:
            body["error_type"] = self.error_type
        return body

    @classmethod
    def not_found(cls) -> Rejected:
        text = "The requested URL or resource could not be found."
        return cls(404, [text], error_type="not_found")

    @classmethod
    def forbidden(cls, reason: str = "") -> Rejected:
        text = "You are not permitted to view the requested resource."
        return cls(403, [f"{text} {reason}".strip()], error_type="invalid_access")
