"""What people decide: yes or no to a proposal, giving something by hand, a mentor's word."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials import rules
from plugin.credentials.award_queries import Past, pasts
from plugin.credentials.models import (
    APPROVED,
    DECLINED,
    OPEN,
    Achievement,
    Award,
    EvidenceAssessor,
    EvidenceEvent,
    Proposal,
)
from plugin.credentials.services.awarding import award_due, give, holds
from plugin.credentials.services.naming import DECISION
from plugin.kernel.errors import Conflict, Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def approve(uow: UnitOfWork, proposal: Proposal, actor: UUID) -> Award | None:
    """Give what was proposed. Yes to something that was decided already raises Conflict.

    Evidence that was withdrawn meanwhile is no ground: the proposal is closed and says so.
    """
    _still_open(proposal)
    achievement = uow.session.get_one(Achievement, proposal.achievement_id)
    evidence = _standing_evidence(uow, proposal)
    if len(evidence) < len(proposal.evidence_ids):
        raise Conflict(
            "credentials.evidence_gone",
            _("What this rested on was taken back meanwhile. Say no, or wait for new evidence."),
        )
    if holds(uow, proposal.person_id, achievement.id):
        raise _held()
    _close(uow, proposal, APPROVED, actor, "")
    found = rules.Grounds(proposal.evidence_key, tuple(evidence))
    award = give(uow, proposal.person_id, achievement, found, decided_by=actor)
    award_due(uow, proposal.person_id)  # what builds on it
    return award


def decline(uow: UnitOfWork, proposal: Proposal, actor: UUID, reason: str) -> None:
    """Say no. The same evidence is not put to anybody again; new evidence is."""
    _still_open(proposal)
    _close(uow, proposal, DECLINED, actor, reason)


def give_by_hand(
    uow: UnitOfWork, achievement: Achievement, person_id: UUID, actor: UUID, words: str, key: str
) -> Award:
    """Award without a rule. The decision, its reason and who made it are the evidence.

    Unique: (achievement, person, `key`). Raises Conflict when it is held already, or when this very
    decision gave it before and the award was taken back.
    """
    if achievement.published_at is None or achievement.retired_at is not None:
        raise Conflict("credentials.not_given", _("This is not given at present."))
    if holds(uow, person_id, achievement.id):
        raise _held()
    item = _decision(uow, achievement, person_id, actor, "staff", words, key)
    past = pasts(uow, person_id=person_id).get(person_id, Past())
    ground = f"decision:{item.id}"
    if (achievement.id, ground) in past.keys:
        raise Conflict("credentials.taken_back", _("This decision was taken back already."))
    found = rules.Grounds(ground, (item.id,))
    award = give(uow, person_id, achievement, found, decided_by=actor)
    if award is None:
        raise _held()
    _settle_open(uow, person_id, achievement, actor)
    award_due(uow, person_id)
    return award


def say_so(
    uow: UnitOfWork, achievement: Achievement, person_id: UUID, actor: UUID, words: str, by: str
) -> None:
    """Put down that somebody can do it; the rule says what that is worth.

    Unique: (achievement, person, who decides): saying it twice keeps the first.
    """
    if actor == person_id:
        raise Invalid("own_decision", _("Nobody decides about their own achievement."))
    _decision(uow, achievement, person_id, actor, by, words, str(actor))
    award_due(uow, person_id)


def mentees_of(uow: UnitOfWork, mentor_id: UUID) -> set[UUID]:
    """Whom this person mentors now."""
    others = people.related(uow, "pair", mentor_id)
    pairs = people.relations(uow, "pair", [mentor_id, *others]) if others else []
    return {mentee for mentor, mentee in pairs if mentor == mentor_id}


def _decision(
    uow: UnitOfWork,
    achievement: Achievement,
    person_id: UUID,
    actor: UUID,
    by: str,
    words: str,
    key: str,
) -> EvidenceEvent:
    # A digest: the key may be the id of whoever decided, and they may be erased.
    source = sha256(f"{achievement.handle}:{person_id}:{key}".encode()).hexdigest()
    known = uow.session.scalars(
        sa.select(EvidenceEvent).where(
            EvidenceEvent.kind == DECISION, EvidenceEvent.source_key == source
        )
    ).first()
    if known is not None:
        known.withdrawn_at = None
        return known
    row = EvidenceEvent(
        kind=DECISION,
        source_key=source,
        subject=f"{achievement.handle}:{uow.new_id()}"[:100],
        person_id=person_id,
        occurred_at=uow.now(),
        facts={"achievement": achievement.handle, "by": by, "words": words},
        created_at=uow.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.session.add(EvidenceAssessor(evidence_id=row.id, person_id=actor))
    uow.session.flush()
    return row


def _standing_evidence(uow: UnitOfWork, proposal: Proposal) -> list[UUID]:
    wanted = [UUID(one) for one in proposal.evidence_ids]
    rows = uow.session.scalars(
        sa.select(EvidenceEvent.id).where(
            EvidenceEvent.id.in_(wanted),
            EvidenceEvent.person_id == proposal.person_id,
            EvidenceEvent.withdrawn_at.is_(None),
        )
    ).all()
    return [one for one in wanted if one in set(rows)]


def _settle_open(uow: UnitOfWork, person_id: UUID, achievement: Achievement, actor: UUID) -> None:
    """What is given by hand need not be approved any more."""
    for row in uow.session.scalars(
        sa.select(Proposal).where(
            Proposal.person_id == person_id,
            Proposal.achievement_id == achievement.id,
            Proposal.state == OPEN,
        )
    ):
        _close(uow, row, APPROVED, actor, "")


def _close(uow: UnitOfWork, row: Proposal, state: str, actor: UUID, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, actor, uow.now(), reason
    uow.audit(
        f"credentials.proposal.{state}",
        actor=actor,
        subject=f"proposal:{row.handle}",
        reason=reason,
    )
    uow.session.flush()


def _still_open(proposal: Proposal) -> None:
    if proposal.state != OPEN:
        raise Conflict("credentials.decided", _("Somebody has decided this already."))


def _held() -> Conflict:
    return Conflict("credentials.held", _("This person holds it already."))
