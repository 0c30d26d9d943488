"""Mail out: smtplib behind the port; in practice mode a folder of .eml files that one can open."""

import hashlib
import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from plugin.kernel.config import Config
from plugin.kernel.http import RemoteCallFailed
from plugin.kernel.ids import new_id
from plugin.kernel.ports import Mailer

TIMEOUT = 20


def one_line(text: str) -> str:
    """A subject: names and titles are in it, and no line's end of theirs may begin a header."""
    return " ".join(text.split())


class FolderMailer:
    """Writes each message as a file; nothing leaves the machine.

    A message sent again has the same Message-ID and takes the place of the first, as it would in
    a mailbox that drops repeats.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f".{new_id()}.part"
        with part.open("wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        name = hashlib.sha256(str(message["Message-ID"] or new_id()).encode()).hexdigest()[:24]
        part.replace(self._folder / f"{name}.eml")

    def check(self) -> str:
        """Say which folder it is."""
        return f"files in {self._folder}"


class SmtpMailer:
    """One connection a message: our volume is small, and a pooled one would hide outages."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Send, with TLS whenever the server offers it; raise RemoteCallFailed otherwise."""
        with self._signed_in() as server:
            server.send_message(message)

    def check(self) -> str:
        """Greet the server and sign in, without sending anything."""
        with self._signed_in() as server:
            server.noop()
        return f"{self._host}:{self._port} answers" + (" and lets us in" if self._user else "")

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        where = f"smtp://{self._host}:{self._port}"
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                yield server
        except smtplib.SMTPResponseException as error:
            retryable = 400 <= error.smtp_code < 500
            raise RemoteCallFailed(where, f"SMTP {error.smtp_code}", retryable=retryable) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            retryable = all(400 <= code < 500 for code in codes)
            raise RemoteCallFailed(where, f"SMTP {codes}", retryable=retryable) from error
        except (OSError, smtplib.SMTPException) as error:
            raise RemoteCallFailed(where, type(error).__name__, retryable=True) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif self._user:
            server.close()
            raise smtplib.SMTPNotSupportedError("no TLS offered, and a password is not sent bare")
        return server


def mailer_for(settings: Config) -> Mailer:
    """Return the mailer that the settings ask for."""
    if settings.mail_url:
        return SmtpMailer(settings.mail_url)
    return FolderMailer(settings.data_folder / "mail")
