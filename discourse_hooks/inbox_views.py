"""The inbox of a forum for its operator: what came, what became of it, handle again, set aside."""

from __future__ import annotations

from flask import Response, request

from discourse_hooks import operating
from discourse_hooks.admin_views import HOME, blueprint, own
from discourse_hooks.models import InboxState
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _, ngettext
from plugin.web import door
from plugin.web.pages import page, see
from plugin.web.work import reading, services, writing

PAGE = 50


@blueprint.get("/admin/forums/<connection>/inbox")
@door.administrator
def deliveries(connection: str) -> Response:
    """Deliveries, newest first, of one state or all."""
    forum = own(connection)
    state = request.args.get("state", "")
    chosen = InboxState(state) if state in {one.value for one in InboxState} else None
    before = request.args.get("before", "")
    with reading() as uow:
        lines = operating.listed(
            uow,
            state=chosen,
            connection_id=forum.id,
            before=operating.parse_ids([before])[0] if before else None,
            limit=PAGE,
        )
    return page(
        "discourse/inbox.html",
        connection=forum,
        lines=lines,
        state=chosen.value if chosen else "",
        more=lines[-1].id if len(lines) == PAGE else None,
        states=_states(),
    )


@blueprint.post("/admin/forums/<connection>/inbox")
@door.administrator
def act(connection: str) -> Response:
    """Handle the chosen deliveries again, or set them aside."""
    forum = own(connection)
    with writing() as uow:
        ids = operating.of_forum(uow, forum.id, operating.parse_ids(request.form.getlist("id")))
        if not ids:
            raise Invalid("discourse_hooks.nothing_chosen", _("Choose at least one delivery."))
        if request.form.get("do") == "park":
            count = operating.park(uow, ids, _("set aside by an administrator"))
            said = ngettext("%(n)d is set aside.", "%(n)d are set aside.", count)
        else:
            count = operating.replay(uow, ids)
            said = ngettext("%(n)d is handled again.", "%(n)d are handled again.", count)
        uow.commit()
    services().jobs.wake()
    return see(f"{HOME}/{forum.handle}/inbox", said)


with_inbox = blueprint  # the pages of administration, these among them


def _states() -> dict[str, str]:
    return {
        InboxState.WAITING.value: _("waiting"),
        InboxState.DONE.value: _("handled"),
        InboxState.IGNORED.value: _("nothing to do"),
        InboxState.PARKED.value: _("set aside"),
    }
