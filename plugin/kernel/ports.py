"""Ports: what the product needs from outside, as protocols with one real implementation each."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Protocol


class Clock(Protocol):
    """Time is asked for, never taken: aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, shifted by an offset that only practice mode sets."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset


class Mailer(Protocol):
    """Hands one message to the mail system; raises ``RemoteCallFailed`` when it cannot."""

    def send(self, message: EmailMessage) -> None: ...

    def check(self) -> str:
        """Say in a few words where mail goes; raise ``RemoteCallFailed`` when it cannot go."""
        ...


class BlobStore(Protocol):
    """Content-addressed bytes: the name is the SHA-256 of the content."""

    def put(self, data: bytes) -> str: ...

    def get(self, digest: str) -> bytes: ...

    def delete(self, digest: str) -> None: ...
