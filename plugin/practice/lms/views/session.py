"""Who is signed in: one click is enough, it is practice. The cookie carries a number only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from plugin.practice.lms import queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Course, Role, User

View = TypeVar("View", bound=Callable[..., Any])


def platform() -> Platform:
    return cast(Platform, current_app.extensions["practice_lms"])


def signed_in_id() -> int | None:
    number = session.get("user_id")
    return number if isinstance(number, int) else None


def signed_in() -> User | None:
    number = signed_in_id()
    if number is None:
        return None
    with platform().store.reading() as db:
        return queries.user(db, number)


def somebody(view: View) -> View:
    """Send a visitor without a name to the page where one chooses who to be."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if signed_in() is None:
            return choose_person()
        return view(*args, **kwargs)

    return cast(View, guarded)


def choose_person() -> Response:
    return redirect(url_for("pages.people", next=request.full_path.rstrip("?")), 303)


def acts_as_learner(course_id: int) -> bool:
    return course_id in session.get("as_learner", [])


def place(course_id: int) -> tuple[Course, Role]:
    """The course and what the signed-in person is in it now."""
    with platform().store.reading() as db:
        course = queries.course(db, course_id)
        role = queries.role_in(db, course_id, signed_in_id() or 0)
    if course is None:
        raise Refusal("There is no such course.", status=404)
    if role is None:
        raise Refusal("This person is not enrolled in the course.", status=403)
    return course, Role.LEARNER if acts_as_learner(course_id) else role


def teaching(course_id: int) -> Course:
    course, role = place(course_id)
    if not role.teaches:
        raise Refusal("Only teachers of the course see this page.", status=403)
    return course
