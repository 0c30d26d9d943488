"""Carries out the faults: spoiled answers, hanging, dropped connections, a restart."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, request

from plugin.practice.forum.faults import Fault
from plugin.practice.forum.forum import Forum, current
from plugin.practice.forum.request_log import write_call

_HTML = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
_HTML += "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
_TOO_MANY = "You've performed this action too many times. Please wait {0} seconds."
_OWN_PAGES = ("/practice", "/static")


class Dropped(Exception):
    """The connection ends without an answer."""


def _nginx(status: int, title: str) -> Response:
    return Response(_HTML.format(f"{status} {title}"), status, mimetype="text/html")


def _rate_limited(fault: Fault) -> Response:
    seconds = max(1, int(fault.seconds))
    if fault.kind == "429-html":
        answer = _nginx(429, "Too Many Requests")
    elif fault.kind == "429-text":
        answer = Response("Slow down, too many requests.", 429, mimetype="text/plain")
        answer.headers["Retry-After"] = str(seconds)
    else:
        body: dict[str, Any] = {
            "errors": [_TOO_MANY.format(seconds)],
            "error_type": "rate_limit",
            "extras": {"wait_seconds": seconds, "time_left": f"{seconds} seconds"},
        }
        answer = make_response(jsonify(body), 429)
        answer.headers["Retry-After"] = str(seconds)
        answer.headers["Discourse-Rate-Limit-Error-Code"] = "admin_api_key_rate_limit"
    return answer


def drop_connection() -> None:
    """Closes the socket under the server's feet; without a socket (test client) raises."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the client was faster
    else:
        raise Dropped("the connection was dropped before an answer")


def answer(forum: Forum, fault: Fault) -> Response | None:
    """The spoiled answer; None lets the call go on (after hanging)."""
    if fault.kind.startswith("429"):
        return _rate_limited(fault)
    if fault.kind == "422":
        body = {"action": "create_post", "errors": ["Practice fault: refused."]}
        return make_response(jsonify(body), 422)
    if fault.kind == "5xx":
        return _nginx(fault.status, "Practice fault")
    if fault.kind == "enqueued":
        pending = {"id": 1, "raw": request.values.get("raw", "")}
        return make_response(
            jsonify(success=True, action="enqueued", pending_post=pending, pending_count=1)
        )
    if fault.kind == "hang":
        forum.faults.released.wait(fault.seconds)
        return None
    if fault.kind == "restart" and forum.restart is not None:
        forum.restart(fault.seconds)
    drop_connection()
    return Response(status=502)


def _ours(path: str) -> bool:
    return path.startswith(_OWN_PAGES)


def install(app: Flask) -> None:
    """Before: nothing takes effect. After: it took effect, but the answer is spoiled."""

    def before() -> Response | None:
        if _ours(request.path):
            return None
        forum = current()
        fault = forum.faults.take(request.method, request.path)
        if fault is None:
            return None
        if fault.when == "after":
            g.fault = fault
            return None
        if "Api-Key" in request.headers:
            write_call(forum, None, fault.kind)
            g.logged = fault.kind != "hang"
        return answer(forum, fault)

    def after(response: Response) -> Response:
        fault: Fault | None = g.pop("fault", None)
        if fault is None:
            return response
        if "Api-Key" in request.headers:
            write_call(current(), response.status_code, f"{fault.kind} after")
            g.logged = True
        return answer(current(), fault) or response

    app.before_request(before)
    app.after_request(after)
