"""What newcomers keeps about a person: that they were new, whose contact they are."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers.models import Contact, Newcomer, Stage, Welcome
from plugin.newcomers.services.set_up import let_go


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    """Their newcomers wait for somebody else; their own beginning is gone."""
    for contact in uow.session.scalars(sa.select(Contact).where(Contact.person_id == person_id)):
        let_go(uow, contact.context_id, person_id)
    uow.session.execute(sa.delete(Contact).where(Contact.person_id == person_id))
    uow.session.execute(sa.delete(Newcomer).where(Newcomer.person_id == person_id))
    uow.session.execute(
        sa.update(Newcomer).where(Newcomer.contact_id == person_id).values(contact_id=None)
    )
    uow.session.execute(
        sa.update(Welcome).where(Welcome.facilitator_id == person_id).values(facilitator_id=None)
    )


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    own = uow.session.scalars(sa.select(Newcomer).where(Newcomer.person_id == person_id))
    contact = uow.session.scalars(sa.select(Contact).where(Contact.person_id == person_id))
    return {
        "new_in": [
            {"since": row.alive_at.isoformat(), "stage": row.stage.value, "steps": dict(row.steps)}
            for row in own
        ],
        "contact_since": [row.created_at.isoformat() for row in contact],
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """Both beginnings stay, each with its account; one is a contact of a place only once.

    Whoever would be their own contact waits for somebody else.
    """
    there = set(
        uow.session.scalars(sa.select(Contact.context_id).where(Contact.person_id == target_id))
    )
    for row in uow.session.scalars(sa.select(Contact).where(Contact.person_id == source_id)).all():
        if row.context_id in there:
            uow.session.delete(row)
        else:
            row.person_id = target_id
    for column in (Newcomer.person_id, Newcomer.contact_id):
        uow.session.execute(
            sa.update(Newcomer).where(column == source_id).values({column.key: target_id})
        )
    uow.session.execute(
        sa.update(Welcome)
        .where(Welcome.facilitator_id == source_id)
        .values(facilitator_id=target_id)
    )
    uow.session.execute(
        sa.update(Newcomer)
        .where(Newcomer.person_id == target_id, Newcomer.contact_id == target_id)
        .values(contact_id=None, stage=Stage.WAITING, named_at=None)
    )
    uow.session.flush()


PERSON_DATA = PersonData(
    package="newcomers",
    tables=("newcomers_welcome", "newcomers_contact", "newcomers_newcomer"),
    erase=_erase,
    export=_export,
    merge=_merge,
)
