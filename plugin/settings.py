"""Every setting once: type, default and help. Read from ``LANTERN_*``; an unknown one is an error.

``lantern config explain`` prints this table; ``plugin/docs/settings.md`` is generated from it.
"""

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX = "LANTERN_"
# Read by the test suite and by make, not by the product.
NOT_SETTINGS = frozenset(
    {"LANTERN_TEST_REQUIRE", "LANTERN_TEST_DATABASE_URL", "LANTERN_TEST_ON", "LANTERN_TEST_CACHE"}
)


class SettingsError(ValueError):
    """A setting is unknown or has a value that cannot be used; the message says how to mend it."""


def _setting(default: Any, help_text: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"help": help_text, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs. Frozen: a change means a restart."""

    base_url: str = _setting(
        "http://localhost:8080", "The public address people open, without a final slash"
    )
    data_folder: Path = _setting(
        Path("var"), "Folder for the SQLite database, files, mail of practice mode and the key file"
    )
    database_url: str = _setting(
        "", "postgresql+psycopg://… at scale; empty: SQLite in the data folder", secret=True
    )
    jobs_url: str = _setting(
        "", "redis://… at scale; empty: a SQLite job store in the data folder", secret=True
    )
    secret_keys: tuple[str, ...] = _setting(
        (),
        "Keys that encrypt stored keys and tokens, newest first, separated by commas; "
        "empty: a key file in the data folder, made at first start",
        secret=True,
    )
    mail_url: str = _setting(
        "",
        "smtp://user:password@host:587 or smtps://…; empty: .eml files in <data>/mail",
        secret=True,
    )
    mail_from: str = _setting("Lantern <lantern@localhost>", "The sender of mail")
    default_locale: str = _setting("en", "Language where a person's is unknown")
    practice: bool = _setting(
        False, "Practice mode: practice LMS and forum, a shifted clock, mail into a folder"
    )
    clock_offset: float = _setting(0.0, "Seconds added to the clock; refused outside practice mode")
    allow_loopback: bool = _setting(
        False, "Let outgoing calls reach this machine itself (practice and tests only)"
    )
    extensions: tuple[str, ...] = _setting(
        (), "Names of the extensions to use, separated by commas; empty: all that are installed"
    )
    web_host: str = _setting("127.0.0.1", "Address the web process listens on")
    web_port: int = _setting(8080, "Port the web process listens on")
    web_workers: int = _setting(2, "Web worker processes")
    web_threads: int = _setting(8, "Threads in each web worker process")
    worker_threads: int = _setting(2, "Threads of the background worker")
    proxies: int = _setting(
        0, "How many reverse proxies stand in front (X-Forwarded-* is believed from so many)"
    )
    metrics_token: str = _setting(
        "", "Bearer token for /metrics; empty: only callers on this machine", secret=True
    )
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    log_human: bool = _setting(False, "Readable log lines for a terminal in place of JSON")

    def __post_init__(self) -> None:
        if self.clock_offset and not self.practice:
            raise SettingsError("LANTERN_CLOCK_OFFSET is for practice mode: set LANTERN_PRACTICE=1")
        if not self.base_url.startswith(("http://", "https://")) or self.base_url.endswith("/"):
            raise SettingsError("LANTERN_BASE_URL is like https://mentoring.example.org")

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_folder / 'lantern.db'}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read ``LANTERN_*``; raise :class:`SettingsError` for an unknown name or a bad value."""
        fields = {f"{PREFIX}{f.name.upper()}": f for f in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for name, text in environ.items():
            if not name.startswith(PREFIX) or name in NOT_SETTINGS:
                continue
            if name not in fields:
                near = difflib.get_close_matches(name, fields, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise SettingsError(f"{name} is not a setting of Lantern{hint}")
            values[fields[name].name] = _parse(name, text, fields[name].type)
        return cls(**values)


def _parse(name: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.strip().lower()
            ]
        if kind is Path:
            return Path(text).expanduser()
        if kind == tuple[str, ...]:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return kind(text)
    except (KeyError, ValueError):
        wanted = getattr(kind, "__name__", "text")
        raise SettingsError(f"{name}: {text!r} is not a {wanted}") from None


@dataclass(frozen=True)
class SettingFacts:
    """One row of the settings table."""

    variable: str
    value: str
    default: str
    help: str


def explain(settings: Settings) -> list[SettingFacts]:
    """Return every setting with its present value; secrets show only whether they are set."""
    rows = []
    for f in dataclasses.fields(settings):
        value = getattr(settings, f.name)
        secret = f.metadata["secret"]
        shown = ("(set)" if value else "(empty)") if secret else _text(value)
        rows.append(
            SettingFacts(
                f"{PREFIX}{f.name.upper()}", shown, _text(f.default), str(f.metadata["help"])
            )
        )
    return rows


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)
