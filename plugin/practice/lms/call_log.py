"""The LMS log: every call of the protocol with its verdict, newest kept, secrets shortened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugin.practice.lms.store import Store

KEPT = 5000
SHOWN = 24
SECRET_FIELDS = frozenset({"client_assertion", "JWT", "id_token", "access_token", "Authorization"})


@dataclass(frozen=True)
class Call:
    id: int
    at: int
    area: str
    method: str
    url: str
    who: str
    status: int
    reason: str
    detail: str

    @property
    def accepted(self) -> bool:
        return self.status < 400


def shorten(fields: Mapping[str, str]) -> str:
    """One line per field; what could be replayed is cut after a few characters."""
    lines = []
    for name, value in fields.items():
        cut = len(value) > SHOWN and name in SECRET_FIELDS
        lines.append(f"{name}: {value[:SHOWN]}…" if cut else f"{name}: {value[:2000]}")
    return "\n".join(lines)


def write(
    store: Store,
    *,
    area: str,
    method: str,
    url: str,
    who: str,
    status: int,
    reason: str,
    detail: str,
) -> None:
    with store.writing() as db:
        cursor = db.execute(
            "INSERT INTO call (at, area, method, url, who, status, reason, detail)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (store.clock.timestamp(), area, method, url, who, status, reason, detail),
        )
        db.execute("DELETE FROM call WHERE id <= ?", ((cursor.lastrowid or 0) - KEPT,))


def calls(
    store: Store, *, area: str = "", refused_only: bool = False, limit: int = 200
) -> list[Call]:
    """Newest first."""
    with store.reading() as db:
        rows = db.execute(
            "SELECT * FROM call WHERE (? = '' OR area = ?) AND (? = 0 OR status >= 400)"
            " ORDER BY id DESC LIMIT ?",
            (area, area, refused_only, limit),
        ).fetchall()
    return [Call(**dict(row)) for row in rows]
