"""Accounts outside, and whose they are."""

from uuid import UUID

import sqlalchemy as sa

from plugin.events.people import IdentityLinked, IdentityUnlinked
from plugin.kernel.errors import Conflict
from plugin.kernel.i18n import _
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people.models import ExternalIdentity, Person
from plugin.people.queries import (
    Identity,
    identity_view,
)


def identity_row(
    uow: UnitOfWork, issuer: str, subject: str, kind: str, username: str | None
) -> ExternalIdentity:
    """Return the row of an account, made at first sight; a new user name is taken over."""
    row = uow.session.scalars(
        sa.select(ExternalIdentity).where(
            ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject
        )
    ).first()
    if row is None:
        row = ExternalIdentity(
            id=new_id(),
            issuer=issuer,
            subject=subject,
            kind=kind,
            username=username,
            created_at=uow.now(),
        )
        uow.session.add(row)
        uow.session.flush()
    elif username and row.username != username:
        row.username = username
    return row


def identity_for(
    uow: UnitOfWork, issuer: str, subject: str, kind: str, username: str | None = None
) -> Identity:
    """Return an account outside, kept at first sight without a person."""
    return identity_view(identity_row(uow, issuer, subject, kind, username))


def link(uow: UnitOfWork, identity_id: UUID, person_id: UUID) -> None:
    """Give an account to a person; raise Conflict when it is another person's already."""
    row = uow.session.get_one(ExternalIdentity, identity_id)
    if row.person_id == person_id:
        return
    if row.person_id is not None:
        raise Conflict("identity_taken", _("This account is already linked to another member."))
    row.person_id = person_id
    uow.record(IdentityLinked(identity_id=row.id, person_id=person_id, kind=row.kind))


def lock_for_linking(uow: UnitOfWork, person_id: UUID, identity_id: UUID) -> Identity:
    """Hold a person and an account until the commit, and read the account as it is now.

    Always in this order, so that two that cross wait instead of blocking each other.
    """
    for query in (
        sa.select(Person).where(Person.id == person_id),
        sa.select(ExternalIdentity).where(ExternalIdentity.id == identity_id),
    ):
        row = uow.session.scalars(
            query.with_for_update().execution_options(populate_existing=True)
        ).one()
    assert isinstance(row, ExternalIdentity)
    return identity_view(row)


def unlink(uow: UnitOfWork, identity_id: UUID) -> None:
    """Take an account from its person; only the identity moves."""
    row = uow.session.get_one(ExternalIdentity, identity_id)
    if row.person_id is not None:
        uow.record(IdentityUnlinked(identity_id=row.id, person_id=row.person_id, kind=row.kind))
    row.person_id = None
    uow.session.flush()


def forget_username(uow: UnitOfWork, identity_id: UUID) -> None:
    """Remember no name for an account that is gone outside."""
    uow.session.get_one(ExternalIdentity, identity_id).username = None


def move_identity(uow: UnitOfWork, identity_id: UUID, person_id: UUID) -> None:
    """Move an account as part of merging two persons."""
    uow.session.get_one(ExternalIdentity, identity_id).person_id = person_id
