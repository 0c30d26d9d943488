"""What is between people, and what they agreed to."""

from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import (
    Consent,
    Relation,
)


def relate(
    uow: UnitOfWork, kind: str, a: UUID, b: UUID, context_id: UUID | None = None, key: str = ""
) -> None:
    """State what is between two people; stating it again changes nothing."""
    query = sa.select(Relation).where(
        Relation.kind == kind, Relation.a_id == a, Relation.b_id == b, Relation.key == key
    )
    if uow.session.scalars(query).first() is None:
        uow.session.add(
            Relation(
                kind=kind, a_id=a, b_id=b, context_id=context_id, key=key, created_at=uow.now()
            )
        )
        uow.session.flush()


def unrelate(uow: UnitOfWork, kind: str, a: UUID, b: UUID, key: str = "") -> None:
    uow.session.execute(
        sa.delete(Relation).where(
            Relation.kind == kind, Relation.a_id == a, Relation.b_id == b, Relation.key == key
        )
    )


def consent(uow: UnitOfWork, person_id: UUID, kind: str, version: str) -> None:
    """Keep that a person agreed to a version of something."""
    row = uow.session.scalars(
        sa.select(Consent).where(
            Consent.person_id == person_id, Consent.kind == kind, Consent.version == version
        )
    ).first()
    if row is None:
        uow.session.add(
            Consent(person_id=person_id, kind=kind, version=version, created_at=uow.now())
        )
    else:
        row.withdrawn_at = None
    uow.session.flush()


def withdraw_consent(uow: UnitOfWork, person_id: UUID, kind: str) -> None:
    uow.session.execute(
        sa.update(Consent)
        .where(Consent.person_id == person_id, Consent.kind == kind)
        .values(withdrawn_at=uow.now())
    )
