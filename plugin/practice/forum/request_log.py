"""What was asked of the API and what came of it: the proof that nothing was written twice."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, g, request

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import Forum, current
from plugin.practice.forum.params import Params


@dataclass(frozen=True)
class LoggedCall:
    """One API call. `status` is what the forum did; `fault` tells how the answer was spoiled."""

    id: int
    at: str
    method: str
    path: str
    params_digest: str
    username: str | None
    status: int | None
    fault: str | None
    effect: str | None


def effect(text: str) -> None:
    """Notes what the running call wrote, such as `post:12`, `grant:7` or `memo`."""
    g.effect = text


def _digest() -> str:
    try:
        return Params().digest()
    except Rejected:
        return "unreadable"


def write_call(forum: Forum, status: int | None, fault: str | None) -> None:
    user = g.get("caller")
    with forum.store.transaction() as db:
        db.execute(
            "INSERT INTO api_call (at, method, path, params_digest, username, status, fault,"
            " effect) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                forum.clock.stamp(),
                request.method,
                request.path,
                _digest(),
                user["username"] if user else request.headers.get("Api-Username"),
                status,
                fault,
                g.get("effect"),
            ),
        )


def install(app: Flask) -> None:
    def after(response: Response) -> Response:
        if "Api-Key" in request.headers and not g.get("logged"):
            write_call(current(), response.status_code, None)
            g.logged = True
        return response

    app.after_request(after)


def calls(
    forum: Forum, *, path: str = "%", writes_only: bool = False, after_id: int = 0
) -> list[LoggedCall]:
    """Logged calls, oldest first; `path` is an SQL LIKE pattern."""
    sql = "SELECT * FROM api_call WHERE id > ? AND path LIKE ?"
    if writes_only:
        sql += " AND method <> 'GET'"
    with forum.store.reading() as db:
        rows = db.execute(f"{sql} ORDER BY id", (after_id, path)).fetchall()
    return [LoggedCall(**dict(row)) for row in rows]


def writes(forum: Forum, path: str = "%") -> list[LoggedCall]:
    return calls(forum, path=path, writes_only=True)
