"""What messages and spaces share: the words, the row kept before the call, the call, the report.

Once in effect by the want's key: its digest is the external id of the message in the forum, looked
up before anything is sent, whatever became of earlier tries and of our own rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from discourse_hooks.connections import Forum
from discourse_hooks.models import ForumSpace
from discourse_hooks.wants import reporting
from discourse_hooks.wants.reporting import Addressee
from plugin.kernel import urls
from plugin.kernel.dispatch import DeliveryFacts
from plugin.kernel.i18n import _, use_locale
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library

if TYPE_CHECKING:
    from plugin.kernel.services import Services

MESSAGE, SPACE = "message", "space"
CHOICES = "/notices"


@dataclass(frozen=True)
class Written:
    """A message in words."""

    subject: str
    body: str


def gone_reason() -> str:
    """Why somebody cannot be reached."""
    return _("The forum account no longer exists.")


def in_words(
    services: Services,
    everyone: Sequence[Addressee],
    message: str,
    params: dict[str, Any],
    path: str,
) -> Written:
    """The library's text once in each language of its readers: what, one link, why, how to stop."""
    subject, bodies = "", []
    for locale in dict.fromkeys(who.locale for who in everyone):
        text = library.message(message, locale, params)
        link = urls.absolute(services.settings, path) if path else ""
        button = f"[{text.button}]({link})" if link and text.button else link
        parts = (text.body, button, text.why, stop_line(services, locale))
        bodies.append("\n\n".join(part for part in parts if part))
        subject = subject or text.subject
    return Written(subject, "\n\n---\n\n".join(dict.fromkeys(bodies)))


def stop_line(services: Services, locale: str) -> str:
    """Where a reader chooses what comes; the link returns there after signing in."""
    with use_locale(locale):
        where = urls.absolute(services.settings, CHOICES)
        return _("Choose what comes, and when: %(link)s", link=where)


def intend(services: Services, forum: Forum, kind: str, key: str) -> ForumSpace:
    """Keep a row before anything is made: the forum's own event may be faster than its answer."""
    with services.units.community(forum.community_id) as uow:
        row = space_row(uow, forum, key)
        if row is None:
            row = ForumSpace(
                connection_id=forum.id,
                want_key=key,
                external_id=reporting.external_id(kind, key),
                kind=kind,
            )
            uow.session.add(row)
            uow.commit()
        return row


def report_made(
    services: Services,
    delivery: DeliveryFacts,
    forum: Forum,
    want: str,
    key: str,
    address: str,
    *,
    remote_id: int,
    group_id: int | None = None,
) -> None:
    """Remember what stands in the forum in the commit of the report."""

    def remember(uow: UnitOfWork) -> None:
        row = space_row(uow, forum, key)
        if row is not None:
            row.remote_id, row.group_id, row.made_at = remote_id, group_id, uow.now()

    reporting.fulfilled(services, delivery, key, want, address, remember)


def space_row(uow: UnitOfWork, forum: Forum, key: str) -> ForumSpace | None:
    """The row of a want's message or group in this forum."""
    return uow.session.scalar(
        sa.select(ForumSpace).where(
            ForumSpace.connection_id == forum.id, ForumSpace.want_key == key
        )
    )


def topic_address(forum: Forum, topic_id: int) -> str:
    """Where people read it; the dash stands for the slug."""
    return f"{forum.base_url}/t/-/{topic_id}"
