"""One SQLite file: a connection per transaction, nested calls join the outer transaction.

Domain functions can call each other freely; what belongs together (a badge and the webhook job
that tells of it) becomes visible together. Callbacks run after the outermost commit.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plugin.practice.forum.schema import FIRST_IDS, SCHEMA

Row = sqlite3.Row
Db = sqlite3.Connection


class Store:
    """Opens the file, creates the tables, hands out transactions."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._local = threading.local()
        self._after_commit: list[Callable[[], None]] = []
        db = self._open()
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(f"BEGIN;{SCHEMA}COMMIT;")
            for table, last in FIRST_IDS.items():
                db.execute(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT EXISTS"
                    " (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
                    (table, last, table),
                )
        finally:
            db.close()

    def _open(self) -> Db:
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys=ON")
        # A killed process loses nothing this way, only a power cut could; it is a practice forum.
        db.execute("PRAGMA synchronous=OFF")
        return db

    def after_commit(self, callback: Callable[[], None]) -> None:
        self._after_commit.append(callback)

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        current: Db | None = getattr(self._local, "db", None)
        if current is not None:
            yield current
            return
        db = self._open()
        self._local.db = db
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        finally:
            self._local.db = None
            db.close()
        for callback in self._after_commit:
            callback()

    @contextmanager
    def reading(self) -> Iterator[Db]:
        current: Db | None = getattr(self._local, "db", None)
        if current is not None:
            yield current
            return
        db = self._open()
        try:
            yield db
        finally:
            db.close()


class Settings:
    """Site settings that survive a restart, each a JSON value with a default."""

    DEFAULTS: dict[str, Any] = {
        "title": "Practice forum",
        "retry_web_hook_events": False,
        "connect_secrets": {},
        "session_secret": "",
        "authorized_extensions": "jpg|jpeg|png|gif|heic|heif|webp|avif",
    }

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> Any:
        with self._store.reading() as db:
            row = db.execute("SELECT value FROM site_setting WHERE name = ?", (name,)).fetchone()
        return json.loads(row["value"]) if row else self.DEFAULTS[name]

    def set(self, name: str, value: Any) -> None:
        if name not in self.DEFAULTS:
            raise KeyError(name)
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO site_setting VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(value)),
            )
