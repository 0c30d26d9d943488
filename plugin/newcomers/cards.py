"""Lines on the home page: a newcomer's next step, a contact's people, who waits too long."""

from datetime import timedelta

import sqlalchemy as sa

from plugin.home.public import NextAction
from plugin.kernel.i18n import _, ngettext
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.newcomers.models import Newcomer, Stage
from plugin.newcomers.queries import OPEN, of_contact
from plugin.newcomers.steps import checklist
from plugin.newcomers.wording import STEPS
from plugin.people import public as people

FRESH = timedelta(days=3)


def first_steps(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """The next step of somebody new."""
    row = uow.session.scalars(
        sa.select(Newcomer).where(Newcomer.person_id == actor.person_id, Newcomer.stage.in_(OPEN))
    ).first()
    if row is None:
        return []
    step = next((one for one in checklist(row.steps) if one.done_at is None), None)
    if step is None:
        return []
    place = people.context(uow, row.context_id)
    return [
        NextAction(
            title=_("Your next step in %(place)s", place=place.title),
            reason=str(STEPS[step.name]),
            minutes=10,
            due=None,
            url=f"/c/{place.handle}/welcome/",
        )
    ]


def my_newcomers(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """A contact learns of somebody who is new to them."""
    fresh = [
        one
        for one in of_contact(uow, actor.person_id)
        if one.alive_at > uow.now() - FRESH and one.done < len(one.steps)
    ]
    if not fresh:
        return []
    row = uow.session.get_one(Newcomer, fresh[0].id)
    place = people.context(uow, row.context_id)
    return [
        NextAction(
            title=ngettext(
                "%(n)d newcomer has you as contact",
                "%(n)d newcomers have you as contact",
                len(fresh),
            ),
            reason=_("A short hello in the first days is what helps most."),
            minutes=5,
            due=None,
            url=f"/c/{place.handle}/welcome/",
        )
    ]


def waiting_too_long(uow: UnitOfWork, actor: people.Actor) -> list[NextAction]:
    """Coordinators see where nobody was named in time."""
    if not any(right in (people.COORDINATOR, people.ADMINISTRATOR) for right, _w in actor.rights):
        return []
    rows = uow.session.execute(
        sa.select(Newcomer.context_id, sa.func.count(), sa.func.min(Newcomer.due_at))
        .where(Newcomer.stage == Stage.WAITING, Newcomer.due_at <= uow.now())
        .group_by(Newcomer.context_id)
    ).all()
    known = {one.id: one for one in people.contexts(uow, [row[0] for row in rows])}
    return [
        NextAction(
            title=ngettext(
                "%(n)d newcomer waits for a contact", "%(n)d newcomers wait for a contact", number
            ),
            reason=_("Nobody was free in time. Name somebody, or ask for more contacts."),
            minutes=5,
            due=due,
            url=f"/c/{known[context_id].handle}/welcome/staff",
            urgent=True,
        )
        for context_id, number, due in rows
        if context_id in known and actor.coordinates(context_id)
    ]


CARDS = (first_steps, my_newcomers, waiting_too_long)
