"""Administration of forums: connect one, see how it is doing, mend what is set aside."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, Response, request

from discourse_hooks import (
    check_words,
    checks,
    connections,
    health,
    operating,
    pilot,
    reconciliation,
    reconciliation_log,
    samples,
)
from discourse_hooks.connections import Credentials, Forum
from discourse_hooks.models import Connection, InboxMessage, InboxState
from discourse_hooks.schemas import ChangeSecret, ConnectForum, StartPilot
from plugin.kernel import urls
from plugin.kernel.errors import Invalid, NotFound
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.ids import new_secret
from plugin.web import door
from plugin.web.actor import current_actor
from plugin.web.forms import Form, blank, load
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

blueprint = Blueprint("discourse_admin", __name__, template_folder="templates")
HOME = "/admin/forums"


@blueprint.get("/admin/forums")
@door.administrator
def overview() -> Response:
    """All forums of the community, and the form to connect one more."""
    return _page(blank(webhook_secret=new_secret(), connect_secret=new_secret()))


@blueprint.post("/admin/forums")
@door.administrator
def connect() -> Response:
    """Save a connection and try it at once; what is wrong stands beside its field."""
    form = load(ConnectForum(), request.form)
    if not form.ok:
        return _page(form, status=422)
    data = form.data
    entered = Credentials(
        data["base_url"],
        data["webhook_secret"],
        data["connect_secret"],
        data["api_key"],
        data["api_username"],
    )
    settings = services().settings
    try:
        with writing() as uow:
            row = connections.connect(
                uow,
                services(),
                uow.community_id,
                entered,
                title=data.get("title", ""),
                quiet=not settings.practice,
            )
            uow.commit()
    except Invalid as invalid:
        for name, text in invalid.fields.items():
            form.wrong(name, text)
        return _page(form, status=422)
    said = _try(connections.opened(services(), row))
    return see(f"{HOME}/{row.handle}", said)


@blueprint.get("/admin/forums/<connection>")
@door.administrator
def one(connection: str) -> Response:
    """One forum: how it is doing, what to enter there, what is set aside."""
    return _forum_page(own(connection), blank(), blank(webhook_secret=new_secret()))


def _forum_page(forum: Forum, pilot_form: Form, secret_form: Form, status: int = 200) -> Response:
    settings = services().settings
    with reading() as uow:
        row = uow.session.get_one(Connection, forum.id)
        shown = {
            "forum": next(found for found in health.forums(uow) if found.id == forum.id),
            "failing": health.troubles(uow, forum.id, parked=False),
            "aside": health.troubles(uow, forum.id, parked=True),
            "until": health.asked_to_wait_until(uow, forum.id),
            "runs": reconciliation_log.last_runs(uow, forum.id),
            "seats": pilot.seats_taken(uow, forum) if forum.pilot else 0,
            "row": row,
        }
    return page(
        "discourse/forum.html",
        status=status,
        **shown,
        checked=check_words.lines([checks.Found(*one) for one in row.check_found]),
        connection=forum,
        pilot_people=pilot.PEOPLE,
        pilot_form=pilot_form,
        secret_form=secret_form,
        samples=samples.samples() if forum.quiet else (),
        events_url=urls.absolute(settings, f"/discourse/{forum.handle}/events"),
        provider_host=urlsplit(settings.base_url).hostname,
        scopes=check_words.SCOPES,
        content_events=check_words.CONTENT_EVENTS,
        people_events=check_words.PEOPLE_EVENTS,
    )


@blueprint.post("/admin/forums/<connection>/quiet")
@door.administrator
def quiet(connection: str) -> Response:
    """Let Lantern post there, or no longer."""
    forum = own(connection)
    wanted = request.form.get("quiet") == "on"
    with writing() as uow:
        connections.set_quiet(uow, forum.handle, quiet=wanted, actor=current_actor().person_id)
        uow.commit()
    said = _("Nothing is posted there from now on.") if wanted else _("Lantern may post there now.")
    return see(f"{HOME}/{forum.handle}", said)


@blueprint.post("/admin/forums/<connection>/pilot")
@door.administrator
def start_pilot(connection: str) -> Response:
    """Let Lantern post to a few people, and look at one category."""
    forum = own(connection)
    form = load(StartPilot(), request.form)
    found = re.search(r"(\d+)/?(?:[?#].*)?$", form.data["category"]) if form.ok else None
    if form.ok and found is None:
        form.wrong("category", _("Paste the address of a category: it ends with its number."))
    if not form.ok or found is None:
        return _forum_page(forum, form, blank(webhook_secret=new_secret()), status=422)
    with writing() as uow:
        connections.start_pilot(
            uow,
            forum.handle,
            category_id=int(found.group(1)),
            people=pilot.PEOPLE,
            actor=current_actor().person_id,
        )
        uow.commit()
    return see(f"{HOME}/{forum.handle}", _("The pilot has begun."))


@blueprint.post("/admin/forums/<connection>/secret")
@door.administrator
def change_secret(connection: str) -> Response:
    """A new webhook secret beside the old one, so that nothing is lost while it is entered."""
    forum = own(connection)
    form = load(ChangeSecret(), request.form)
    if not form.ok:
        return _forum_page(forum, blank(), form, status=422)
    with writing() as uow:
        connections.change_webhook_secret(
            uow,
            services(),
            forum.handle,
            form.data["webhook_secret"],
            actor=current_actor().person_id,
        )
        uow.commit()
    said = _("Both secrets are valid now. Enter the new one at both webhooks of the forum.")
    return see(f"{HOME}/{forum.handle}", said)


@blueprint.post("/admin/forums/<connection>/check")
@door.administrator
def check(connection: str) -> Response:
    """Call the forum now."""
    forum = own(connection)
    return see(f"{HOME}/{forum.handle}", _try(forum))


@blueprint.post("/admin/forums/<connection>/reconcile")
@door.administrator
def reconcile(connection: str) -> Response:
    """Look now for what never arrived."""
    forum = own(connection)
    figures = reconciliation.reconcile(services(), forum)
    services().jobs.wake()
    said = ngettext("%(n)d thing is read again.", "%(n)d things are read again.", figures.marked)
    if not figures.complete:
        said = _("Stopped before the end: %(why)s", why=figures.why)
    return see(f"{HOME}/{forum.handle}", said)


@blueprint.post("/admin/forums/<connection>/again")
@door.administrator
def again(connection: str) -> Response:
    """Handle what was set aside once more."""
    forum = own(connection)
    with writing() as uow:
        ids = uow.session.scalars(
            sa.select(InboxMessage.id).where(
                InboxMessage.connection_id == forum.id, InboxMessage.state == InboxState.PARKED
            )
        ).all()
        count = operating.replay(uow, ids)
        count += operating.read_again(uow, forum.id)
        uow.commit()
    services().jobs.wake()
    said = ngettext("%(n)d is handled again.", "%(n)d are handled again.", count)
    return see(f"{HOME}/{forum.handle}", said)


def _page(form: Form, status: int = 200) -> Response:
    with reading() as uow:
        found = health.forums(uow)
    return page("discourse/forums.html", status=status, forums=found, form=form)


def own(handle: str) -> Forum:
    """The forum of that handle, if it is this community's."""
    forum = connections.by_handle(services(), handle)
    if forum is None or forum.community_id != current_actor().community_id:
        raise NotFound("discourse_hooks.no_connection", _("There is no such forum here."))
    return forum


def _try(forum: Forum) -> str:
    bad = checks.check(services(), forum).bad
    if not bad:
        return _("The forum answers and knows the key.")
    line = check_words.lines(bad[:1])[0]
    reason = f"{line.title}: {line.said}"
    return _("Saved, but the forum says no: %(reason)s", reason=reason)
