"""Pages: what comes and when; and the page behind a signed link."""

from typing import cast

from flask import Blueprint, Response, request

from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _, set_locale
from plugin.notifications import links, queries
from plugin.notifications import services as use_cases
from plugin.notifications.kinds import ALWAYS, CHANNELS, KINDS
from plugin.notifications.links import Link, SignedAction
from plugin.notifications.schemas import choices_schema
from plugin.people import public as people
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint("notifications", __name__, template_folder="templates")


@blueprint.get("/notices")
@door.signed_in
def choices() -> Response:
    """Show what comes on which channel, and the quiet hours."""
    actor = current_actor()
    with reading() as uow:
        wishes = queries.preferences(uow, actor.person_id)
        quiet = queries.quiet_hours(uow, actor.person_id)
    values = {f"{kind}.{channel}": timing for (kind, channel), timing in wishes.items()}
    return _choices(blank(**values, begins=quiet.begins, ends=quiet.ends))


def _choices(form: Form, status: int = 200) -> Response:
    actor = current_actor()
    with reading() as uow:
        forum = people.identity_of(uow, actor.person_id, "discourse") is not None
        me = people.person(uow, actor.person_id)
    return page(
        "notifications/choices.html",
        status=status,
        form=form,
        kinds=KINDS,
        always=ALWAYS,
        channels=CHANNELS if forum else ("mail",),
        me=me,
    )


@blueprint.post("/notices")
@door.signed_in
def choose() -> Response:
    """Keep the choices."""
    actor = current_actor()
    form = load(choices_schema(), request.form)
    if not form.ok:
        return _choices(form, status=422)
    with writing() as uow:
        data = dict(form.data)
        use_cases.set_quiet_hours(uow, actor.person_id, data.pop("begins"), data.pop("ends"))
        for name, timing in data.items():
            kind, channel = name.split("/")
            use_cases.set_preference(uow, actor.person_id, kind, channel, timing)
        uow.commit()
    return see("/notices", _("Saved."))


def _find(token: str) -> tuple[Link, SignedAction]:
    with services().units.system_reading() as uow:
        link = links.find(uow, token)
    known = cast("tuple[SignedAction, ...]", services().extra["actions"])
    action = next((a for a in known if a.purpose == link.purpose), None)
    if action is None:
        raise NotFound("no_link", _("This link leads to something that is no longer here."))
    with reading(link.community_id) as uow:
        set_locale(people.person(uow, link.person_id).locale)
    return link, action


@blueprint.get("/l/<token>")
@door.signed_link
def show_link(token: str) -> Response:
    """Say what the button would do; a mail scanner that opens the link changes nothing."""
    link, action = _find(token)
    with reading(link.community_id) as uow:
        text = action.describe(uow, link.arguments)
        reader = people.person(uow, link.person_id)
    return page("notifications/link.html", text=text, label=link.label, reader=reader, done=False)


@blueprint.post("/l/<token>")
@door.signed_link
def act_on_link(token: str) -> Response:
    """Do it, once; the link is used up in the same commit."""
    link, action = _find(token)
    with writing(link.community_id) as uow:
        links.consume(uow, link)
        text = action.act(uow, link.person_id, link.arguments)
        uow.commit()
    return page("notifications/link.html", text=text, label="", reader=None, done=True)
