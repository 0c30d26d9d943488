"""StateWanted: where a request stands, shown at its topic by one of three tags.

Idempotent by nature: the tags are read, and written only when they differ. An older want that is
carried out late finds a newer version in the row and does nothing. The event of our own change
reads the topic once more, finds the same request in the same state, and ends there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks import pilot, requests
from discourse_hooks.client import ForumRefused
from discourse_hooks.client.topic_tags import set_tags
from discourse_hooks.connections import Forum
from discourse_hooks.models import ForumRequest
from discourse_hooks.wants import posting, reporting
from plugin.events.wants import StateWanted
from plugin.kernel.dispatch import DeliveryFacts
from plugin.kernel.i18n import _

if TYPE_CHECKING:
    from plugin.kernel.services import Services

WANT = "state"


def fulfil(services: Services, delivery: DeliveryFacts, event: StateWanted) -> None:
    """Show one state (unique in effect: the request, its newest want)."""
    found = requests.of_key(services, event.request)
    if found is None:
        return  # another adapter's
    forum, row = found
    if silence := pilot.silence(services, forum, ()):
        reporting.refused(services, delivery, event.key, WANT, silence)
        return
    if not _newest(services, delivery, forum, row, event.state):
        return
    try:
        problem = _show(services, forum, row, event.state)
    except ForumRefused as error:
        reporting.after_refusal(services, delivery, event.key, WANT, error)
        return
    if problem:
        reporting.refused(services, delivery, event.key, WANT, problem)
    else:
        address = posting.topic_address(forum, row.topic_id)
        reporting.fulfilled(services, delivery, event.key, WANT, address)


def _newest(
    services: Services, delivery: DeliveryFacts, forum: Forum, row: ForumRequest, state: str
) -> bool:
    with services.units.community(forum.community_id) as uow:
        taken = uow.session.execute(
            sa.update(ForumRequest)
            .where(ForumRequest.id == row.id, ForumRequest.version <= delivery.created_at)
            .values(version=delivery.created_at, wanted_state=state)
            .returning(ForumRequest.id)
            .execution_options(synchronize_session=False)
        ).first()
        uow.commit()
    return taken is not None


def _show(services: Services, forum: Forum, row: ForumRequest, state: str) -> str:
    """Set the tag; return why not, in words, when there is nothing to set it on."""
    api = reporting.api_for(services, forum)
    topic = api.topic(row.topic_id)
    if topic is None or not topic.public:
        return _("The topic is no longer there.")
    wanted = tuple(tag for tag in topic.tags if tag not in requests.ALL_STATE_TAGS)
    if state in requests.SHOWN_AS_TAG:
        wanted = (*wanted, requests.state_tag(row.kind, state))
    if set(wanted) != set(topic.tags):
        set_tags(api, row.topic_id, wanted)
    return ""
