"""Pages about a course's connection are for the people who look after the course."""

from flask import g

from plugin.kernel.errors import Refused
from plugin.kernel.i18n import _
from plugin.web.actor import current_actor


def require_staff() -> None:
    """Teachers and assistants of this course; Refused for everybody else."""
    actor, context_id = current_actor(), g.context.id
    if not (actor.teaches(context_id) or actor.assists(context_id)):
        raise Refused("not_staff", _("Only the people who look after this course can do that."))


def tabs(current: str) -> list[dict[str, object]]:
    """The two pages, for the top of both."""
    start = f"/c/{g.context.handle}/lti"
    return [
        {"label": _("People"), "url": f"{start}/people", "current": current == "people"},
        {"label": _("Gradebook"), "url": f"{start}/grades", "current": current == "grades"},
    ]
