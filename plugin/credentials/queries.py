"""Selects over achievements, evidence and credentials, into frozen read models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from plugin.credentials import rules
from plugin.credentials.models import (
    Achievement,
    Award,
    AwardEvidence,
    Credential,
    CredentialEdition,
    Endorsement,
    EvidenceEvent,
    Issuer,
    PublicAddress,
    StatusList,
)
from plugin.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AchievementView:
    """An achievement as pages show it."""

    id: UUID
    handle: str
    name: str
    description: str
    criteria: str
    rule: rules.Rule
    standard: bool
    retired: bool
    holders: int
    mode: str = "automatic"
    published: bool = True
    version: int = 1
    pending: bool = False
    colour: int | None = None
    locale: str = "en"


@dataclass(frozen=True)
class CredentialView:
    """A credential as its holder, staff and readers see it. `claims` is what was signed."""

    id: UUID
    handle: str
    uri: str
    person_id: UUID
    achievement_id: UUID
    achievement_handle: str
    name: str
    description: str
    criteria: str
    issuer_name: str
    issuer_did: str
    issuer_url: str
    awarded_at: datetime
    valid_from: datetime
    holder_name: str
    shows_links: bool
    shared: bool
    revoked_at: datetime | None
    revocation_reason: str
    claims: dict[str, object]
    signed: bytes
    claimed: bool = True
    put_away: bool = False
    vouch_asked: bool = False
    email: tuple[str, str] | None = None
    suspended_at: datetime | None = None
    suspension_reason: str = ""
    expires_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """`revoked`, `suspended`, `expired` or `valid`; what ends for good comes first."""
        if self.revoked_at is not None:
            return "revoked"
        if self.suspended_at is not None:
            return "suspended"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        return "valid"


def evidence_of(uow: UnitOfWork, person_id: UUID) -> list[rules.Evidence]:
    """Everything that counts for a person, as the rules read it."""
    rows = uow.session.scalars(
        sa.select(EvidenceEvent).where(
            EvidenceEvent.person_id == person_id, EvidenceEvent.withdrawn_at.is_(None)
        )
    )
    return [as_evidence(row) for row in rows]


def as_evidence(row: EvidenceEvent) -> rules.Evidence:
    """One stored piece of evidence as the rules read it."""
    if row.kind == "reviewed_work":
        return rules.ReviewedWork(
            id=row.id,
            submission=row.subject,
            rubric=row.facts["rubric"],
            levels=row.facts["levels"],
            reviews=row.facts["reviews"],
            mentor_reviews=row.facts["mentor_reviews"],
            at=row.occurred_at,
        )
    if row.kind == "decision":
        return rules.Decided(
            id=row.id,
            achievement=row.facts["achievement"],
            by=row.facts["by"],
            at=row.occurred_at,
        )
    if row.kind == "award":
        return rules.Earned(id=row.id, achievement=row.facts["achievement"], at=row.occurred_at)
    return rules.Contribution(
        id=row.id,
        kind=row.facts.get("kind", row.kind),
        at=row.occurred_at,
        subject=row.subject,
    )


def evidence_behind(
    uow: UnitOfWork, award_id: UUID | sa.ScalarSelect[UUID]
) -> Sequence[EvidenceEvent]:
    """The evidence that an award rests on, oldest first."""
    return uow.session.scalars(
        sa.select(EvidenceEvent)
        .join(AwardEvidence, AwardEvidence.evidence_id == EvidenceEvent.id)
        .where(AwardEvidence.award_id == award_id)
        .order_by(EvidenceEvent.occurred_at, EvidenceEvent.id)
    ).all()


def evidence_of_awards(
    uow: UnitOfWork, award_ids: Sequence[UUID]
) -> dict[UUID, list[EvidenceEvent]]:
    """The evidence of many awards at once, oldest first."""
    rows = uow.session.execute(
        sa.select(AwardEvidence.award_id, EvidenceEvent)
        .join(EvidenceEvent, EvidenceEvent.id == AwardEvidence.evidence_id)
        .where(AwardEvidence.award_id.in_(award_ids))
        .order_by(EvidenceEvent.occurred_at, EvidenceEvent.id)
    )
    found: dict[UUID, list[EvidenceEvent]] = {}
    for award_id, event in rows:
        found.setdefault(award_id, []).append(event)
    return found


def endorsements_of(uow: UnitOfWork, credential_ids: Sequence[UUID]) -> dict[UUID, list[bytes]]:
    """The signed endorsements of each credential that stand, oldest first."""
    rows = uow.session.execute(
        sa.select(Endorsement.credential_id, Endorsement.signed)
        .where(Endorsement.credential_id.in_(credential_ids), Endorsement.withdrawn_at.is_(None))
        .order_by(Endorsement.id)
    )
    found: dict[UUID, list[bytes]] = {}
    for credential_id, signed in rows:
        found.setdefault(credential_id, []).append(signed)
    return found


def people_with_evidence(uow: UnitOfWork) -> Sequence[UUID]:
    """Everybody who may be due an award."""
    return uow.session.scalars(
        sa.select(EvidenceEvent.person_id)
        .where(EvidenceEvent.person_id.is_not(None), EvidenceEvent.withdrawn_at.is_(None))
        .distinct()
    ).all()  # type: ignore[return-value]  # the condition leaves no None


def achievement_row(uow: UnitOfWork, handle: str) -> Achievement | None:
    return uow.session.scalars(sa.select(Achievement).where(Achievement.handle == handle)).first()


def achievements(uow: UnitOfWork) -> list[AchievementView]:
    """All achievements with the number of people who hold them."""
    holders = (
        sa.select(sa.func.count(Award.id))
        .where(Award.achievement_id == Achievement.id, Award.standing.is_not(None))
        .scalar_subquery()
    )
    rows = uow.session.execute(
        sa.select(Achievement, holders).order_by(Achievement.retired_at, Achievement.id)
    )
    return [_achievement_view(row, count) for row, count in rows]


def achievement(uow: UnitOfWork, handle: str) -> AchievementView | None:
    row = achievement_row(uow, handle)
    if row is None:
        return None
    count = uow.session.scalar(
        sa.select(sa.func.count(Award.id)).where(
            Award.achievement_id == row.id, Award.standing.is_not(None)
        )
    )
    return _achievement_view(row, count or 0)


def _achievement_view(row: Achievement, holders: int) -> AchievementView:
    return AchievementView(
        id=row.id,
        handle=row.handle,
        name=row.name,
        description=row.description,
        criteria=row.criteria,
        rule=rules.from_json(row.rule),
        standard=row.standard is not None,
        retired=row.retired_at is not None,
        holders=holders,
        mode=row.mode,
        published=row.published_at is not None,
        version=row.version,
        pending=row.pending is not None,
        colour=row.colour,
        locale=row.locale,
    )


def credential(uow: UnitOfWork, handle: str) -> CredentialView | None:
    found = _credentials(uow, Credential.handle == handle)
    return found[0] if found else None


def handles_of(uow: UnitOfWork, ids: Sequence[UUID]) -> list[str]:
    """The handles of credentials, in the order of the ids."""
    rows = uow.session.execute(
        sa.select(Credential.id, Credential.handle).where(Credential.id.in_(ids))
    )
    known = {row.id: row.handle for row in rows}
    return [known[one] for one in ids if one in known]


def credentials_of(uow: UnitOfWork, person_id: UUID) -> list[CredentialView]:
    """What a person earned, newest first."""
    return _credentials(uow, Credential.person_id == person_id)


def credentials_for(uow: UnitOfWork, achievement_id: UUID) -> list[CredentialView]:
    """Who earned an achievement, newest first."""
    return _credentials(uow, Credential.achievement_id == achievement_id)


def _credentials(uow: UnitOfWork, where: sa.ColumnElement[bool]) -> list[CredentialView]:
    other = aliased(CredentialEdition)
    newest = (
        sa.select(sa.func.max(other.number))
        .where(other.credential_id == Credential.id)
        .correlate(Credential)
        .scalar_subquery()
    )
    rows = uow.session.execute(
        sa.select(Credential, CredentialEdition, Achievement, Issuer)
        .select_from(Credential)
        .join(
            CredentialEdition,
            sa.and_(
                CredentialEdition.credential_id == Credential.id,
                CredentialEdition.number == newest,
            ),
        )
        .join(Achievement, Achievement.id == Credential.achievement_id)
        .join(Issuer, Issuer.id == Credential.issuer_id)
        .where(where)
        .order_by(Credential.id.desc())
    )
    return [_credential_view(*row) for row in rows]


def _credential_view(
    row: Credential, edition: CredentialEdition, achievement: Achievement, issuer: Issuer
) -> CredentialView:
    return CredentialView(
        id=row.id,
        handle=row.handle,
        uri=row.uri,
        person_id=row.person_id,
        achievement_id=achievement.id,
        achievement_handle=achievement.handle,
        name=achievement.name,
        description=achievement.description,
        criteria=achievement.criteria,
        issuer_name=issuer.name,
        issuer_did=issuer.did,
        issuer_url=issuer.base_url,
        awarded_at=row.created_at,
        valid_from=edition.valid_from,
        holder_name=row.holder_name,
        shows_links=row.shows_links,
        shared=row.shared_at is not None,
        revoked_at=row.revoked_at,
        revocation_reason=row.revocation_reason,
        claims=edition.claims,
        signed=edition.signed,
        claimed=row.claimed_at is not None,
        put_away=row.put_away_at is not None,
        vouch_asked=row.vouch_asked_at is not None,
        email=(row.email_salt, row.email_hash) if row.email_hash else None,
        suspended_at=row.suspended_at,
        suspension_reason=row.suspension_reason,
        expires_at=row.expires_at,
    )


def holds_another(uow: UnitOfWork, row: Credential) -> bool:
    """Whether the same person holds another valid credential of the same achievement."""
    other = sa.select(Credential.id).where(
        Credential.person_id == row.person_id,
        Credential.achievement_id == row.achievement_id,
        Credential.id != row.id,
        Credential.revoked_at.is_(None),
    )
    return uow.session.scalars(other).first() is not None


def award_of(uow: UnitOfWork, credential_id: UUID) -> UUID | None:
    return uow.session.scalar(sa.select(Credential.award_id).where(Credential.id == credential_id))


def has_links(uow: UnitOfWork, credential_id: UUID) -> bool:
    """Whether some of the evidence is a post that a reader could open."""
    award = sa.select(Credential.award_id).where(Credential.id == credential_id).scalar_subquery()
    return any(is_link(item.source_url) for item in evidence_behind(uow, award))


def is_link(address: str) -> bool:
    """Whether an address that came from outside may stand behind a link."""
    return address.startswith(("https://", "http://"))


def issuer_by_handle(uow: UnitOfWork, handle: str) -> Issuer | None:
    return uow.session.scalars(sa.select(Issuer).where(Issuer.handle == handle)).first()


def issuer_by_did(uow: UnitOfWork, identifier: str) -> Issuer | None:
    return uow.session.scalars(sa.select(Issuer).where(Issuer.did == identifier)).first()


def credential_rows_for(uow: UnitOfWork, achievement_id: UUID) -> list[Credential]:
    """The rows of everybody's credential of an achievement, for a change of status."""
    return list(
        uow.session.scalars(
            sa.select(Credential)
            .where(Credential.achievement_id == achievement_id)
            .order_by(Credential.id)
        )
    )


def credential_row(uow: UnitOfWork, handle: str) -> Credential | None:
    return uow.session.scalars(sa.select(Credential).where(Credential.handle == handle)).first()


def status_list_by_handle(uow: UnitOfWork, issuer_id: UUID, handle: str) -> StatusList | None:
    return uow.session.scalars(
        sa.select(StatusList).where(StatusList.issuer_id == issuer_id, StatusList.handle == handle)
    ).first()


def community_at(uow: UnitOfWork, handle: str, kind: str) -> UUID | None:
    """The community behind a public handle; works in a system unit of work."""
    return uow.session.scalar(
        sa.select(PublicAddress.community_id).where(
            PublicAddress.handle == handle, PublicAddress.kind == kind
        )
    )


def communities_that_issue(uow: UnitOfWork) -> Iterable[UUID]:
    """Every community with an issuer; works in a system unit of work."""
    return uow.session.scalars(
        sa.select(PublicAddress.community_id).where(PublicAddress.kind == "issuer").distinct()
    ).all()
