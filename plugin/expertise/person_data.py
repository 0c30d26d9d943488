"""What expertise keeps about a person: claimed skills, and contributions by linked accounts."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.expertise import queries
from plugin.expertise.models import ClaimedSkill, Contribution, OptOut
from plugin.expertise.services import claim_skills, opt_out
from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    accounts = [identity.id for identity in people.identities_of(uow, person_id)]
    uow.session.execute(sa.delete(Contribution).where(Contribution.identity_id.in_(accounts)))
    uow.session.execute(sa.delete(ClaimedSkill).where(ClaimedSkill.person_id == person_id))
    uow.session.execute(sa.delete(OptOut).where(OptOut.person_id == person_id))


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    return {
        "skills": list(queries.skills_of(uow, [person_id]).get(person_id, ())),
        "opted_out": queries.opted_out(uow, person_id),
        "contributions": [
            {"kind": c.kind, "source": c.source_url, "at": c.at.isoformat(), "tags": list(c.tags)}
            for c in queries.contributions(uow, person_id)
        ],
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """Claims are united; contributions hang on accounts and move with them.

    Whoever of the two opted out, it holds for the one they are.
    """
    if queries.opted_out(uow, source_id):
        uow.session.execute(sa.delete(OptOut).where(OptOut.person_id == source_id))
        opt_out(uow, target_id)
    claimed = queries.skills_of(uow, [source_id, target_id])
    both = (*claimed.get(target_id, ()), *claimed.get(source_id, ()))
    claim_skills(uow, source_id, ())
    claim_skills(uow, target_id, both)


PERSON_DATA = PersonData(
    package="expertise",
    tables=("expertise_claimed_skill", "expertise_opt_out"),
    erase=_erase,
    export=_export,
    merge=_merge,
)
