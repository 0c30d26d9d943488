"""Doors: who may open a page. Every route has exactly one, and it stands right above the view.

``public`` anybody · ``signed_in`` · ``course`` a person with a grant (or staff) in the context of
the URL's ``<context>`` · ``staff("coordinator")`` · ``administrator`` · ``signed_link`` whoever
holds the link. The door is recorded on the view (``view.door``) and tests list them all. What a
person may do behind the door is the package's own ``policy``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import current_app, g, request
from flask_wtf import CSRFProtect

from plugin.kernel.errors import Refused
from plugin.kernel.i18n import _
from plugin.people import public as people
from plugin.web.actor import current_actor
from plugin.web.around import in_course
from plugin.web.errors import SignInNeeded
from plugin.web.session import present
from plugin.web.work import reading

View = TypeVar("View", bound=Callable[..., Any])
protect = CSRFProtect()
_PROGRAMS: set[str] = set()
_LOOK_AFTER = (people.ADMINISTRATOR, people.COORDINATOR, people.ASSISTANT)


def csrf_exempt(view: View) -> View:
    """Leave the CSRF value out, for requests that other programs sign (webhooks, LTI messages)."""
    protect.exempt(view)
    return view


def program(view: View) -> View:
    """Another program comes in, which signs what it sends: no session, language or CSRF value.

    For doors that are knocked at many times a second. The view checks the signature.
    """
    protect.exempt(view)
    _PROGRAMS.add(f"{view.__module__}.{view.__qualname__}")
    return _mark(view, "public")


def for_program() -> bool:
    """Whether the present request is for such a door."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and f"{view.__module__}.{view.__qualname__}" in _PROGRAMS


def public(view: View) -> View:
    """Anybody may come in."""
    return _mark(view, "public")


def signed_link(view: View) -> View:
    """Whoever holds the link may act, signed in or not.

    The secret in the URL is what a CSRF value would be, and mail programs keep no cookies, so none
    is asked for. The view checks the link.
    """
    protect.exempt(view)
    return _mark(view, "signed_link")


def signed_in(view: View) -> View:
    """Somebody is signed in."""
    return _guard(view, "signed_in", _require_session)


def course(view: View) -> View:
    """The person came into the course or forum of ``<context>``, or is staff there."""

    def check() -> None:
        _require_session()
        context_id = _context().id
        actor = current_actor()
        if not (actor.in_context(context_id) or _holds(None, context_id)):
            raise Refused("not_in_course", _how_to_come_in())

    return _guard(view, "course", check)


def staff(right: str) -> Callable[[View], View]:
    """The person holds a staff right, for the whole community or for the URL's ``<context>``."""

    def decorate(view: View) -> View:
        def check() -> None:
            _require_session()
            named = (request.view_args or {}).get("context")
            context_id = _context().id if named else None  # also keeps the context for the view
            if not (_stands_in(right) or _holds(right, context_id)):
                raise Refused(
                    "not_staff",
                    _("This page is for the people who look after the programme. Ask one of them."),
                )

        return _guard(view, f"staff:{right}", check)

    return decorate


def administrator(view: View) -> View:
    """The person administers this community."""

    def check() -> None:
        _require_session()
        if not current_actor().administers():
            raise Refused(
                "not_administrator",
                _("This page is for administrators. Ask the person who set Lantern up for you."),
            )

    return _guard(view, "administrator", check)


def _guard(view: View, name: str, check: Callable[[], None]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        check()
        return view(*args, **kwargs)

    return _mark(cast("View", guarded), name)


def _mark(view: View, name: str) -> View:
    if getattr(view, "door", None):
        raise TypeError(f"{view.__name__} has two doors")
    view.door = name  # type: ignore[attr-defined]  # read by tests and by nothing else
    return view


def _require_session() -> None:
    if present() is None:
        raise SignInNeeded


def _context() -> people.Context:
    found: people.Context | None = g.get("context")
    if found is None:
        handle = str((request.view_args or {})["context"])
        with reading() as uow:
            found = people.context_by_handle(uow, handle)
        g.context = found
    return found


def _stands_in(right: str) -> bool:
    """Administrators do what coordinators and assistants do; safety contacts they are not."""
    return right in (people.COORDINATOR, people.ASSISTANT) and current_actor().administers()


def _how_to_come_in() -> str:
    """What somebody outside can do, in the words of the place that they want to enter."""
    if in_course():
        return _("You have not come in from this course. Open Lantern again from the course.")
    if g.context.kind in ("forum", "category"):
        return _("This is for members of the forum. Sign in with your account there.")
    return _("You are not a member of this group. Ask the people who run it for an invitation.")


def _holds(right: str | None, context_id: UUID | None) -> bool:
    """Whether the actor holds the right here: for all, for the context, or anywhere.

    Without a right, any that looks after programmes counts; a safety contact's opens no course.
    """
    wanted = (right,) if right is not None else _LOOK_AFTER
    actor = current_actor()
    return any(
        held in wanted and (where is None or context_id is None or where == context_id)
        for held, where in actor.rights
    )
