"""Scores for the gradebook, for the staff of a course: to send, sent, refused and why; again."""

from typing import Any

from flask import Response, g, request

from lti import grades
from lti.models import ScoreState
from lti.views.blueprint import blueprint
from lti.views.staff import require_staff, tabs
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.pagination import mark_to_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.pages import page, see
from plugin.web.work import reading, writing


@blueprint.get("/c/<context>/lti/grades")
@door.course
def show_columns(context: str) -> Response:
    """Every activity with scores for the gradebook, counted."""
    require_staff()
    with reading() as uow:
        columns = grades.columns(uow, g.context.id)
    return page("lti/columns.html", columns=columns, tabs=tabs("grades"))


@blueprint.get("/c/<context>/lti/grades/<resource>")
@door.course
def show_grades(context: str, resource: str) -> Response:
    """Each learner's score of one activity and what the gradebook said."""
    require_staff()
    problems = request.args.get("show") == "problems"
    with reading() as uow:
        column = _column(uow, resource)
        rows = grades.grades(
            uow,
            g.context.id,
            resource,
            problems=problems,
            after=mark_to_id(request.args.get("after")),
        )
    return page(
        "lti/grades.html",
        column=column,
        rows=rows,
        problems=problems,
        words=_words(),
        tabs=tabs("grades"),
    )


@blueprint.post("/c/<context>/lti/grades/<resource>/again")
@door.course
def send_again(context: str, resource: str) -> Response:
    """Put one person's score back in line, or all that were refused."""
    require_staff()
    handle = request.form.get("person", "")
    with writing() as uow:
        _column(uow, resource)
        person_id = people.person_by_handle(uow, handle).id if handle else None
        number = grades.send_again(uow, g.context.id, resource, person_id)
        if number:
            uow.audit(
                "lti.scores.sent_again",
                actor=current_actor().person_id,
                subject=f"context:{g.context.handle}",
                activity=resource,
                scores=number,
            )
        uow.commit()
    said = (
        ngettext("%(n)d score goes out again.", "%(n)d scores go out again.", number)
        if number
        else _("Nothing was left to send.")
    )
    return see(f"/c/{context}/lti/grades/{resource}", said)


@blueprint.post("/c/<context>/lti/grades/<resource>/remove")
@door.course
def remove_column(context: str, resource: str) -> Response:
    """Have a column that Lantern made taken out of the gradebook."""
    require_staff()
    with writing() as uow:
        _column(uow, resource)
        asked = grades.remove_column(uow, g.context.id, resource)
        if asked:
            uow.audit(
                "lti.column.removed",
                actor=current_actor().person_id,
                subject=f"context:{g.context.handle}",
                activity=resource,
            )
        uow.commit()
    said = (
        _("The column is being taken out of the gradebook.")
        if asked
        else _("Lantern did not make this column, so it cannot remove it.")
    )
    return see(f"/c/{context}/lti/grades/{resource}", said)


def _column(uow: UnitOfWork, resource: str) -> grades.ColumnView:
    """The activity of the URL in this course; NotFound for any other."""
    for one in grades.columns(uow, g.context.id):
        if one.resource == resource:
            return one
    raise NotFound("no_column", _("There are no scores of this activity."))


def _words() -> dict[ScoreState, tuple[Any, str]]:
    return {
        ScoreState.TO_SEND: (_("to send"), "waiting"),
        ScoreState.SENT: (_("sent"), "good"),
        ScoreState.REFUSED: (_("refused"), "bad"),
    }
