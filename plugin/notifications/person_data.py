"""What notifications keeps about a person."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.models import Notice, Preference, QuietHours, SignedLink


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    for model in (Notice, Preference, QuietHours, SignedLink):
        uow.session.execute(sa.delete(model).where(model.person_id == person_id))


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    notices = uow.session.scalars(sa.select(Notice).where(Notice.person_id == person_id))
    wishes = uow.session.scalars(sa.select(Preference).where(Preference.person_id == person_id))
    return {
        "notices": [
            {
                "kind": n.kind,
                "message": n.message,
                "params": n.params,
                "at": n.created_at.isoformat(),
            }
            for n in notices
        ],
        "preferences": [{"kind": w.kind, "channel": w.channel, "timing": w.timing} for w in wishes],
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    told = set(uow.session.scalars(sa.select(Notice.key).where(Notice.person_id == target_id)))
    for notice in uow.session.scalars(sa.select(Notice).where(Notice.person_id == source_id)):
        if notice.key in told:
            uow.session.delete(notice)
        else:
            notice.person_id = target_id
    uow.session.execute(
        sa.update(SignedLink).where(SignedLink.person_id == source_id).values(person_id=target_id)
    )
    for model in (Preference, QuietHours):  # the person who stays keeps their own wishes
        uow.session.execute(sa.delete(model).where(model.person_id == source_id))
    uow.session.flush()


PERSON_DATA = PersonData(
    package="notifications",
    tables=(
        "notifications_notice",
        "notifications_preference",
        "notifications_quiet_hours",
        "notifications_signed_link",
    ),
    erase=_erase,
    export=_export,
    merge=_merge,
)
