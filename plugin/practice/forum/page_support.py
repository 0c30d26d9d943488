"""Shared by the HTML pages: who is logged in, the form token, refusals as a page."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from flask import Response, g, make_response, render_template, request, session

from plugin.practice.forum.auth import session_user
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.store import Row


def form_token() -> str:
    if "form_token" not in session:
        session["form_token"] = secrets.token_urlsafe(16)
    return str(session["form_token"])


def check_form() -> None:
    """Every page's POST carries the session's token: other sites cannot post for a person."""
    if request.method == "POST":
        given = request.form.get("token", "")
        if not hmac.compare_digest(given, str(session.get("form_token") or secrets.token_hex())):
            raise Rejected.forbidden("The form is out of date; go back and try again.")


def load_user() -> None:
    """Runs before each page: checks the form and finds the logged-in person."""
    check_form()
    with current().store.reading() as db:
        g.caller = session_user(db)


def me() -> Row:
    if g.caller is None:
        raise Rejected.forbidden("Please log in first.")
    user: Row = g.caller
    return user


def render(template: str, **values: Any) -> str:
    forum = current()
    user: Row | None = g.get("caller")
    unread = 0
    if user is not None:
        with forum.store.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM notification WHERE user_id = ? AND NOT read", (user["id"],)
            )
            unread = row.fetchone()[0]
    return render_template(
        f"forum/{template}",
        site_title=forum.settings.get("title"),
        user=user,
        unread=unread,
        form_token=form_token(),
        **values,
    )


def refused(problem: Rejected) -> Response:
    if "caller" not in g:
        with current().store.reading() as db:
            g.caller = session_user(db)
    return make_response(render("refused.html", problem=problem), problem.status)
