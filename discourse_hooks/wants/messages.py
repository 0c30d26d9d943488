"""MessageWanted on the channel ``forum``: one person, one private message.

The words come ready in the reader's language; the link to the page and the way to stop such
messages are added here, because only here it is known that they are read in a forum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from discourse_hooks import pilot
from discourse_hooks.client import ForumRefused
from discourse_hooks.connections import Forum
from discourse_hooks.wants import posting, reporting
from discourse_hooks.wants.posting import MESSAGE, Written
from discourse_hooks.wants.reporting import Addressee
from plugin.events.wants import MessageWanted
from plugin.kernel import urls
from plugin.kernel.dispatch import DeliveryFacts
from plugin.kernel.i18n import _

if TYPE_CHECKING:
    from plugin.kernel.services import Services

CHANNEL = "forum"


def fulfil_message(services: Services, delivery: DeliveryFacts, event: MessageWanted) -> None:
    """Send one person one private message (unique: the want's key as external id)."""
    if event.channel != CHANNEL:
        return
    place = reporting.forum_for(services, delivery.community_id, (event.person_id,))
    if place is None:
        reason = _("No forum account is linked.")
        reporting.refused(services, delivery, event.key, MESSAGE, reason)
        return
    forum, everyone = place
    send(
        services,
        delivery,
        event.key,
        MESSAGE,
        forum,
        everyone,
        _words(services, event, place),
    )


def _words(
    services: Services, event: MessageWanted, place: tuple[Forum, tuple[Addressee, ...]]
) -> Written:
    forum, everyone = place
    if not event.body:
        return posting.in_words(services, everyone, event.message, event.params, event.url)
    link = urls.absolute(services.settings, event.url) if event.url else ""
    parts = (event.body, link, posting.stop_line(services, event.locale))
    return Written(event.subject or forum.title, "\n\n".join(part for part in parts if part))


def send(
    services: Services,
    delivery: DeliveryFacts,
    key: str,
    want: str,
    forum: Forum,
    everyone: tuple[Addressee, ...],
    words: Written,
) -> None:
    """Post one private message to these people, unless it stands there already."""
    row = posting.intend(services, forum, want, key)
    if row.remote_id is not None:
        address = posting.topic_address(forum, row.remote_id)
        reporting.fulfilled(services, delivery, key, want, address)
        return
    if silence := pilot.silence(services, forum, [who.user_id for who in everyone]):
        reporting.refused(services, delivery, key, want, silence)
        return
    api = reporting.api_for(services, forum)
    try:
        names = [reporting.current_name(services, api, forum, who) for who in everyone]
        recipients = tuple(name for name in names if name)
        if len(recipients) < len(names):
            reporting.refused(services, delivery, key, want, posting.gone_reason())
            return
        topic_id = api.ensure_message(
            row.external_id, title=words.subject, raw=words.body, recipients=recipients
        )
    except ForumRefused as error:
        reporting.after_refusal(services, delivery, key, want, error)
        return
    address = posting.topic_address(forum, topic_id)
    posting.report_made(services, delivery, forum, want, key, address, remote_id=topic_id)
