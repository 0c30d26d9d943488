"""What all pages of peer review share: the blueprint, the activity of the URL, the tabs."""

from flask import Blueprint, Response, g, url_for

from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.public import Context
from plugin.reviews import policy, queries
from plugin.reviews.queries import ActivityView
from plugin.web.actor import current_actor
from plugin.web.work import services

blueprint = Blueprint(
    "reviews",
    "plugin.reviews",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/reviews",
)


def here() -> Context:
    """Return the course or forum of the URL; the door has looked it up."""
    found: Context = g.context
    return found


def activity_here(uow: UnitOfWork, handle: str) -> ActivityView:
    """Return the activity of the URL if it belongs to this course and the actor may see it."""
    shown = queries.activity(uow, handle, here().id)
    require(policy.may_see_activity(current_actor(), shown.context_id))
    return shown


def manages() -> bool:
    """Whether the actor manages activities here."""
    return bool(policy.may_manage(current_actor(), here().id))


def tabs(activity: str, current: str) -> list[dict[str, object]]:
    """Return the teacher's tabs of an activity; learners need none."""
    if not manages():
        return []
    context = here().handle
    return [
        {
            "label": _("Activity"),
            "url": url_for("reviews.activity", context=context, activity=activity),
            "current": current == "activity",
        },
        {
            "label": _("All work and reviews"),
            "url": url_for("reviews.grid", context=context, activity=activity),
            "current": current == "grid",
        },
    ]


def attachment(digest: str, name: str) -> Response:
    """Send bytes as a download that no browser shows as a page of ours."""
    answer = Response(services().blobs.get(digest), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
