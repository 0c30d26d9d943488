"""Build the Flask app of one practice LMS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from plugin.practice.lms.clock import real_now
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import NAME, Platform
from plugin.practice.lms.store import Store
from plugin.practice.lms.views import desk, launching, pages, registering, services, teaching
from plugin.practice.lms.views.session import acts_as_learner, signed_in

# Called from the tool's pages or server: the sender's origin is another one, and is checked there.
CALLED_FROM_OUTSIDE = ("/mod/lti/", "/api/lti/", "/login/oauth2/")
MAX_BODY_BYTES = 2_000_000


def create_lms(
    store_path: str | Path,
    *,
    base_url: str,
    clock_offset: float | None = None,
    time_source: Callable[[], datetime] = real_now,
    hang_seconds: float = 30.0,
    profile: str = "moodle",
) -> Flask:
    """`clock_offset` in seconds; None keeps the one that the store remembers (0 at first).

    `profile` names the platform that a new store plays; one that exists keeps its own.
    """
    store = Store(store_path, time_source=time_source, profile=profile)
    if clock_offset is not None:
        store.set_clock_offset(clock_offset)
    address = base_url.rstrip("/")
    app = Flask(__name__)
    app.extensions["practice_lms"] = platform = Platform(store, address, hang_seconds)
    same_site = platform.profile.cookie_same_site
    app.config.update(
        SECRET_KEY=store.setting("cookie_secret"),
        # Cookies ignore the port: two practice servers on one host must not share a name.
        SESSION_COOKIE_NAME=f"practice_lms_{urlsplit(address).port or 80}",
        SESSION_COOKIE_SAMESITE=same_site,
        # Browsers keep Secure cookies of loopback addresses too.
        SESSION_COOKIE_SECURE=same_site == "None",
        SESSION_COOKIE_HTTPONLY=True,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
    )
    for module in (pages, teaching, launching, services, desk, registering):
        app.register_blueprint(module.blueprint)
    app.before_request(_guard(address))
    app.after_request(_headers)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.context_processor(
        lambda: {
            "me": signed_in(),
            "lms_name": NAME,
            "as_learner": acts_as_learner,
            "profile": platform.profile,
        }
    )
    app.add_template_filter(_utc, "utc")
    app.add_template_filter(_points, "points")
    return app


def _guard(address: str) -> Callable[[], None]:
    """Keep other sites' pages and renamed hosts (DNS rebinding) away from the one-click sign-in."""
    expected = urlsplit(address).netloc

    def check() -> None:
        if request.host != expected:
            raise Refusal(f"This LMS answers at {address} only.", status=421)
        if request.method == "GET" or request.path.startswith(CALLED_FROM_OUTSIDE):
            return
        if request.headers.get("Origin", address) != address:
            raise Refusal("This form was sent from another site.", status=403)

    return check


def _headers(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; frame-src *; img-src * data:; frame-ancestors 'self'; base-uri 'none'"
    )
    return response


def _refused(refusal: Refusal) -> tuple[str, int]:
    return render_template("lms/refused.html", refusal=refusal), refusal.status


def _http_error(error: HTTPException) -> tuple[str, int]:
    refusal = Refusal(error.description or error.name, status=error.code or 500)
    return render_template("lms/refused.html", refusal=refusal), refusal.status


def _utc(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y %H:%M:%S UTC")


def _points(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}".rstrip("0").rstrip(".")
