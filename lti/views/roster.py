"""The list of people of a course, for its staff: how far it is, what failed, read it again."""

from collections import Counter

from flask import Response, g

from lti import roster
from lti.views.blueprint import blueprint
from lti.views.staff import require_staff, tabs
from plugin.kernel.i18n import _
from plugin.kernel.urls import absolute
from plugin.people import public as people
from plugin.web import door
from plugin.web.forms import blank
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing


@blueprint.get("/c/<context>/lti/people")
@door.course
def show_roster(context: str) -> Response:
    """Who is on the list and who of them has not opened Lantern yet, counted."""
    require_staff()
    with reading() as uow:
        lists = roster.lists(uow, [g.context.id])
        members = people.members(uow, g.context.id)
        sections = roster.sections(uow, g.context.id)
    among = Counter(name for names in sections.values() for name in names)
    return page(
        "lti/roster.html",
        form=blank(),
        tabs=tabs("people"),
        lists=lists,
        under_way=any(one.reading for one in lists),
        key_set_url=absolute(services().settings, "/lti/jwks"),
        total=len(members),
        unopened=sum(not member.opened for member in members),
        unnamed=sum(not member.person.named for member in members),
        sections=sorted(among.items()),
    )


@blueprint.post("/c/<context>/lti/people")
@door.course
def read_roster(context: str) -> Response:
    """Ask the platform for the list again; it arrives in the background."""
    require_staff()
    with writing() as uow:
        asked = roster.ask(uow, g.context.id)
        uow.commit()
    said = (
        _("The list of people is being read from the course. You can leave this page.")
        if asked
        else _("This course does not share its list of people with Lantern.")
    )
    return see(f"/c/{context}/lti/people", said)


@blueprint.post("/c/<context>/lti/people/stop")
@door.course
def stop_roster(context: str) -> Response:
    """End a reading that is under way; whoever is on the list by then stays."""
    require_staff()
    with writing() as uow:
        stopped = roster.stop(uow, g.context.id)
        uow.commit()
    said = _("Stopped. What was read stays.") if stopped else _("The list was read already.")
    return see(f"/c/{context}/lti/people", said)
