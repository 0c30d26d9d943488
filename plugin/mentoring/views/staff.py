"""The staff's page: who is how far, bring people in, remind, invite, the link as a QR code."""

import segno
from flask import Response, request
from marshmallow import ValidationError, validate

from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.models import Side
from plugin.mentoring.queries.programmes import Joining, JoiningRow, ProgrammeView, joining
from plugin.mentoring.schemas import ContactForm, InviteForm
from plugin.mentoring.services import invite
from plugin.mentoring.services.start import close_programme, name_safety_contact
from plugin.mentoring.views.base import (
    blueprint,
    contact_of,
    find_as_staff,
    here,
    link,
    public_link,
    staff_tabs,
    wants,
)
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, load
from plugin.web.pages import page, see
from plugin.web.work import reading, writing

SHOWN = 200
MOST_OF_AN_ADDRESS = 254


def staff_page(uow: UnitOfWork, found: ProgrammeView, form: Form, status: int = 200) -> Response:
    rows = joining(uow, found)
    counts = {state: sum(row.state is state for row in rows) for state in Joining}
    wanted = wants("state")
    chosen = [row for row in rows if not wanted or row.state.value == wanted]
    join_path = link("join", programme=found.handle)
    ready = [row for row in rows if row.state is Joining.READY]
    return page(
        "mentoring/people.html",
        status=status,
        programme=found,
        course=here(),
        tabs=staff_tabs(found, "programme"),
        rows=chosen[:SHOWN],
        more=max(0, len(chosen) - SHOWN),
        counts=counts,
        total=len(rows),
        wanted=wanted,
        learners=_count(ready, Side.LEARN),
        mentors=_count(ready, Side.OFFER),
        join_url=public_link(join_path),
        contact=contact_of(uow, found),
        remind_again=found.reminded_at is None
        or uow.now() >= found.reminded_at + invite.BETWEEN_REMINDERS,
        form=form,
    )


def _count(rows: list[JoiningRow], side: Side) -> int:
    return sum(row.side is side for row in rows)


@blueprint.post("/<programme>/invite")
@door.course
def invite_mentors(context: str, programme: str) -> Response:
    """Invite mentors who are not in the course, by e-mail."""
    form = load(InviteForm(), request.form)
    addresses = form.data.get("addresses", "").replace(",", "\n").replace(";", "\n").split()
    if form.ok and not all(_is_address(address) for address in addresses):
        form.wrong("addresses", _("One of these does not look like an e-mail address."))
    if not form.ok:
        with reading() as uow:
            return staff_page(uow, find_as_staff(uow, programme), form, status=422)
    with writing() as uow:
        found = find_as_staff(uow, programme)
        count = invite.invite_mentors(uow, current_actor(), found, addresses)
        uow.commit()
    said = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", count)
    return see(link("programme", programme=programme), said=said)


def _is_address(text: str) -> bool:
    """Whether a mail can be sent there; one that cannot would fail later, in front of nobody."""
    try:
        return len(text) <= MOST_OF_AN_ADDRESS and bool(validate.Email()(text))
    except ValidationError:
        return False


@blueprint.post("/<programme>/remind")
@door.course
def remind(context: str, programme: str) -> Response:
    """One reminder to everybody who has not answered."""
    with writing() as uow:
        invite.request_reminder(uow, current_actor(), find_as_staff(uow, programme))
        uow.commit()
    return see(link("programme", programme=programme), said=_("The reminder is on its way."))


@blueprint.post("/<programme>/safety-contact")
@door.course
def safety_contact(context: str, programme: str) -> Response:
    """Name whom people turn to."""
    form = load(ContactForm(), request.form)
    if form.ok:
        with writing() as uow:
            found = find_as_staff(uow, programme)
            person = people.person_by_handle(uow, form.data["person"])
            name_safety_contact(uow, current_actor(), found, person.id)
            uow.commit()
    return see(link("about", programme=programme))


@blueprint.get("/<programme>/join.svg")
@door.course
def join_code(context: str, programme: str) -> Response:
    """The join link as a QR code, for a slide."""
    with reading() as uow:
        find_as_staff(uow, programme)
    code = segno.make(public_link(link("join", programme=programme)), error="m")
    picture = code.svg_inline(scale=6, border=4, dark="#000", light="#fff")
    picture = picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(picture, mimetype="image/svg+xml")


@blueprint.post("/<programme>/close")
@door.course
def close(context: str, programme: str) -> Response:
    """Take nobody in any more."""
    with writing() as uow:
        close_programme(uow, current_actor(), find_as_staff(uow, programme))
        uow.commit()
    return see(link("programme", programme=programme), said=_("The programme is closed."))
