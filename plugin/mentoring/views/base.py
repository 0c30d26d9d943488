"""What the pages of mentoring share: the blueprint, finding things by their handles, addresses."""

from flask import Blueprint, g, request, url_for

from plugin.kernel.i18n import _
from plugin.kernel.policy import require
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.kernel.urls import absolute
from plugin.mentoring import policy
from plugin.mentoring.queries.programmes import ProgrammeView, programme_by_handle
from plugin.people import public as people
from plugin.web.actor import current_actor
from plugin.web.work import reading, services

blueprint = Blueprint(
    "mentoring",
    "plugin.mentoring",
    url_prefix="/c/<context>/mentoring",
    template_folder="templates",
)


def here() -> people.Context:
    """The context of the URL, which the door has looked up."""
    found: people.Context = g.context
    return found


def come_here(handle: str) -> None:
    """Look up the context of the URL where the door is open to more than its members."""
    with reading() as uow:
        g.context = people.context_by_handle(uow, handle)


def find(uow: UnitOfWork, handle: str) -> ProgrammeView:
    """The programme of the URL, in its context."""
    return programme_by_handle(uow, here().id, handle)


def find_as_staff(uow: UnitOfWork, handle: str) -> ProgrammeView:
    """The programme, for its coordinators alone."""
    found = find(uow, handle)
    require(policy.may_coordinate(current_actor(), found.context_id))
    return found


def link(name: str, **values: object) -> str:
    """The path of a page of mentoring in this context."""
    return url_for(f"mentoring.{name}", context=here().handle, **values)  # type: ignore[arg-type]


def public_link(path: str) -> str:
    """The same as an absolute address, to share outside."""
    return absolute(services().settings, path)


def is_staff() -> bool:
    return bool(policy.may_coordinate(current_actor(), here().id))


def staff_tabs(programme: ProgrammeView, current: str) -> list[dict[str, object]]:
    """The staff's parts of a programme; at most five."""
    parts = [
        ("programme", _("People"), link("programme", programme=programme.handle)),
        ("matchings", _("Matching"), link("matchings", programme=programme.handle)),
        ("about", _("About"), link("about", programme=programme.handle)),
    ]
    return [{"label": label, "url": url, "current": name == current} for name, label, url in parts]


def contact_of(uow: UnitOfWork, programme: ProgrammeView) -> people.PersonView | None:
    """Whom people of this programme turn to."""
    contact = programme.safety_contact_id
    return people.person(uow, contact) if contact else None


def wants(name: str) -> str:
    """One query parameter as text."""
    return request.args.get(name, "")
