"""Refusals and failures as pages: what happened, what to do next, and the reference to name.

The same reference stands in the log. Programs that ask for JSON get problem+json (RFC 9457).
"""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from plugin.kernel.errors import DomainError, TooMany, Unavailable
from plugin.kernel.i18n import _
from plugin.kernel.telemetry import get_logger, reference
from plugin.web.sign_in import ways

log = get_logger(__name__)


class SignInNeeded(Exception):
    """A page was asked for that needs a person, and nobody is signed in."""


@dataclass(frozen=True)
class Problem:
    """What a person is told. ``back``: where they came from, when that is not a page of ours."""

    status: int
    code: str
    title: str
    happened: str
    next: str
    after: timedelta | None = None
    back: str | None = None


def install(app: Flask) -> None:
    """Register the handlers; everything that goes wrong ends in one of them."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(IntegrityError, _raced)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(Exception, _broken)


def answer(problem: Problem, **extra: Any) -> Response:
    """Return the problem as a page, or as JSON when the request asks for that."""
    ref = reference()
    if _wants_json():
        response = jsonify(
            {
                "type": "about:blank",
                "title": problem.title,
                "status": problem.status,
                "detail": problem.happened,
                "code": problem.code,
                "reference": ref,
                **extra,
            }
        )
        response.mimetype = "application/problem+json"
    else:
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        known = ways(here) if problem.status == 401 else ()
        response = Response(
            render_template(
                "web/error.html", problem=problem, reference=ref, ways=known, next_path=here
            ),
            mimetype="text/html",
        )
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    if problem.after is not None:
        response.headers["Retry-After"] = str(max(1, int(problem.after.total_seconds())))
    return response


def _wants_json() -> bool:
    accepts = request.accept_mimetypes
    best = accepts.best_match(["text/html", "application/json", "application/problem+json"])
    return best in ("application/json", "application/problem+json") and bool(
        accepts[best] > accepts["text/html"]
    )


def _refused(error: DomainError) -> Response:
    log.info("refused", code=error.code, status=error.status)
    after = error.after if isinstance(error, TooMany | Unavailable) else None
    title, then = _words(error.status)
    extra = {"fields": error.fields} if hasattr(error, "fields") else {}
    return answer(Problem(error.status, error.code, title, error.message, then, after), **extra)


def _sign_in_needed(_error: SignInNeeded) -> Response:
    title, then = _words(401)
    return answer(
        Problem(401, "sign_in_needed", title, _("Nobody is signed in here, or not any more."), then)
    )


def _forged(_error: CSRFError) -> Response:
    log.info("csrf value missing or wrong")
    return answer(
        Problem(
            400,
            "form_expired",
            _("This page was open for too long"),
            _("Lantern could not see that this form came from your own page. Nothing was saved."),
            _(
                "Go back, reload the page and send it again. If that does not help, open Lantern "
                "again the way you usually do, or in a tab of its own."
            ),
        )
    )


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return Response(status=error.code, headers=dict(error.get_headers()))
    status = error.code or 500
    title, then = _words(status)
    happened = _HAPPENED.get(status)
    response = answer(
        Problem(
            status,
            HTTPStatus(status).name.lower(),
            title,
            happened() if happened else _("Lantern could not answer this request."),
            then,
        )
    )
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _busy(_error: OperationalError) -> Response:
    log.exception("database did not answer")
    title, then = _words(503)
    return answer(
        Problem(
            503,
            "database_busy",
            title,
            _("The database did not answer in time. Nothing was saved."),
            then,
            timedelta(seconds=10),
        )
    )


def _raced(error: IntegrityError) -> Response:
    """Two requests wrote the same thing at once (a double click): the other one was first.

    PostgreSQL's own text of the error names the values, so only the statement is logged.
    """
    log.warning("two requests wrote the same row", statement=error.statement)
    title, then = _words(409)
    happened = _("The same was sent twice at once, or by somebody else. It was kept once.")
    return answer(Problem(409, "sent_twice", title, happened, then))


def _unstorable(_error: DataError) -> Response:
    """A NUL in an address or a number beyond all bounds: PostgreSQL takes neither."""
    log.info("the database does not take these values")
    title, then = _words(400)
    return answer(Problem(400, "bad_request", title, _HAPPENED[400](), then))


def _broken(_error: Exception) -> Response:
    log.exception("unexpected failure")
    title, then = _words(500)
    return answer(Problem(500, "unexpected", title, _HAPPENED[500](), then))


_HAPPENED = {
    400: lambda: _("The request was not complete or not in the form that Lantern expects."),
    404: lambda: _("There is no page at this address, or it is not for you."),
    405: lambda: _("This address shows a page or takes a form, but not what was asked of it."),
    413: lambda: _("What you sent is larger than Lantern takes."),
    415: lambda: _("Lantern cannot read this kind of file or message."),
    429: lambda: _("That was too many requests in a short time."),
    500: lambda: _("Something went wrong on our side. Nothing was saved by this step."),
    503: lambda: _("Lantern cannot do this at the moment."),
}


def _words(status: int) -> tuple[str, str]:
    """Return the title and what to do next."""
    home = _("Go to your home page and try from there.")
    found = {
        400: (_("That did not work"), _("Go back, reload the page and try again.")),
        401: (_("Please sign in"), _("Come in by one of these ways.")),
        403: (_("This is not open to you"), home),
        404: (_("Not found"), _("Check the address, or go to your home page.")),
        405: (_("That does not work here"), home),
        409: (
            _("This has changed meanwhile"),
            _("Open the page again to see how things stand now."),
        ),
        413: (_("Too large"), _("Send a smaller file, or a link to it.")),
        422: (_("This cannot be used"), _("Go back and look at your answers again.")),
        429: (_("A little slower, please"), _("Wait a moment and try again.")),
        500: (
            _("Something went wrong"),
            _(
                "Try again. If it happens again, tell the person who looks after Lantern the "
                "reference below."
            ),
        ),
        503: (_("Not available at the moment"), _("Try again in a minute.")),
    }
    return found.get(status, (_("That did not work"), home))
