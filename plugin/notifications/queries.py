"""Selects about notices and what people want of them."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.kinds import ALWAYS, CHANNELS, KINDS, NOW, OFF
from plugin.notifications.models import Notice, NoticeState, Preference, QuietHours
from plugin.notifications.timing import Quiet
from plugin.people import public as people


def quiet_hours(uow: UnitOfWork, person_id: UUID) -> Quiet:
    """Return a person's quiet hours; 21 to 8 unless they chose others."""
    row = uow.session.scalars(
        sa.select(QuietHours).where(QuietHours.person_id == person_id)
    ).first()
    return Quiet(row.begins, row.ends) if row else Quiet()


def preferences(uow: UnitOfWork, person_id: UUID) -> dict[tuple[str, str], str]:
    """Return (kind, channel) -> now, digest or off, defaults filled in."""
    chosen = {
        (row.kind, row.channel): row.timing
        for row in uow.session.scalars(
            sa.select(Preference).where(Preference.person_id == person_id)
        )
    }
    return {
        (kind, channel): NOW if kind in ALWAYS else chosen.get((kind, channel), NOW)
        for kind in KINDS
        for channel in CHANNELS
    }


def wishes(uow: UnitOfWork, person_id: UUID, kind: str, channel: str) -> bool:
    """Whether a kind of message may come to a person on a channel; asked before a shared one."""
    return preferences(uow, person_id)[kind, channel] != OFF


def unreachable(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the given people whom no message can reach outside the tool."""
    wanted = set(ids)
    known = people.people_by_id(uow, wanted)
    in_forum = people.identities_by_person(uow, wanted, "discourse")
    return {
        person_id
        for person_id in wanted
        if person_id not in in_forum
        and not (person_id in known and known[person_id].email_confirmed)
    }


def in_mail(uow: UnitOfWork, mail_id: str) -> list[Notice]:
    """Return the notices of a mail that was begun and not yet noted as sent, oldest first."""
    query = sa.select(Notice).where(Notice.mail_id == mail_id, Notice.state == NoticeState.WAITING)
    return list(uow.session.scalars(query.order_by(Notice.id)))


def bundle(uow: UnitOfWork, person_id: UUID) -> list[Notice]:
    """Return everything that is due for a person now and in no mail yet, oldest first.

    Locked, so that of two workers who ask at once the second sees what the first has taken.
    """
    return list(
        uow.session.scalars(
            sa.select(Notice)
            .where(
                Notice.person_id == person_id,
                Notice.state == NoticeState.WAITING,
                Notice.due_at <= uow.now(),
                Notice.mail_id.is_(None),
            )
            .order_by(Notice.id)
            .with_for_update()
        )
    )
