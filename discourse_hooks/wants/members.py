"""MemberWanted: somebody should be in a message or group of ours, or out of it.

Idempotent by nature: the forum answers "already a member" or skips, and both are a success.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from discourse_hooks import connections, pilot
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.connections import Forum
from discourse_hooks.models import ForumSpace
from discourse_hooks.wants import reporting
from discourse_hooks.wants.posting import space_row
from discourse_hooks.wants.reporting import Addressee
from plugin.events.wants import MemberWanted
from plugin.kernel.dispatch import DeliveryFacts, Later
from plugin.kernel.i18n import _

if TYPE_CHECKING:
    from plugin.kernel.services import Services

WANT = "member"
PATIENCE = timedelta(minutes=10)


def fulfil(services: Services, delivery: DeliveryFacts, event: MemberWanted) -> None:
    """Let one person in or out (unique in effect: space, forum user)."""
    found = _find(services, delivery, event)
    if found is None:
        if services.clock.now() - delivery.created_at < PATIENCE:  # it may be on its way
            raise Later(timedelta(minutes=1), "the space is not made yet")
        reason = _("There is no such place in the forum.")
        reporting.refused(services, delivery, event.key, WANT, reason)
        return
    forum, space, who = found
    if who is None:
        reason = _("No forum account is linked.")
        reporting.refused(services, delivery, event.key, WANT, reason)
        return
    api = reporting.api_for(services, forum)
    if silence := pilot.silence(services, forum, [who.user_id]):
        reporting.refused(services, delivery, event.key, WANT, silence)
        return
    try:
        username = reporting.current_name(services, api, forum, who)
        if username is not None:
            _place(api, space, username, present=event.present)
    except ForumRefused as error:
        reporting.after_refusal(services, delivery, event.key, WANT, error)
        return
    reporting.fulfilled(services, delivery, event.key, WANT, str(space.remote_id))


def _find(
    services: Services, delivery: DeliveryFacts, event: MemberWanted
) -> tuple[Forum, ForumSpace, Addressee | None] | None:
    forums = connections.of_community(services, delivery.community_id)
    with services.units.reading(delivery.community_id) as uow:
        for forum in forums:
            space = space_row(uow, forum, event.space_key)
            if space is not None and space.remote_id is not None:
                return forum, space, reporting.addressee(uow, forum, event.person_id)
    return None


def _place(api: ForumApi, space: ForumSpace, username: str, *, present: bool) -> None:
    assert space.remote_id is not None
    if space.kind in {"group", "topic"}:
        group_id = space.group_id or space.remote_id
        group = api.add_member if present else api.remove_member
        group(group_id, username)
    else:
        message = api.invite_to_message if present else api.remove_from_message
        message(space.remote_id, username)
