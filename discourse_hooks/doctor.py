"""`lantern doctor` on forums: does each answer, what waits, what is parked, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from discourse_hooks import connections
from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from discourse_hooks.models import InboxMessage, InboxState, Touched
from plugin.kernel.dispatch import Later
from plugin.kernel.doctor import Finding, Verdict

if TYPE_CHECKING:
    from plugin.kernel.services import Services


def check_forums(services: Services) -> Iterable[Finding]:
    """One or more findings for each connection; none where there is no forum."""
    for forum in connections.all_of_them(services):
        subject = f"forum {forum.host}"
        yield _answers(services, forum, subject)
        if forum.quiet:
            yield Finding(
                subject,
                Verdict.WARN,
                "quiet: nothing is posted there",
                f"run 'lantern discourse quiet off --connection {forum.handle}' to switch it on",
            )
        yield from _set_aside(services, forum, subject)


def _answers(services: Services, forum: Forum, subject: str) -> Finding:
    try:
        probe(services, forum)
    except Later as later:
        return Finding(subject, Verdict.WARN, later.reason, "try again in a minute")
    except ForumRefused as refused:
        return Finding(
            subject,
            Verdict.BAD,
            refused.for_operator(),
            "make a key for one bot user and run 'lantern discourse connect' again with it",
        )
    return Finding(subject, Verdict.GOOD, "the forum answers and the key is accepted")


def probe(services: Services, forum: Forum) -> str:
    """Ask the forum something harmless with the key; return its title."""
    return ForumApi(Transport(services, forum)).site_title()


def _set_aside(services: Services, forum: Forum, subject: str) -> Iterable[Finding]:
    with services.units.system_reading() as uow:
        parked = uow.session.scalar(
            sa.select(sa.func.count()).where(
                InboxMessage.connection_id == forum.id, InboxMessage.state == InboxState.PARKED
            )
        )
        unread = uow.session.scalar(
            sa.select(sa.func.count()).where(Touched.connection_id == forum.id, Touched.parked)
        )
    if parked:
        yield Finding(
            subject,
            Verdict.WARN,
            f"{parked} events are parked",
            "run 'lantern discourse inbox list --state parked', then 'inbox replay'",
        )
    if unread:
        yield Finding(
            subject,
            Verdict.WARN,
            f"{unread} topics could not be read",
            "check the key's scope topics:read, then 'Handle again' in Administration, Forums",
        )


CHECKS = (check_forums,)
