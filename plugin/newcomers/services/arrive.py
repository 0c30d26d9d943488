"""A sign of life, a contact by name, first steps, the end."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.events.newcomers import NewcomerAccompanied, NewcomerGraduated, SignOfLife
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers import pairing, steps
from plugin.newcomers.models import Newcomer, Stage, Welcome
from plugin.newcomers.queries import OPEN, candidates, welcome_row
from plugin.newcomers.services import tell
from plugin.newcomers.services.set_up import time_key
from plugin.people import public as people
from plugin.workload import public as workload

MINUTES_A_WEEK = 15
CONTACT_RELATION = "contact"
# Who made an account in the week before the switch was turned is still new.
BEFORE_THE_SWITCH = timedelta(days=7)


def sign_of_life(uow: UnitOfWork, event: SignOfLife) -> None:
    """Begin with somebody new, or tick a step (unique: context, account; sign)."""
    welcome = welcome_row(uow, event.context_id, lock=True)
    if welcome is None or not welcome.on:
        return
    row = uow.session.scalars(
        sa.select(Newcomer).where(
            Newcomer.context_id == event.context_id, Newcomer.identity_id == event.identity_id
        )
    ).first()
    if row is None:
        if event.joined_at < welcome.since - BEFORE_THE_SWITCH:
            return
        row = _begin(uow, welcome, event)
        if row is None:
            return
    row.steps = {event.what: event.at.isoformat(), **row.steps}
    uow.session.flush()
    if row.stage is Stage.WAITING:
        accompany(uow, welcome, row)
    if row.stage in OPEN and steps.complete(row.steps):
        graduate(uow, row)


def _begin(uow: UnitOfWork, welcome: Welcome, event: SignOfLife) -> Newcomer | None:
    account = people.identity(uow, event.identity_id)
    if account is None:
        return None
    person = people.admit(
        uow,
        issuer=account.issuer,
        subject=account.subject,
        kind=account.kind,
        display_name=account.username if account.person_id is None else None,
        locale=people.community(uow).locale,
        present=False,
    )
    if event.context_id not in dict(people.memberships_of(uow, person.id)):
        people.enrol(uow, person.id, event.context_id, people.LEARNER, "forum")
    row = Newcomer(
        id=uow.new_id(),
        context_id=event.context_id,
        identity_id=event.identity_id,
        person_id=person.id,
        stage=Stage.WAITING,
        alive_at=event.at,
        due_at=uow.now() + timedelta(hours=welcome.within_hours),
        steps={},
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    return row


def accompany(
    uow: UnitOfWork, welcome: Welcome, row: Newcomer, *, chosen: UUID | None = None
) -> bool:
    """Give a waiting newcomer a contact by name; False when nobody has room.

    The welcome's row is locked by the caller, and the contact's minutes are taken by the ledger's
    conditional update: two newcomers at once never overbook somebody. ``chosen`` is a coordinator's
    decision and stands above the number each contact has.
    """
    if row.stage is not Stage.WAITING:
        return False
    person = people.person(uow, row.person_id)
    barred = {person.id, *people.related(uow, "block", person.id)}
    found = candidates(uow, row.context_id)
    if chosen is None:
        in_order = pairing.in_order(
            found, locale=person.locale, most_each=welcome.most_each, barred=barred
        )
    else:
        in_order = [one for one in found if one.person_id == chosen and chosen not in barred]
    for one in in_order:
        if workload.reserve(uow, one.person_id, time_key(row.id), minutes_per_week=MINUTES_A_WEEK):
            workload.confirm(uow, time_key(row.id))
            _name(uow, welcome, row, one.person_id)
            return True
    return False


def _name(uow: UnitOfWork, welcome: Welcome, row: Newcomer, contact_id: UUID) -> None:
    row.stage, row.contact_id, row.named_at = Stage.ACCOMPANIED, contact_id, uow.now()
    people.relate(uow, CONTACT_RELATION, contact_id, row.person_id, row.context_id, key=str(row.id))
    uow.session.flush()
    tell.introduced(uow, welcome, row, contact_id)
    uow.record(
        NewcomerAccompanied(
            newcomer_id=row.id,
            context_id=row.context_id,
            person_id=row.person_id,
            contact_id=contact_id,
        )
    )


def graduate(uow: UnitOfWork, row: Newcomer) -> None:
    """The end: the contact's time is free again. Again changes nothing."""
    if row.stage not in OPEN:
        return
    done = steps.count(row.steps)
    _finish(uow, row, Stage.GRADUATED)
    tell.graduated(uow, row, done)
    uow.record(
        NewcomerGraduated(
            newcomer_id=row.id, context_id=row.context_id, person_id=row.person_id, steps=done
        )
    )


def go_alone(uow: UnitOfWork, row: Newcomer) -> None:
    """Somebody says that they need nobody: nothing more comes."""
    if row.stage in OPEN:
        _finish(uow, row, Stage.ALONE)


def _finish(uow: UnitOfWork, row: Newcomer, stage: Stage) -> None:
    if row.contact_id is not None:
        workload.release(uow, time_key(row.id))
        people.unrelate(uow, CONTACT_RELATION, row.contact_id, row.person_id, key=str(row.id))
    row.stage, row.finished_at = stage, uow.now()
    uow.session.flush()
