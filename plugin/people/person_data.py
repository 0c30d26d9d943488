"""What people keeps about a person: erased to a tombstone, exported, moved when merged."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.events.people import IdentityLinked, PersonsMerged
from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import queries
from plugin.people.models import (
    Consent,
    ExternalIdentity,
    Membership,
    Person,
    Relation,
    StaffRight,
)


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    row = uow.session.get_one(Person, person_id)
    row.display_name = row.email = row.email_confirmed_at = None
    row.erased_at = uow.now()
    for model in (ExternalIdentity, Membership, StaffRight, Consent):
        uow.session.execute(sa.delete(model).where(model.person_id == person_id))
    uow.session.execute(
        sa.delete(Relation).where(sa.or_(Relation.a_id == person_id, Relation.b_id == person_id))
    )


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    shown = queries.person(uow, person_id)
    return {
        "name": shown.name if shown.named else None,
        "email": shown.email,
        "language": shown.locale,
        "time_zone": shown.time_zone,
        "accounts": [
            {"kind": i.kind, "issuer": i.issuer, "subject": i.subject, "username": i.username}
            for i in queries.identities_of(uow, person_id)
        ],
        "rights": sorted(right for right, _where in queries.rights_of(uow, person_id)),
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    source, target = (uow.session.get_one(Person, i) for i in (source_id, target_id))
    target.display_name = target.display_name or source.display_name
    if target.email is None or (target.email_confirmed_at is None and source.email_confirmed_at):
        target.email, target.email_confirmed_at = source.email, source.email_confirmed_at
    for identity in uow.session.scalars(
        sa.select(ExternalIdentity).where(ExternalIdentity.person_id == source_id)
    ):
        identity.person_id = target_id
        uow.record(IdentityLinked(identity_id=identity.id, person_id=target_id, kind=identity.kind))
    _move_unless_there(uow, Membership, source_id, target_id, Membership.context_id)
    _move_unless_there(uow, StaffRight, source_id, target_id, StaffRight.right)
    _move_unless_there(uow, Consent, source_id, target_id, Consent.kind)
    for column in (Relation.a_id, Relation.b_id):
        uow.session.execute(
            sa.update(Relation).where(column == source_id).values({column.key: target_id})
        )
    source.display_name = source.email = source.email_confirmed_at = None
    source.merged_into_id = target_id
    uow.record(PersonsMerged(source_id=source_id, target_id=target_id))


def _move_unless_there(
    uow: UnitOfWork, model: Any, source_id: UUID, target_id: UUID, column: Any
) -> None:
    """Move rows of the source; where the target has one of the same kind, the source's goes."""
    there = set(uow.session.scalars(sa.select(column).where(model.person_id == target_id)).all())
    for row in uow.session.scalars(sa.select(model).where(model.person_id == source_id)):
        if getattr(row, column.key) in there:
            uow.session.delete(row)
        else:
            row.person_id = target_id
    uow.session.flush()


PERSON_DATA = PersonData(
    package="people",
    tables=(
        "people_person",
        "people_external_identity",
        "people_membership",
        "people_staff_right",
        "people_relation",
        "people_consent",
    ),
    erase=_erase,
    export=_export,
    merge=_merge,
)
