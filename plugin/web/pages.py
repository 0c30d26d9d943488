"""Answering with a page, or sending the browser on after a POST (303, so that reload is safe)."""

from typing import Any

from flask import Response, make_response, redirect, render_template

from plugin.kernel.urls import is_local_path
from plugin.web import session, session_store
from plugin.web.work import services


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a template of a package (``mentoring/pair.html``) as a response."""
    return make_response(render_template(template, **context), status)


def see(url: str, said: object = None) -> Response:
    """Go on to a page of ours with 303; ``said`` is one sentence that it shows once."""
    live = session.present()
    if said is not None and live is not None:
        with services().units.system() as uow:
            session_store.say(uow, live.id, str(said))
            uow.commit()
    answer = redirect(url if is_local_path(url) else "/", code=303, Response=Response)
    assert isinstance(answer, Response)  # redirect() is typed for werkzeug's base class
    return answer
