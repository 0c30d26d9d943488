"""Selects of newcomers into frozen read models."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers import steps
from plugin.newcomers.errors import NoNewcomer
from plugin.newcomers.models import Contact, Newcomer, Stage, Welcome
from plugin.newcomers.pairing import Candidate
from plugin.people import public as people

OPEN = (Stage.WAITING, Stage.ACCOMPANIED)
SHOWN = 100


@dataclass(frozen=True)
class NewcomerView:
    """Somebody new, as their contact, the coordinator and they themselves see it.

    Both go by their names in that place: what a course calls them is nobody's business there.
    ``contact`` is empty while there is none.
    """

    id: UUID
    handle: str
    name: str
    contact: str
    stage: Stage
    alive_at: datetime
    due_at: datetime
    told: bool
    steps: tuple[steps.Step, ...]

    @property
    def done(self) -> int:
        return sum(step.done_at is not None for step in self.steps)


@dataclass(frozen=True)
class ContactView:
    """A contact, by their name in that place, and how many newcomers they have now."""

    person: people.PersonView
    name: str
    paused: bool
    newcomers: int


def welcome_row(uow: UnitOfWork, context_id: UUID, *, lock: bool = False) -> Welcome | None:
    """The welcome of a place; locked, contacts of this place are given out one after the other."""
    query = sa.select(Welcome).where(Welcome.context_id == context_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return uow.session.scalars(query).first()


def welcoming(uow: UnitOfWork) -> list[UUID]:
    """The places in which newcomers are welcomed."""
    return list(uow.session.scalars(sa.select(Welcome.context_id).where(Welcome.on)))


def views(uow: UnitOfWork, rows: list[Newcomer]) -> list[NewcomerView]:
    """Rows with the names of their people, in two queries for each place."""
    if not rows:
        return []
    names: dict[UUID, str] = {}
    for context_id in {row.context_id for row in rows}:
        here = [row for row in rows if row.context_id == context_id]
        ids = {one for row in here for one in (row.person_id, row.contact_id) if one}
        names |= names_in(uow, context_id, ids)
    return [
        NewcomerView(
            row.id,
            row.handle,
            names[row.person_id],
            names.get(row.contact_id, "") if row.contact_id else "",
            row.stage,
            row.alive_at,
            row.due_at,
            row.told_at is not None,
            steps.checklist(row.steps),
        )
        for row in rows
        if row.person_id in names
    ]


def names_in(uow: UnitOfWork, context_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """How people are called in a place: by their account there, else as they call themselves."""
    accounts = people.accounts_in(uow, people.issuer_of(uow, context_id), ids)
    named = {one: person.name for one, person in people.people_by_id(uow, ids).items()}
    return named | {one: f"@{each.username}" for one, each in accounts.items() if each.username}


def of_place(uow: UnitOfWork, context_id: UUID) -> list[NewcomerView]:
    """Who is new here: who waits longest first, then who is accompanied, then who is done."""
    order = sa.case(
        (Newcomer.stage == Stage.WAITING, 0), (Newcomer.stage == Stage.ACCOMPANIED, 1), else_=2
    )
    query = (
        sa.select(Newcomer)
        .where(Newcomer.context_id == context_id)
        .order_by(order, Newcomer.due_at, Newcomer.id)
        .limit(SHOWN)
    )
    return views(uow, list(uow.session.scalars(query)))


def of_person(uow: UnitOfWork, context_id: UUID, person_id: UUID) -> NewcomerView | None:
    """What a person sees of their own beginning here."""
    query = sa.select(Newcomer).where(
        Newcomer.context_id == context_id, Newcomer.person_id == person_id
    )
    return next(iter(views(uow, list(uow.session.scalars(query)))), None)


def of_contact(
    uow: UnitOfWork, person_id: UUID, context_id: UUID | None = None
) -> list[NewcomerView]:
    """Whom somebody is there for now."""
    query = sa.select(Newcomer).where(
        Newcomer.contact_id == person_id, Newcomer.stage == Stage.ACCOMPANIED
    )
    if context_id is not None:
        query = query.where(Newcomer.context_id == context_id)
    return views(uow, list(uow.session.scalars(query.order_by(Newcomer.alive_at))))


def by_handle(uow: UnitOfWork, context_id: UUID, handle: str) -> Newcomer:
    """The row of a newcomer; raise NoNewcomer."""
    row = uow.session.scalars(
        sa.select(Newcomer).where(Newcomer.context_id == context_id, Newcomer.handle == handle)
    ).first()
    if row is None:
        raise NoNewcomer
    return row


def contacts(uow: UnitOfWork, context_id: UUID) -> list[ContactView]:
    """Who is a contact here, by name, with how many newcomers."""
    rows = list(uow.session.scalars(sa.select(Contact).where(Contact.context_id == context_id)))
    known = people.people_by_id(uow, {row.person_id for row in rows})
    names = names_in(uow, context_id, set(known))
    loads = _loads(uow, context_id)
    shown = [
        ContactView(known[row.person_id], names[row.person_id], row.paused, loads[row.person_id][0])
        for row in rows
        if row.person_id in known
    ]
    return sorted(shown, key=lambda one: one.name.casefold())


def is_contact(uow: UnitOfWork, context_id: UUID, person_id: UUID) -> bool:
    query = sa.select(Contact.id).where(
        Contact.context_id == context_id, Contact.person_id == person_id
    )
    return uow.session.scalars(query).first() is not None


def candidates(uow: UnitOfWork, context_id: UUID) -> list[Candidate]:
    """The contacts who are not pausing, as the pairing rule takes them."""
    ids = list(
        uow.session.scalars(
            sa.select(Contact.person_id).where(Contact.context_id == context_id, ~Contact.paused)
        )
    )
    loads = _loads(uow, context_id)
    known = people.people_by_id(uow, ids)
    return [
        Candidate(one, known[one].locale, loads[one][0], loads[one][1])
        for one in ids
        if one in known
    ]


def _loads(uow: UnitOfWork, context_id: UUID) -> dict[UUID, tuple[int, datetime | None]]:
    rows = uow.session.execute(
        sa.select(
            Newcomer.contact_id,
            sa.func.sum(sa.case((Newcomer.stage == Stage.ACCOMPANIED, 1), else_=0)),
            sa.func.max(Newcomer.named_at),
        )
        .where(Newcomer.context_id == context_id, Newcomer.contact_id.is_not(None))
        .group_by(Newcomer.contact_id)
    )
    found: dict[UUID, tuple[int, datetime | None]] = defaultdict(lambda: (0, None))
    for contact_id, number, last in rows:
        found[contact_id] = (int(number), last)
    return found
