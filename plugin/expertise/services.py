"""Use cases of expertise: a contribution counts, counts no more; skills are claimed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from plugin.events.expertise import ContributionRecorded, ContributionWithdrawn
from plugin.expertise import kinds
from plugin.expertise.models import ClaimedSkill, Contribution, OptOut
from plugin.expertise.queries import opted_out
from plugin.expertise.skills import distinct
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def record_contribution(
    uow: UnitOfWork,
    *,
    identity_id: UUID,
    kind: str,
    source_url: str,
    at: datetime,
    tags: Iterable[str] = (),
    value: float | None = None,
) -> bool:
    """Count a contribution once (unique: community, kind, source).

    True when it counts from now on: new, or withdrawn before. The same source under another
    account (a post that changed hands) moves to that account. Of somebody who opted out it is
    kept that the source stands, and nothing is counted or announced.
    """
    row = _row(uow, kind, source_url)
    if row is not None and row.withdrawn_at is None and row.identity_id == identity_id:
        row.value = value
        return False
    if row is not None and row.withdrawn_at is None:
        withdraw_contribution(uow, kind=kind, source_url=source_url)
    if row is None:
        row = Contribution(kind=kind, source_url=source_url)
        uow.session.add(row)
    row.identity_id = identity_id
    row.at = at
    row.tags = list(tags)
    row.value = value
    row.recorded_at = uow.now()
    row.held_back = opted_out(uow, _person_of(uow, identity_id))
    row.withdrawn_at = uow.now() if row.held_back else None
    uow.session.flush()
    if not row.held_back:
        announce(uow, row)
    return not row.held_back


def announce(uow: UnitOfWork, row: Contribution) -> None:
    """Say that a contribution counts, and for whom if that is known.

    Answers that were not accepted are kept for the estimate alone: nobody else need hear of them.
    """
    if row.kind == kinds.ANSWER:
        return
    uow.record(
        ContributionRecorded(
            contribution_id=row.id,
            identity_id=row.identity_id,
            person_id=_person_of(uow, row.identity_id),
            kind=row.kind,
            source_url=row.source_url,
            at=row.at,
        )
    )


def announce_for_identity(uow: UnitOfWork, identity_id: UUID) -> int:
    """Say again what an account contributed, now that its person is known; return how many."""
    if opted_out(uow, _person_of(uow, identity_id)):
        return 0
    rows = uow.session.scalars(
        sa.select(Contribution)
        .where(Contribution.identity_id == identity_id, Contribution.withdrawn_at.is_(None))
        .order_by(Contribution.at, Contribution.id)
    ).all()
    for row in rows:
        announce(uow, row)
    return len(rows)


def withdraw_contribution(uow: UnitOfWork, *, kind: str, source_url: str) -> bool:
    """Let a contribution count no more; False when it did not count."""
    row = _row(uow, kind, source_url)
    if row is None or row.withdrawn_at is not None:
        if row is not None:
            row.held_back = False
        return False
    row.withdrawn_at = uow.now()
    uow.session.flush()
    if kind == kinds.ANSWER:
        return True
    uow.record(
        ContributionWithdrawn(
            contribution_id=row.id,
            identity_id=row.identity_id,
            person_id=_person_of(uow, row.identity_id),
        )
    )
    return True


def opt_out(uow: UnitOfWork, person_id: UUID) -> None:
    """Count nothing more of what a person does outside; what was earned by it stays theirs."""
    if not opted_out(uow, person_id):
        uow.session.add(OptOut(person_id=person_id, since=uow.now()))
        uow.audit("expertise.opted_out", actor=person_id, subject=f"person:{person_id}")
        uow.session.flush()


def opt_in(uow: UnitOfWork, person_id: UUID) -> None:
    """Count again, also what was done meanwhile."""
    uow.session.execute(sa.delete(OptOut).where(OptOut.person_id == person_id))
    for identity in people.identities_of(uow, person_id):
        uow.session.execute(
            sa.update(Contribution)
            .where(Contribution.identity_id == identity.id, Contribution.held_back)
            .values(held_back=False, withdrawn_at=None)
        )
        announce_for_identity(uow, identity.id)
    uow.audit("expertise.opted_in", actor=person_id, subject=f"person:{person_id}")


def claim_skills(uow: UnitOfWork, person_id: UUID, skills: Iterable[str]) -> None:
    """Replace what a person claims (unique: person, normalised skill)."""
    wanted = distinct(skills)
    kept = set()
    for row in uow.session.scalars(
        sa.select(ClaimedSkill).where(ClaimedSkill.person_id == person_id)
    ):
        if row.skill in wanted:
            kept.add(row.skill)
            row.label = wanted[row.skill]
        else:
            uow.session.delete(row)
    for skill, label in wanted.items():
        if skill not in kept:
            uow.session.add(
                ClaimedSkill(person_id=person_id, skill=skill, label=label, claimed_at=uow.now())
            )
    uow.session.flush()


def _row(uow: UnitOfWork, kind: str, source_url: str) -> Contribution | None:
    return uow.session.scalars(
        sa.select(Contribution).where(
            Contribution.kind == kind, Contribution.source_url == source_url
        )
    ).first()


def _person_of(uow: UnitOfWork, identity_id: UUID) -> UUID | None:
    found = people.identity(uow, identity_id)
    return found.person_id if found else None
