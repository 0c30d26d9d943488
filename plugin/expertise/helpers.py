"""Who helps with what, out of what stands: estimates for people, suggestions for coordinators.

Nobody is promoted by this: a suggestion is a list of reasons that a coordinator reads. People who
opted out are in no estimate of theirs and in no suggestion.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.expertise import kinds
from plugin.expertise.estimator import Estimate, Outcome, choose_half_life, estimates
from plugin.expertise.models import Contribution, OptOut
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people

REMEMBERED = timedelta(days=730)
TAGS_SHOWN = 3


@dataclass(frozen=True)
class Suggestion:
    """An account that helps others, and why one may think so; ``person_id`` when it is known."""

    identity_id: UUID
    person_id: UUID | None
    name: str
    estimates: tuple[Estimate, ...]
    first_replies: int
    newcomer_likes: int


def estimates_of(uow: UnitOfWork, person_id: UUID) -> tuple[Estimate, ...]:
    """What a person helps with, best first; empty for those who opted out."""
    mine = {identity.id for identity in people.identities_of(uow, person_id)}
    if not mine or _left_out(uow) & {person_id}:
        return ()
    outcomes = [
        Outcome("me" if one.who in mine else one.who, one.tags, one.at, one.value, one.accepted)
        for one in _outcomes(uow)
    ]
    life = choose_half_life(outcomes)
    return estimates(outcomes, now=uow.now(), half_life=life, people=["me"]).get("me", ())


def suggestions(
    uow: UnitOfWork, *, issuer: str, without: Collection[UUID] = (), limit: int = 10
) -> list[Suggestion]:
    """Accounts of one place that help others, most sure first; ``without`` leaves persons out.

    Reads each kind once, whatever the number of people.
    """
    outcomes = _outcomes(uow)
    found = estimates(outcomes, now=uow.now(), half_life=choose_half_life(outcomes))
    kind_counts = _welcoming(uow)
    accounts = people.identities_by_id(uow, {*_ids(found), *kind_counts})
    left_out = _left_out(uow) | set(without)
    shown = [
        Suggestion(
            account.id,
            account.person_id,
            account.username or account.subject,
            found.get(account.id, ())[:TAGS_SHOWN],
            kind_counts[account.id][kinds.FIRST_REPLY],
            kind_counts[account.id][kinds.NEWCOMER_LIKE],
        )
        for account in accounts.values()
        if account.issuer == issuer and account.person_id not in left_out
    ]
    return sorted(shown, key=_sureness, reverse=True)[:limit]


def _sureness(one: Suggestion) -> tuple[float, int, str]:
    """Help that was accepted first, then kindness to newcomers."""
    best = one.estimates[0].lower if one.estimates else 0.0
    return best, one.first_replies + one.newcomer_likes, one.name


def _ids(found: object) -> set[UUID]:
    assert isinstance(found, dict)
    return {one for one in found if isinstance(one, UUID)}


def _outcomes(uow: UnitOfWork) -> list[Outcome]:
    rows = uow.session.execute(
        sa.select(
            Contribution.identity_id,
            Contribution.tags,
            Contribution.at,
            Contribution.value,
            Contribution.kind,
        ).where(
            Contribution.kind.in_(kinds.OUTCOMES),
            Contribution.withdrawn_at.is_(None),
            Contribution.at > uow.now() - REMEMBERED,
        )
    )
    return [
        Outcome(
            row.identity_id,
            tuple(row.tags),
            row.at,
            1.0 if row.kind == kinds.ACCEPTED_ANSWER else (row.value or 0.0),
            row.kind == kinds.ACCEPTED_ANSWER,
        )
        for row in rows
    ]


def _welcoming(uow: UnitOfWork) -> dict[UUID, Counter[str]]:
    rows = uow.session.execute(
        sa.select(Contribution.identity_id, Contribution.kind, sa.func.count())
        .where(Contribution.kind.in_(kinds.WELCOMING), Contribution.withdrawn_at.is_(None))
        .group_by(Contribution.identity_id, Contribution.kind)
    )
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    for identity_id, kind, number in rows:
        counts[identity_id][kind] = number
    return counts


def _left_out(uow: UnitOfWork) -> set[UUID]:
    return set(uow.session.scalars(sa.select(OptOut.person_id)))
