"""The SQLite file: short connections, WAL, write transactions that begin IMMEDIATE.

A connection per transaction keeps threads apart and leaves nothing to repair when the process is
killed: what was committed is there, what was not never happened.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from plugin.practice.lms.clock import OffsetClock, real_now
from plugin.practice.lms.schema import SCHEMA

Db = sqlite3.Connection
BUSY_SECONDS = 15.0


class Store:
    """One LMS's data; safe to share between threads and to open from several processes."""

    def __init__(
        self,
        path: str | Path,
        *,
        time_source: Callable[[], datetime] = real_now,
        profile: str = "moodle",
    ) -> None:
        """``profile`` counts for a new file; one that exists keeps its own."""
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.clock = OffsetClock(self.clock_offset, time_source)
        db = self._connect()
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(SCHEMA)
            self._first_settings(db, profile)
        finally:
            db.close()

    def _first_settings(self, db: Db, profile: str) -> None:
        for name, value in (
            ("cookie_secret", secrets.token_hex(32)),
            ("guid", secrets.token_hex(16)),
            ("clock_offset", "0"),
            ("profile", profile),
        ):
            db.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (name, value))

    def _connect(self) -> Db:
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        # A killed process loses nothing this way, only a power cut could; it is a practice LMS.
        db.execute("PRAGMA synchronous = OFF")
        return db

    @contextmanager
    def reading(self) -> Iterator[Db]:
        db = self._connect()
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def writing(self) -> Iterator[Db]:
        """Commit when the block ends well, roll back when it raises."""
        db = self._connect()
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            # Closing an open transaction rolls it back.
            db.close()

    def setting(self, name: str) -> str:
        with self.reading() as db:
            row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return str(row["value"])

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as db:
            db.execute(
                "INSERT INTO setting VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def clock_offset(self) -> timedelta:
        return timedelta(seconds=float(self.setting("clock_offset")))

    def set_clock_offset(self, seconds: float) -> None:
        self.set_setting("clock_offset", repr(float(seconds)))
