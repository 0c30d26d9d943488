"""What credentials keeps about persons, and how it is erased, exported and moved.

Erasing removes what a person earned and the evidence of it; somebody else's evidence that they
assessed stays whole without their name. A credential that they had downloaded before still
verifies: its key stays published, and its place in the status list stays as it was. What they
signed for others stays whole too, under an identifier that names nobody any more.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import (
    AchievementVersion,
    Award,
    AwardEvidence,
    Credential,
    CredentialEdition,
    Endorsement,
    EvidenceAssessor,
    EvidenceEvent,
    GivingRow,
    GivingRun,
    Issuer,
    Portfolio,
    PortfolioItem,
    Proposal,
    PublicAddress,
    ShareLink,
    SpentPlace,
    StatusRun,
    Thanks,
)
from plugin.credentials.queries import credentials_of
from plugin.kernel.registry import PersonData
from plugin.kernel.unit_of_work import UnitOfWork


def _erase(uow: UnitOfWork, person_id: UUID) -> None:
    own = sa.select(Credential.id).where(Credential.person_id == person_id)
    handles = uow.session.scalars(
        sa.select(Credential.handle).where(Credential.person_id == person_id)
    ).all()
    awards = sa.select(Award.id).where(Award.person_id == person_id)
    evidence = sa.select(EvidenceEvent.id).where(EvidenceEvent.person_id == person_id)
    links = uow.session.scalars(
        sa.select(ShareLink.handle).where(ShareLink.person_id == person_id)
    ).all()
    _keep_places(uow, person_id)
    for statement in (
        sa.delete(PublicAddress).where(PublicAddress.handle.in_(links)),
        sa.delete(ShareLink).where(
            ShareLink.person_id == person_id, ShareLink.parent_id.is_not(None)
        ),
        sa.delete(ShareLink).where(ShareLink.person_id == person_id),
        sa.delete(PortfolioItem).where(PortfolioItem.credential_id.in_(own)),
        sa.delete(Portfolio).where(Portfolio.person_id == person_id),
        sa.delete(GivingRow).where(GivingRow.person_id == person_id),
        sa.update(GivingRun).where(GivingRun.decided_by == person_id).values(decided_by=None),
        sa.delete(Thanks).where(sa.or_(Thanks.from_id == person_id, Thanks.to_id == person_id)),
        sa.delete(Endorsement).where(Endorsement.credential_id.in_(own)),
        sa.delete(CredentialEdition).where(CredentialEdition.credential_id.in_(own)),
        sa.delete(Credential).where(Credential.person_id == person_id),
        sa.delete(PublicAddress).where(PublicAddress.handle.in_(handles)),
        sa.delete(AwardEvidence).where(AwardEvidence.award_id.in_(awards)),
        sa.delete(Award).where(Award.person_id == person_id),
        sa.delete(EvidenceAssessor).where(EvidenceAssessor.evidence_id.in_(evidence)),
        sa.delete(EvidenceAssessor).where(EvidenceAssessor.person_id == person_id),
        sa.delete(EvidenceEvent).where(EvidenceEvent.person_id == person_id),
        sa.update(Award).where(Award.decided_by == person_id).values(decided_by=None),
        sa.update(StatusRun).where(StatusRun.decided_by == person_id).values(decided_by=None),
        sa.update(Endorsement).where(Endorsement.person_id == person_id).values(person_id=None),
        sa.update(Issuer)
        .where(Issuer.person_id == person_id)
        .values(person_id=None, name="", signs_for=Issuer.handle),
        sa.delete(Proposal).where(Proposal.person_id == person_id),
        sa.update(Proposal).where(Proposal.decided_by == person_id).values(decided_by=None),
        sa.update(AchievementVersion)
        .where(AchievementVersion.changed_by == person_id)
        .values(changed_by=None),
    ):
        uow.session.execute(statement)


def _keep_places(uow: UnitOfWork, person_id: UUID) -> None:
    """What was revoked stays revoked, and no other credential gets its place."""
    uow.session.add_all(
        SpentPlace(
            status_list_id=row.status_list_id,
            status_index=row.status_index,
            revoked=row.revoked_at is not None,
        )
        for row in uow.session.scalars(
            sa.select(Credential).where(Credential.person_id == person_id)
        )
    )
    uow.session.flush()


def _export(uow: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    evidence = uow.session.scalars(
        sa.select(EvidenceEvent)
        .where(EvidenceEvent.person_id == person_id)
        .order_by(EvidenceEvent.id)
    )
    return {
        "credentials": [
            {
                "name": item.name,
                "awarded": item.awarded_at.isoformat(),
                "revoked": item.revoked_at.isoformat() if item.revoked_at else None,
                "document": item.signed.decode(),
            }
            for item in credentials_of(uow, person_id)
        ],
        "portfolio": [
            {"title": row.title, "about": row.about, "name": row.holder_name}
            for row in uow.session.scalars(
                sa.select(Portfolio).where(Portfolio.person_id == person_id)
            )
        ],
        "links": [
            {"for": row.label, "made": row.created_at.isoformat(), "open": row.closed_at is None}
            for row in uow.session.scalars(
                sa.select(ShareLink).where(
                    ShareLink.person_id == person_id, ShareLink.parent_id.is_(None)
                )
            )
        ],
        "thanks": [
            {"note": row.note, "confirmed": row.confirmed, "mine": row.from_id == person_id}
            for row in uow.session.scalars(
                sa.select(Thanks).where(
                    sa.or_(Thanks.from_id == person_id, Thanks.to_id == person_id)
                )
            )
        ],
        "endorsements": [
            {"comment": item.comment, "document": item.signed.decode()}
            for item in uow.session.scalars(
                sa.select(Endorsement)
                .where(Endorsement.person_id == person_id)
                .order_by(Endorsement.id)
            )
        ],
        "evidence": [
            {
                "kind": item.kind,
                "at": item.occurred_at.isoformat(),
                "source": item.source_url,
                **item.facts,
            }
            for item in evidence
        ],
    }


def _merge(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """Move everything. Where both hold the same, both credentials stay valid and one stands."""
    held = {
        (row.achievement_id, row.evidence_key): row
        for row in uow.session.scalars(sa.select(Award).where(Award.person_id == target_id))
    }
    standing = {row.achievement_id for row in held.values() if row.standing}
    for award in uow.session.scalars(sa.select(Award).where(Award.person_id == source_id)):
        if award.achievement_id in standing:
            award.standing = None
        if (award.achievement_id, award.evidence_key) in held:
            award.evidence_key = f"{award.evidence_key}:{award.id}"
        award.person_id = target_id
    uow.session.flush()
    _move_assessments(uow, source_id, target_id)
    for model in (Credential, EvidenceEvent, Endorsement, Issuer):
        uow.session.execute(
            sa.update(model).where(model.person_id == source_id).values(person_id=target_id)
        )
    for column in (
        Award.decided_by,
        StatusRun.decided_by,
        Proposal.decided_by,
        AchievementVersion.changed_by,
        GivingRun.decided_by,
        GivingRow.person_id,
        ShareLink.person_id,
        Thanks.to_id,
    ):
        uow.session.execute(
            sa.update(column.class_).where(column == source_id).values({column.key: target_id})
        )
    _move_proposals(uow, source_id, target_id)
    _move_portfolio(uow, source_id, target_id)
    _move_thanks(uow, source_id, target_id)


def _move_portfolio(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """One page stays: the target's, where both have one. Open links to the other one close."""
    mine = uow.session.scalars(sa.select(Portfolio).where(Portfolio.person_id == source_id)).first()
    if mine is None:
        return
    other = sa.select(Portfolio.id).where(Portfolio.person_id == target_id)
    if uow.session.scalars(other).first() is None:
        mine.person_id = target_id
        uow.session.flush()
        return
    through = sa.select(ShareLink.id).where(ShareLink.portfolio_id == mine.id)
    gone = uow.session.scalars(
        sa.select(ShareLink).where(
            sa.or_(ShareLink.portfolio_id == mine.id, ShareLink.parent_id.in_(through))
        )
    ).all()
    uow.session.execute(
        sa.delete(PublicAddress).where(PublicAddress.handle.in_([row.handle for row in gone]))
    )
    for row in sorted(gone, key=lambda row: row.parent_id is None):
        uow.session.delete(row)
        uow.session.flush()
    uow.session.execute(sa.delete(PortfolioItem).where(PortfolioItem.portfolio_id == mine.id))
    uow.session.delete(mine)
    uow.session.flush()


def _move_thanks(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    """Notes that they wrote; twice about one pair, the first stays."""
    there = set(
        uow.session.scalars(sa.select(Thanks.mentorship).where(Thanks.from_id == target_id))
    )
    for row in uow.session.scalars(sa.select(Thanks).where(Thanks.from_id == source_id)):
        if row.mentorship in there:
            uow.session.delete(row)
        else:
            row.from_id = target_id
    uow.session.flush()


def _move_proposals(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    there = {
        (row.achievement_id, row.evidence_key)
        for row in uow.session.scalars(sa.select(Proposal).where(Proposal.person_id == target_id))
    }
    for row in uow.session.scalars(sa.select(Proposal).where(Proposal.person_id == source_id)):
        if (row.achievement_id, row.evidence_key) in there:
            uow.session.delete(row)
        else:
            row.person_id = target_id
    uow.session.flush()


def _move_assessments(uow: UnitOfWork, source_id: UUID, target_id: UUID) -> None:
    both = sa.select(EvidenceAssessor.evidence_id).where(EvidenceAssessor.person_id == target_id)
    uow.session.execute(
        sa.delete(EvidenceAssessor).where(
            EvidenceAssessor.person_id == source_id,
            EvidenceAssessor.evidence_id.in_(both.scalar_subquery()),
        )
    )
    uow.session.execute(
        sa.update(EvidenceAssessor)
        .where(EvidenceAssessor.person_id == source_id)
        .values(person_id=target_id)
    )


PERSON_DATA = PersonData(
    package="credentials",
    tables=(
        "credentials_evidence",
        "credentials_evidence_assessor",
        "credentials_award",
        "credentials_credential",
        "credentials_endorsement",
        "credentials_issuer",
        "credentials_proposal",
        "credentials_share_link",
        "credentials_portfolio",
        "credentials_giving_row",
        "credentials_thanks",
    ),
    erase=_erase,
    export=_export,
    merge=_merge,
)
