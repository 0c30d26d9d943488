"""SpaceWanted: a place that some people share in the forum.

* ``message``: one private message among exactly these people; later ones are invited to it.
* ``group``: a group of these people, seen by its members only.
* ``topic``: a group and a private topic addressed to it: who is in the group reads it from its
  first word, who leaves the group reads it no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from discourse_hooks import pilot
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.results import ForumGroup
from discourse_hooks.connections import Forum
from discourse_hooks.wants import messages, posting, reporting
from discourse_hooks.wants.posting import SPACE, Written
from discourse_hooks.wants.reporting import Addressee
from plugin.events.wants import SpaceWanted
from plugin.kernel.dispatch import DeliveryFacts
from plugin.kernel.i18n import _

if TYPE_CHECKING:
    from plugin.kernel.services import Services

GROUP, TOPIC = "group", "topic"
KINDS = frozenset({"message", GROUP, TOPIC})
LONGEST_GROUP_NAME = 20


def fulfil_space(services: Services, delivery: DeliveryFacts, event: SpaceWanted) -> None:
    """Give some people one place in common (unique: the want's key)."""
    place = reporting.forum_for(services, delivery.community_id, event.person_ids)
    if place is None:
        reason = _("Not everybody has a linked account in the same forum.")
        reporting.refused(services, delivery, event.key, SPACE, reason)
        return
    if event.kind not in KINDS:
        reason = _("A forum has no such kind of place.")
        reporting.refused(services, delivery, event.key, SPACE, reason)
        return
    forum, everyone = place
    words = posting.in_words(services, everyone, event.message, event.params, event.url)
    if event.kind == "message":
        key = event.key
        messages.send(services, delivery, key, SPACE, forum, everyone, words)
        return
    _make(services, delivery, event, forum, everyone, words)


def _make(
    services: Services,
    delivery: DeliveryFacts,
    event: SpaceWanted,
    forum: Forum,
    everyone: tuple[Addressee, ...],
    words: Written,
) -> None:
    """The group first, then its members, then its topic: each step is found again by its name."""
    row = posting.intend(services, forum, event.kind, event.key)
    if silence := pilot.silence(services, forum, [who.user_id for who in everyone]):
        reporting.refused(services, delivery, event.key, SPACE, silence)
        return
    api = reporting.api_for(services, forum)
    try:
        group = _filled_group(services, api, forum, event.key, words.subject, everyone)
        address, remote_id = f"{forum.base_url}/g/{group.name}", group.id
        if event.kind == TOPIC:
            remote_id = api.ensure_message(
                row.external_id, title=words.subject, raw=words.body, recipients=(group.name,)
            )
            address = posting.topic_address(forum, remote_id)
    except ForumRefused as error:
        reporting.after_refusal(services, delivery, event.key, SPACE, error)
        return
    posting.report_made(
        services, delivery, forum, SPACE, event.key, address, remote_id=remote_id, group_id=group.id
    )


def _filled_group(
    services: Services,
    api: ForumApi,
    forum: Forum,
    key: str,
    title: str,
    everyone: tuple[Addressee, ...],
) -> ForumGroup:
    group = api.ensure_group(reporting.external_id("g", key)[:LONGEST_GROUP_NAME], title)
    for who in everyone:
        username = reporting.current_name(services, api, forum, who)
        if username:
            api.add_member(group.id, username)
    return group
