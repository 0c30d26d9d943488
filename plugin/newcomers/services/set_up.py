"""Switching a welcome on, and being a contact."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers.models import Contact, Newcomer, Stage, Welcome
from plugin.newcomers.queries import is_contact, welcome_row
from plugin.workload import public as workload


@dataclass(frozen=True)
class Wishes:
    """What a coordinator decides about the welcome of a place."""

    on: bool
    within_hours: int
    most_each: int
    task: str
    groups: bool
    facilitator_id: UUID | None
    call_every_days: int


def set_up(uow: UnitOfWork, context_id: UUID, wishes: Wishes, *, actor: UUID) -> None:
    """Keep the wishes (unique: context). Only who joins after switching on is a newcomer here."""
    row = welcome_row(uow, context_id)
    if row is None:
        row = Welcome(context_id=context_id, since=uow.now(), created_at=uow.now())
        uow.session.add(row)
    if wishes.on and not row.on:
        row.since = uow.now()
    for name, value in vars(wishes).items():
        setattr(row, name, value)
    uow.audit("newcomers.welcome.saved", actor=actor, subject=f"context:{context_id}", on=wishes.on)
    uow.session.flush()


def become_contact(uow: UnitOfWork, context_id: UUID, person_id: UUID) -> None:
    """Be there for newcomers (unique: context, person); again ends a pause."""
    row = _contact(uow, context_id, person_id)
    if row is None:
        row = Contact(context_id=context_id, person_id=person_id, created_at=uow.now())
        uow.session.add(row)
    row.paused = False
    uow.session.flush()


def stop_being_contact(uow: UnitOfWork, context_id: UUID, person_id: UUID) -> list[UUID]:
    """No more newcomers; those one has wait for somebody else again. Return their ids."""
    row = _contact(uow, context_id, person_id)
    if row is not None:
        uow.session.delete(row)
    freed = let_go(uow, context_id, person_id)
    uow.session.flush()
    return freed


def let_go(uow: UnitOfWork, context_id: UUID, contact_id: UUID) -> list[UUID]:
    """Take a contact's newcomers back to those who wait, due from now on."""
    rows = uow.session.scalars(
        sa.select(Newcomer).where(
            Newcomer.context_id == context_id,
            Newcomer.contact_id == contact_id,
            Newcomer.stage == Stage.ACCOMPANIED,
        )
    ).all()
    for row in rows:
        workload.release(uow, time_key(row.id))
        row.stage, row.contact_id, row.named_at = Stage.WAITING, None, None
        row.due_at, row.told_at = uow.now(), None
    return [row.id for row in rows]


def time_key(newcomer_id: UUID) -> str:
    """Under this key a contact's minutes stand in the time ledger."""
    return f"newcomers.contact:{newcomer_id}"


def _contact(uow: UnitOfWork, context_id: UUID, person_id: UUID) -> Contact | None:
    return uow.session.scalars(
        sa.select(Contact).where(Contact.context_id == context_id, Contact.person_id == person_id)
    ).first()


__all__ = [
    "Wishes",
    "become_contact",
    "is_contact",
    "let_go",
    "set_up",
    "stop_being_contact",
    "time_key",
]
