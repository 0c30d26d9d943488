"""What the doors keep about a person: sessions, proved addresses, codes, invitations made."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web.models import WebAddress, WebInvitation, WebMailCode, WebSession


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    for model in (WebSession, WebAddress, WebMailCode):
        uow.session.execute(sa.delete(model).where(model.person_id == person_id))
    uow.session.execute(
        sa.update(WebInvitation)
        .where(WebInvitation.invited_by == person_id)
        .values(invited_by=None)
    )
    address = people.person(uow, person_id).email  # still there: floors are erased from the top
    if address:
        uow.session.execute(
            sa.update(WebInvitation).where(WebInvitation.email == address).values(email=None)
        )


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    rows = uow.session.scalars(sa.select(WebSession).where(WebSession.person_id == person_id))
    return {
        "sessions": [
            {"opened": row.created_at.isoformat(), "last_used": row.seen_at.isoformat()}
            for row in rows
        ],
        "invitations_made": uow.session.scalar(
            sa.select(sa.func.count()).where(WebInvitation.invited_by == person_id)
        ),
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    has = set(
        uow.session.scalars(
            sa.select(WebAddress.address_hash).where(WebAddress.person_id == target_id)
        )
    )
    for row in uow.session.scalars(sa.select(WebAddress).where(WebAddress.person_id == source_id)):
        if row.address_hash in has:
            uow.session.delete(row)
        else:
            row.person_id = target_id
    for model in (WebSession, WebMailCode):
        uow.session.execute(
            sa.update(model).where(model.person_id == source_id).values(person_id=target_id)
        )
    uow.session.execute(
        sa.update(WebInvitation)
        .where(WebInvitation.invited_by == source_id)
        .values(invited_by=target_id)
    )


PERSON_DATA = PersonData(
    package="web",
    tables=("web_session", "web_address", "web_mail_code", "web_invitation"),
    erase=_erase,
    export=_export,
    merge=_merge,
)
