"""Use cases of notices: keep one, choose its channels, note that it went out."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.events.notifications import NoticeWritten
from plugin.events.wants import MessageWanted
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _, ngettext, use_locale
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.library import public as library
from plugin.notifications.kinds import (
    ALWAYS,
    CHANNELS,
    DIGEST,
    KINDS,
    NOW,
    OFF,
    TIMINGS,
    UNSOLICITED,
)
from plugin.notifications.links import Action
from plugin.notifications.models import Notice, NoticeState, Preference, QuietHours
from plugin.notifications.queries import preferences, quiet_hours
from plugin.notifications.timing import due
from plugin.people import public as people

FORUM_PAUSE = timedelta(days=7)


def notify(
    uow: UnitOfWork,
    person_id: UUID,
    *,
    kind: str,
    message: str,
    params: dict[str, Any],
    url: str,
    key: str,
    waits: bool = False,
    links: Sequence[Action] = (),
) -> bool:
    """Tell a person something; False when this ``key`` was told to them before.

    ``url`` is a path of ours, ``waits`` says that somebody waits for the reader, so it is not held
    back for the daily bundle. Raises KeyError when the text needs a parameter that is missing.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of notice")
    library.message(message, None, params)  # fails here, in the sender's commit, not in a worker
    known = sa.select(Notice.id).where(Notice.person_id == person_id, Notice.key == key)
    if uow.session.scalars(known).first() is not None:
        return False
    wishes = preferences(uow, person_id)
    reader = people.person(uow, person_id)
    channel = _channel(uow, reader, kind, wishes)
    bundled = not waits or (channel is not None and wishes[kind, channel] == DIGEST)
    notice = Notice(
        id=new_id(),
        person_id=person_id,
        kind=kind,
        message=message,
        params=params,
        url=url,
        links=[asdict(link) for link in links],
        key=key,
        waits=waits,
        created_at=uow.now(),
        due_at=due(uow.now(), reader.time_zone, quiet_hours(uow, person_id), bundled=bundled),
    )
    uow.session.add(notice)
    uow.session.flush()
    uow.record(NoticeWritten(notice_id=notice.id, person_id=person_id))
    return True


def channels_for(uow: UnitOfWork, notice: Notice) -> tuple[str, ...]:
    """Choose where a notice goes: mail where it can, else the forum, else nowhere but the tool."""
    wishes = preferences(uow, notice.person_id)
    reader = people.person(uow, notice.person_id)
    channel = _channel(uow, reader, notice.kind, wishes)
    if channel is None:
        return ()
    if channel == "forum" and notice.kind in UNSOLICITED and _told_lately(uow, notice):
        return ()
    return (channel,)


def _channel(
    uow: UnitOfWork, reader: people.PersonView, kind: str, wishes: dict[tuple[str, str], str]
) -> str | None:
    """Where this kind reaches a reader as things stand; None when nowhere but in the tool."""
    if reader.email_confirmed and wishes[kind, "mail"] != OFF:
        return "mail"
    account = people.identity_of(uow, reader.id, "discourse")
    return "forum" if account is not None and wishes[kind, "forum"] != OFF else None


def _told_lately(uow: UnitOfWork, notice: Notice) -> bool:
    query = sa.select(Notice.id).where(
        Notice.person_id == notice.person_id,
        Notice.kind.in_(UNSOLICITED),
        Notice.channels == "forum",
        Notice.sent_at > uow.now() - FORUM_PAUSE,
    )
    return uow.session.scalars(query).first() is not None


def want_forum_message(uow: UnitOfWork, notices: Sequence[Notice]) -> None:
    """Ask the forum adapter for one private message, in the reader's language.

    Several notices that are due together are one message with a line each: a forum is no mailbox.
    """
    first = notices[0]
    reader = people.person(uow, first.person_id)
    texts = [library.message(one.message, reader.locale, one.params) for one in notices]
    subject, body, url = texts[0].subject, f"{texts[0].body}\n\n{texts[0].why}", first.url
    if len(notices) > 1:
        with use_locale(reader.locale):
            subject = ngettext("%(n)d thing for you", "%(n)d things for you", len(notices))
        body, url = "\n".join(f"- {text.subject}" for text in texts), "/"
    uow.record(
        MessageWanted(
            key=f"notice:{first.id}",
            person_id=first.person_id,
            channel="forum",
            message=first.message,
            params=first.params,
            url=url,
            locale=reader.locale,
            subject=subject,
            body=body,
        )
    )


def settle(uow: UnitOfWork, notices: Sequence[Notice], channels: tuple[str, ...]) -> None:
    """Note that notices went out on these channels, or stay in the tool."""
    for notice in notices:
        notice.state = NoticeState.SENT if channels else NoticeState.NOT_SENT
        notice.channels = ",".join(channels)
        notice.sent_at = uow.now()


def forget_words(uow: UnitOfWork, *, before: datetime) -> None:
    """Empty what old notices said: it may name somebody who has since been erased."""
    uow.session.execute(
        sa.update(Notice)
        .where(Notice.state != NoticeState.WAITING, Notice.sent_at < before)
        .values(params={}, links=[])
    )


def set_preference(uow: UnitOfWork, person_id: UUID, kind: str, channel: str, timing: str) -> None:
    """Keep when a kind of notice may come on a channel."""
    if kind not in KINDS or channel not in CHANNELS or timing not in TIMINGS or kind in ALWAYS:
        raise Invalid("no_such_choice", _("There is no such choice."))
    row = uow.session.scalars(
        sa.select(Preference).where(
            Preference.person_id == person_id,
            Preference.kind == kind,
            Preference.channel == channel,
        )
    ).first()
    if row is None:
        uow.session.add(Preference(person_id=person_id, kind=kind, channel=channel, timing=timing))
    else:
        row.timing = timing
    uow.session.flush()


def stop_kind(uow: UnitOfWork, person_id: UUID, kind: str) -> None:
    """Switch a kind off everywhere (one click in a message)."""
    for channel in CHANNELS:
        set_preference(uow, person_id, kind, channel, OFF)


def set_quiet_hours(uow: UnitOfWork, person_id: UUID, begins: int, ends: int) -> None:
    """Keep a person's quiet hours (local, 0 to 23); equal hours mean none."""
    if not (0 <= begins <= 23 and 0 <= ends <= 23):
        raise Invalid("no_such_hour", _("An hour is a number from 0 to 23."))
    row = uow.session.scalars(
        sa.select(QuietHours).where(QuietHours.person_id == person_id)
    ).first()
    if row is None:
        uow.session.add(QuietHours(person_id=person_id, begins=begins, ends=ends))
    else:
        row.begins, row.ends = begins, ends
    uow.session.flush()


__all__ = [
    "NOW",
    "channels_for",
    "notify",
    "set_preference",
    "set_quiet_hours",
    "settle",
    "stop_kind",
    "want_forum_message",
]
