"""Why one mentor and not another: the numbers behind one learner of a matching."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring.errors import not_here
from plugin.mentoring.matching import Option, compare, restore
from plugin.mentoring.models import Matching
from plugin.mentoring.queries.left_over import persons_by_key
from plugin.people import public as people

SHOWN = 20


@dataclass(frozen=True)
class Compared:
    """One learner, the mentors that come first for them, and how many others there were."""

    learner: people.PersonView
    options: tuple[tuple[people.PersonView, Option], ...]
    others: int


def compared(uow: UnitOfWork, matching_id: UUID, key: str) -> Compared:
    """The first mentors for the learner with this key, and the one they have wherever it stands.

    Raises NotHere for a key that is not in the input, or when the input is no longer kept.
    """
    row = uow.session.scalars(
        sa.select(Matching)
        .where(Matching.id == matching_id)
        .options(undefer(Matching.snapshot), undefer(Matching.result))
    ).one()
    if row.snapshot is None or row.result is None:
        raise not_here()
    try:
        options = compare(restore(row.snapshot), row.result, key)
    except KeyError:
        raise not_here() from None
    chosen = [one for number, one in enumerate(options) if number < SHOWN or one.chosen]
    persons = persons_by_key(uow, {key, *(one.mentor for one in chosen)})
    if key not in persons:
        raise not_here()
    return Compared(
        learner=persons[key],
        options=tuple((persons[one.mentor], one) for one in chosen if one.mentor in persons),
        others=len(options) - len(chosen),
    )
