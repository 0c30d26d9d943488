"""Refusals that a person can cause; ``web`` makes a page with status and reference of them."""

from collections.abc import Mapping
from datetime import timedelta


class DomainError(Exception):
    """A use case said no. ``code`` is for programs and logs, ``message`` for the person."""

    status = 400

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class NotFound(DomainError):
    """The thing does not exist, or not for this person."""

    status = 404


class Refused(DomainError):
    """The person may not do this; the message says why."""

    status = 403


class Conflict(DomainError):
    """The thing changed meanwhile, or the step was taken already."""

    status = 409


class Invalid(DomainError):
    """Input that cannot be used; ``fields`` maps a field's name to what is wrong with it."""

    status = 422

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(code, message)
        self.fields = dict(fields or {})


class TooMany(DomainError):
    """A limit was reached; ``after`` says when to try again."""

    status = 429

    def __init__(self, code: str, message: str, after: timedelta) -> None:
        super().__init__(code, message)
        self.after = after


class Unavailable(DomainError):
    """Something that we depend on is down; ``after`` says when to try again."""

    status = 503

    def __init__(self, code: str, message: str, after: timedelta) -> None:
        super().__init__(code, message)
        self.after = after
