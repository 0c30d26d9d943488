"""Puts a forum together as a Flask application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from plugin.practice.forum import (
    api_badges,
    api_hooks,
    api_people,
    api_posts,
    api_site,
    api_topics,
    api_uploads,
    connect,
    control,
    control_pages,
    fault_answers,
    pages,
    people,
    request_log,
    user_keys,
    write_pages,
)
from plugin.practice.forum.auth import RateLimited
from plugin.practice.forum.clock import Clock
from plugin.practice.forum.delivery import Sender
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.events import is_loopback
from plugin.practice.forum.faults import Faults, WebhookFaults
from plugin.practice.forum.forum import EXTENSION, Forum
from plugin.practice.forum.limits import Bucket
from plugin.practice.forum.store import Settings, Store
from plugin.practice.forum.text import avatar_number

BLUEPRINTS = (
    api_badges,
    api_hooks,
    api_people,
    api_posts,
    api_site,
    api_topics,
    api_uploads,
    connect,
    control,
    control_pages,
    pages,
    user_keys,
    write_pages,
)


def create_forum(
    store_path: Path | str,
    *,
    base_url: str,
    clock_offset: float = 0,
    clock: Callable[[], datetime] | None = None,
    title: str | None = None,
    rate_limit: int | None = 60,
    retry_webhooks: bool | None = None,
    retry_minutes: tuple[float, ...] = (1, 5, 25, 125),
    webhook_timeout: float = 20.0,
    seed: int = 0,
    start_sender: bool = False,
) -> Flask:
    """A forum on one SQLite file. `forum_of(app)` is what seeds, tests and servers work with.

    `start_sender` starts the webhook threads (the server helpers do it themselves); without it
    webhooks wait until `forum_of(app).sender.run_due()`. `clock_offset` is in seconds.
    """
    store = Store(store_path)
    settings, time = Settings(store), Clock(clock, clock_offset)
    hook_faults = WebhookFaults(seed)
    base_url = base_url.rstrip("/")
    sender = Sender(store, time, settings, hook_faults, base_url, webhook_timeout, retry_minutes)
    store.after_commit(sender.wake)
    forum = Forum(
        store=store,
        base_url=base_url,
        clock=time,
        settings=settings,
        faults=Faults(seed),
        webhook_faults=hook_faults,
        bucket=Bucket(time, rate_limit),
        sender=sender,
    )
    people.prepare(forum)
    if title is not None:
        settings.set("title", title)
    if retry_webhooks is not None:
        settings.set("retry_web_hook_events", retry_webhooks)
    app = _flask(forum)
    if start_sender:
        sender.start()
    return app


def _flask(forum: Forum) -> Flask:
    app = Flask("plugin.practice.forum")
    app.extensions[EXTENSION] = forum
    app.config.update(
        PROPAGATE_EXCEPTIONS=True,  # a bug, or a dropped connection, must not look like an answer
        SECRET_KEY=forum.session_secret(),
        # Cookies do not tell ports apart: every practice server needs a name of its own.
        SESSION_COOKIE_NAME="practice_forum_session",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1_000_000,
    )
    app.jinja_env.globals["avatar_number_of"] = avatar_number
    app.before_request(_only_this_machine)
    request_log.install(app)
    fault_answers.install(app)  # last: what it spoils, it logs itself
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(Rejected, _rejected)
    app.register_error_handler(HTTPException, _http_error)
    return app


def forum_of(app: Flask) -> Forum:
    forum = app.extensions[EXTENSION]
    assert isinstance(forum, Forum)
    return forum


def _only_this_machine() -> Response | None:
    if is_loopback(request.remote_addr or ""):
        return None
    return make_response("This practice forum answers its own machine only.", 403)


def _wants_json() -> bool:
    return request.path.endswith(".json") or "Api-Key" in request.headers


def _rejected(problem: Rejected) -> Response:
    if not _wants_json():
        return pages.refused(problem)
    response = make_response(jsonify(problem.body()), problem.status)
    if isinstance(problem, RateLimited):
        response.headers["Retry-After"] = str(problem.seconds)
        response.headers["Discourse-Rate-Limit-Error-Code"] = "admin_api_key_rate_limit"
    return response


def _http_error(problem: HTTPException) -> Response:
    """Unknown routes and wrong methods in the forum's own form."""
    status = problem.code or 500
    if status == 404:
        return _rejected(Rejected.not_found())
    if status < 400:
        return make_response(problem.get_response())
    return _rejected(Rejected(status, [problem.description or problem.name]))
