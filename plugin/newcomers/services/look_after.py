"""What the clock does in a place: name who waits, tell who must act, call, end, make groups."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.events.wants import SpaceWanted
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers import steps
from plugin.newcomers.models import Newcomer, Stage, Welcome
from plugin.newcomers.queries import OPEN, candidates, contacts, names_in, welcome_row
from plugin.newcomers.services import tell
from plugin.newcomers.services.arrive import accompany, graduate
from plugin.people import public as people

AT_ONCE = 50
SMALLEST_GROUP = 2
GROUPED_WITHIN = timedelta(days=21)


def look_after(uow: UnitOfWork, context_id: UUID) -> None:
    """One round for one place; every part may run again and changes nothing twice."""
    welcome = welcome_row(uow, context_id, lock=True)
    if welcome is None or not welcome.on:
        return
    short = _name_who_waits(uow, welcome)
    if short:
        call_for_contacts(uow, welcome)
    _end_what_is_over(uow, welcome)
    if welcome.groups:
        make_group(uow, welcome)


def _name_who_waits(uow: UnitOfWork, welcome: Welcome) -> bool:
    """Whether supply is short: somebody still waits."""
    query = (
        sa.select(Newcomer)
        .where(Newcomer.context_id == welcome.context_id, Newcomer.stage == Stage.WAITING)
        .order_by(Newcomer.due_at, Newcomer.id)
        .limit(AT_ONCE)
    )
    short = False
    for row in uow.session.scalars(query).all():
        if accompany(uow, welcome, row):
            continue
        short = True
        if row.due_at <= uow.now() and row.told_at is None:
            row.told_at = uow.now()
            tell.nobody_in_time(uow, welcome, row)
    return short


def call_for_contacts(uow: UnitOfWork, welcome: Welcome) -> int:
    """Ask the members once in a window; the conditional update lets one process do it."""
    before = uow.now() - timedelta(days=welcome.call_every_days)
    taken = uow.session.execute(
        sa.update(Welcome)
        .where(
            Welcome.id == welcome.id,
            sa.or_(Welcome.last_call_at.is_(None), Welcome.last_call_at <= before),
        )
        .values(last_call_at=uow.now())
        .returning(Welcome.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        return 0
    new = uow.session.scalars(
        sa.select(Newcomer.person_id).where(
            Newcomer.context_id == welcome.context_id, Newcomer.stage.in_(OPEN)
        )
    )
    without = {*new, *(one.person.id for one in contacts(uow, welcome.context_id))}
    return tell.call(uow, welcome.context_id, uow.now().date().isoformat(), without)


def _end_what_is_over(uow: UnitOfWork, welcome: Welcome) -> None:
    query = sa.select(Newcomer).where(
        Newcomer.context_id == welcome.context_id,
        Newcomer.stage == Stage.ACCOMPANIED,
        Newcomer.named_at <= uow.now() - steps.LASTS,
    )
    for row in uow.session.scalars(query.limit(AT_ONCE)).all():
        graduate(uow, row)


def make_group(uow: UnitOfWork, welcome: Welcome) -> bool:
    """Bring the newcomers of past weeks together once a week (unique: context, ISO week).

    Fewer than two wait for the next week; who wants no such messages is left out.
    """
    week = iso_week(uow.now())
    made = sa.select(Newcomer.id).where(
        Newcomer.context_id == welcome.context_id, Newcomer.group_week == week
    )
    if uow.session.scalars(made).first() is not None:
        return False
    rows = [
        row
        for row in uow.session.scalars(
            sa.select(Newcomer).where(
                Newcomer.context_id == welcome.context_id,
                Newcomer.stage.in_(OPEN),
                Newcomer.group_week == "",
                Newcomer.alive_at > uow.now() - GROUPED_WITHIN,
            )
        ).all()
        if iso_week(row.alive_at) < week and _wants_group(uow, row)
    ]
    facilitator = _facilitator(uow, welcome)
    if len(rows) < SMALLEST_GROUP or facilitator is None:
        return False
    for row in rows:
        row.group_week = week
    leader = names_in(uow, welcome.context_id, [facilitator])[facilitator]
    uow.record(
        SpaceWanted(
            key=f"newcomers.group:{welcome.context_id}:{week}",
            kind="topic",
            person_ids=(facilitator, *(row.person_id for row in rows)),
            message="newcomers.group",
            params={
                "place": people.context(uow, welcome.context_id).title,
                "facilitator": leader,
            },
            url=tell.page_of(uow, welcome.context_id),
        )
    )
    return True


def _facilitator(uow: UnitOfWork, welcome: Welcome) -> UUID | None:
    """The one whom the coordinator named, else the contact with fewest newcomers."""
    if welcome.facilitator_id is not None:
        chosen = [people.person(uow, welcome.facilitator_id)]
    else:
        free = sorted(
            candidates(uow, welcome.context_id), key=lambda one: (one.newcomers, str(one.person_id))
        )
        chosen = [people.person(uow, one.person_id) for one in free]
    place = welcome.context_id
    return next(
        (one.id for one in chosen if tell.together(uow, place, [one], [tell.CONTACT])), None
    )


def _wants_group(uow: UnitOfWork, row: Newcomer) -> bool:
    person = people.person(uow, row.person_id)
    return tell.together(uow, row.context_id, [person], [tell.WELCOME])


def iso_week(moment: datetime) -> str:
    """An ISO week as text that sorts by time."""
    year, week, _day = moment.isocalendar()
    return f"{year}-W{week:02d}"
