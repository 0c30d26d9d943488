"""The mail of practice mode: a folder of .eml files, read as each person would read their own."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from plugin.practice.demo.browser import until

CODE = re.compile(r"\b(\d{6})\b")
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Mail:
    """One mail as its reader sees it."""

    name: str
    to: str
    subject: str
    text: str
    at: float

    def links(self, part: str) -> list[str]:
        return [link for link in LINK.findall(self.text) if part in link]

    @property
    def code(self) -> str | None:
        """The six digits, when the mail brings some."""
        found = CODE.search(self.subject)
        return found.group(1) if found else None


class Mailbox:
    """All mail that Lantern wrote; each file is parsed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Mail] = {}
        self._lock = threading.Lock()  # several robots look at the same time

    def all(self) -> list[Mail]:
        """Everything so far, oldest first."""
        with self._lock:
            for path in self._folder.glob("*.eml") if self._folder.exists() else ():
                if path.name not in self._read:
                    self._read[path.name] = _mail(path)
            return sorted(self._read.values(), key=lambda mail: mail.at)

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.all() if mail.to == address.lower()]

    def code_for(self, address: str, known: set[str]) -> str:
        """Wait for a code that is not among the mails ``known`` by name."""

        def look() -> str | None:
            fresh = [mail for mail in self.to(address) if mail.name not in known and mail.code]
            return fresh[-1].code if fresh else None

        return until(look, f"code for {address}")

    def names(self, address: str) -> set[str]:
        return {mail.name for mail in self.to(address)}


def _mail(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    to = str(message["To"] or "").strip().lower()
    return Mail(path.name, to, str(message["Subject"]), text, path.stat().st_mtime)
