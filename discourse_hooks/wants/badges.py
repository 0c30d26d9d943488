"""BadgeWanted: the badge exists, the user holds it or holds it no more.

Once in effect by (connection, forum user, badge name), kept in :class:`BadgeLink`. The user's list
is looked at before anything is written, so a grant whose answer was lost is found, and a badge
that was there before is adopted. An older want that is carried out late changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks import accounts, pilot
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.connections import Forum
from discourse_hooks.models import BadgeInWaiting, BadgeLink
from discourse_hooks.wants import badge_look, reporting
from discourse_hooks.wants.reporting import Addressee
from plugin.events.people import IdentityLinked
from plugin.events.wants import BadgeWanted
from plugin.kernel.dispatch import DeliveryFacts, Later
from plugin.kernel.i18n import _
from plugin.kernel.messages import from_json, to_json
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

if TYPE_CHECKING:
    from plugin.kernel.services import Services

WANT = "badge"
PATIENCE = 4


def fulfil(services: Services, delivery: DeliveryFacts, event: BadgeWanted) -> None:
    """Grant or take back one badge (unique: connection, forum user, badge name)."""
    place = reporting.forum_for(
        services, delivery.community_id, (event.person_id,), near=event.reason_url
    )
    if place is None:
        _wait_for_account(services, delivery, event)
        return
    forum, (who,) = place
    silence = pilot.silence(services, forum, [who.user_id])
    if forum.badges_possible is False:
        silence = _("Lantern's account in the forum may not give badges.")
    if silence:
        reporting.refused(services, delivery, event.key, WANT, silence)
        return
    try:
        _carry_out(services, delivery, event, forum, who)
    except ForumRefused as error:
        if error.status == 404 and delivery.attempt < PATIENCE:
            badge_look.forget(services, forum, event.badge_name)
            raise Later(timedelta(minutes=1), "the badge is looked up anew") from error
        reporting.after_refusal(services, delivery, event.key, WANT, error)


def _carry_out(
    services: Services,
    delivery: DeliveryFacts,
    event: BadgeWanted,
    forum: Forum,
    who: Addressee,
) -> None:
    api = reporting.api_for(services, forum)
    badge_id = badge_look.ensured(services, api, forum, event)
    if not _intend(services, delivery, event, forum, who, badge_id):
        return  # a newer want about the same badge is in effect
    username = reporting.current_name(services, api, forum, who)
    if username is None:
        reason = _("The forum account no longer exists.")
        reporting.refused(services, delivery, event.key, WANT, reason)
        return
    held = [badge for badge in api.user_badges(username) if badge.badge_id == badge_id]
    remote_id = held[0].id if held else None
    if event.granted and not held:
        remote_id = _grant(api, forum, username, badge_id, event.reason_url)
    if not event.granted:
        for badge in held:
            api.revoke_badge(badge.id)
        remote_id = None

    def remember(uow: UnitOfWork) -> None:
        link = _link(uow, forum, who, event)
        if link is not None and link.version <= delivery.created_at:
            link.remote_id = remote_id
            link.username = username
            link.removed_there = False

    reference = f"{forum.base_url}/badges/{badge_id}"
    reporting.fulfilled(services, delivery, event.key, WANT, reference, remember)


def _grant(api: ForumApi, forum: Forum, username: str, badge_id: int, reason_url: str) -> int:
    """Grant with the post as reason; the forum refuses a reason that is no post of its own."""
    reason = reason_url if forum.owns(reason_url) else ""
    try:
        return api.grant_badge(username, badge_id, reason).id
    except ForumRefused as refused:
        if refused.status != 400 or not reason:
            raise
        return api.grant_badge(username, badge_id, "").id


def _intend(
    services: Services,
    delivery: DeliveryFacts,
    event: BadgeWanted,
    forum: Forum,
    who: Addressee,
    badge_id: int,
) -> bool:
    """Write down what is wanted before it is done: the loop guard may need it at once."""
    with services.units.community(forum.community_id) as uow:
        link = _link(uow, forum, who, event)
        if link is None:
            link = BadgeLink(
                connection_id=forum.id,
                user_id=who.user_id,
                username=who.username,
                badge_name=event.badge_name,
                want_key=event.key,
                version=delivery.created_at,
                granted=event.granted,
            )
            uow.session.add(link)
        if link.version > delivery.created_at:
            return False
        link.version = delivery.created_at
        link.granted = event.granted
        link.want_key = event.key
        link.badge_id = badge_id
        uow.commit()
    return True


def _link(uow: UnitOfWork, forum: Forum, who: Addressee, event: BadgeWanted) -> BadgeLink | None:
    return uow.session.scalar(
        sa.select(BadgeLink).where(
            BadgeLink.connection_id == forum.id,
            BadgeLink.user_id == who.user_id,
            BadgeLink.badge_name == event.badge_name,
        )
    )


def _wait_for_account(services: Services, delivery: DeliveryFacts, event: BadgeWanted) -> None:
    """Nobody to give it to yet: keep the want until an account is linked (unique: person, name)."""
    with services.units.community(delivery.community_id) as uow:
        row = uow.session.scalar(
            sa.select(BadgeInWaiting).where(
                BadgeInWaiting.person_id == event.person_id,
                BadgeInWaiting.badge_name == event.badge_name,
            )
        )
        if not event.granted:
            if row is not None:
                uow.session.delete(row)
        elif row is None:
            uow.session.add(
                BadgeInWaiting(
                    person_id=event.person_id,
                    badge_name=event.badge_name,
                    want=to_json(event),
                )
            )
        uow.commit()
    reason = _("No forum account is linked yet. The badge follows when one is.")
    reporting.refused(services, delivery, event.key, WANT, reason)


def on_identity_linked(uow: UnitOfWork, event: IdentityLinked) -> None:
    """Want again what waited for an account; the waiting rows go in the same commit."""
    if event.kind == accounts.KIND:
        _want_again(uow, BadgeInWaiting.person_id == event.person_id)


def want_again_what_waits(uow: UnitOfWork) -> int:
    """The same for everybody who has an account by now: an account that was linked in the very
    moment in which its badge began to wait is found here; return how many."""
    waiting = set(uow.session.scalars(sa.select(BadgeInWaiting.person_id)))
    ready = people.identities_by_person(uow, waiting, accounts.KIND)
    return _want_again(uow, BadgeInWaiting.person_id.in_(ready))


def _want_again(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> int:
    rows = uow.session.scalars(sa.select(BadgeInWaiting).where(which)).all()
    for row in rows:
        uow.record(from_json(BadgeWanted.event_name, row.want))
        uow.session.delete(row)
    return len(rows)
