"""Those who looked at the work vouch for the credential, when its holder asks them to.

A credential is private, so nobody hears of it before its holder asks. Who may vouch: the people
who assessed the evidence, nobody else. Each signs with a key of their own and chooses how they
appear; the statement names the credential and the evidence by its fingerprint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.models import (
    Achievement,
    AwardEvidence,
    Credential,
    Endorsement,
    EvidenceAssessor,
    EvidenceEvent,
)
from plugin.credentials.services import endorsing
from plugin.credentials.services.naming import describe
from plugin.credentials.services.rubrics import scale_of
from plugin.kernel.crypto import Vault
from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.public import notify
from plugin.people import public as people


@dataclass(frozen=True)
class Asked:
    """A credential that I am asked to vouch for; its holder is not named here."""

    credential_id: UUID
    handle: str
    achievement: str
    evidence: tuple[tuple[str, str], ...]
    asked_at: datetime
    vouched: str


def ask(uow: UnitOfWork, credential: Credential) -> int:
    """Ask everybody who assessed the evidence; returns how many. Unique: (credential, assessor)."""
    if credential.revoked_at is not None:
        raise Conflict("credentials.not_shown", _("This one cannot be shared now."))
    assessors = _assessors(uow, credential)
    credential.vouch_asked_at = credential.vouch_asked_at or uow.now()
    achievement = uow.session.get_one(Achievement, credential.achievement_id)
    known = people.people_by_id(uow, assessors)
    for person_id in known:
        notify(
            uow,
            person_id,
            kind="credential",
            message="credential.vouch",
            params={"achievement": achievement.name},
            url="/my/vouch",
            key=f"credential:{credential.handle}:vouch",
        )
    return len(known)


def can_ask(uow: UnitOfWork, credential_id: UUID) -> bool:
    """Whether anybody but the holder looked at what it rests on."""
    return bool(_assessors(uow, uow.session.get_one(Credential, credential_id)))


def asked_of(uow: UnitOfWork, person_id: UUID) -> list[Asked]:
    """What I am asked to vouch for, and what I said, newest first."""
    rows = uow.session.execute(
        sa.select(Credential, Achievement, EvidenceEvent)
        .join(Achievement, Achievement.id == Credential.achievement_id)
        .join(AwardEvidence, AwardEvidence.award_id == Credential.award_id)
        .join(EvidenceEvent, EvidenceEvent.id == AwardEvidence.evidence_id)
        .join(EvidenceAssessor, EvidenceAssessor.evidence_id == EvidenceEvent.id)
        .where(
            EvidenceAssessor.person_id == person_id,
            Credential.person_id != person_id,
            Credential.vouch_asked_at.is_not(None),
            Credential.revoked_at.is_(None),
        )
        .order_by(Credential.vouch_asked_at.desc(), EvidenceEvent.id)
    ).all()
    said = {
        row.credential_id: row.comment
        for row in uow.session.scalars(
            sa.select(Endorsement).where(
                Endorsement.person_id == person_id, Endorsement.withdrawn_at.is_(None)
            )
        )
    }
    found: dict[UUID, Asked] = {}
    for credential, achievement, item in rows:
        before = found.get(credential.id)
        evidence = (*(before.evidence if before else ()), _described(uow, item))
        found[credential.id] = Asked(
            credential_id=credential.id,
            handle=_handle(credential.id, person_id),
            achievement=achievement.name,
            evidence=evidence,
            asked_at=credential.vouch_asked_at or credential.created_at,
            vouched=said.get(credential.id, ""),
        )
    return list(found.values())


def vouch(
    uow: UnitOfWork,
    vault: Vault,
    person_id: UUID,
    handle: str,
    *,
    shown_name: str,
    words: str,
    base_url: str,
) -> None:
    """Sign that I looked at the evidence and stand by it; raises NotFound when I was not asked.

    Unique: (credential, endorser); again replaces the words.
    """
    found = next((one for one in asked_of(uow, person_id) if one.handle == handle), None)
    if found is None:
        raise NotFound("not_asked", _("Nobody asks you to vouch for this."))
    credential = uow.session.get_one(Credential, found.credential_id)
    rests = " ".join(sentence for _title, sentence in found.evidence)
    endorsing.endorse(
        uow,
        vault,
        credential,
        person_id=person_id,
        shown_name=shown_name,
        title=_("By somebody who looked at it: %(name)s", name=found.achievement),
        comment=_("%(words)s I looked at this: %(evidence)s", words=words, evidence=rests),
        base_url=base_url,
    )


def take_back(uow: UnitOfWork, vault: Vault, person_id: UUID, handle: str) -> None:
    """Vouch no more; the next edition is without it."""
    found = next((one for one in asked_of(uow, person_id) if one.handle == handle), None)
    if found is None:
        raise NotFound("not_asked", _("Nobody asks you to vouch for this."))
    for row in uow.session.scalars(
        sa.select(Endorsement).where(
            Endorsement.person_id == person_id, Endorsement.credential_id == found.credential_id
        )
    ):
        endorsing.withdraw(uow, vault, row, actor=person_id)


def _assessors(uow: UnitOfWork, credential: Credential) -> Sequence[UUID]:
    return uow.session.scalars(
        sa.select(EvidenceAssessor.person_id)
        .join(AwardEvidence, AwardEvidence.evidence_id == EvidenceAssessor.evidence_id)
        .where(
            AwardEvidence.award_id == credential.award_id,
            EvidenceAssessor.person_id != credential.person_id,
        )
        .distinct()
        .order_by(EvidenceAssessor.person_id)
    ).all()


def _described(uow: UnitOfWork, item: EvidenceEvent) -> tuple[str, str]:
    scale = None
    if item.kind == "reviewed_work":
        scale = scale_of(uow, item.facts["rubric"], item.facts["levels"])
    return describe(item, scale)


def _handle(credential_id: UUID, person_id: UUID) -> str:
    """Its name for this reader alone: the credential's own handle stays with its holder."""
    return sha256(f"vouch:{credential_id}:{person_id}".encode()).hexdigest()[:24]
