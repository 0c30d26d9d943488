"""Tables of credentials (Open Badges 3.0; W3C Bitstring Status List 1.0).

Evidence is kept from the first day on, before any achievement asks for it, so that a rule made
later can look at the past. What was signed is never rewritten: a changed credential is another
`CredentialEdition` under the same identifier. `PublicAddress` belongs to no community: it tells
which community a public page is about.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed

HANDLE = sa.String(64)
HELD = "held"
AUTOMATIC, PROPOSED, BY_HAND = "automatic", "proposed", "by_hand"


class PublicAddress(Base):
    """A handle in a public address, and the community that it leads to."""

    __tablename__ = "credentials_public_address"

    handle: Mapped[str] = mapped_column(HANDLE, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    community_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("people_community.id", ondelete="RESTRICT"), index=True
    )


class Achievement(Tenant, Timed, Base):
    """What can be earned. `standard` names the ones that every community starts with.

    It is a draft until `published_at`; `mode` says whether a met rule awards by itself, is put to
    people who approve, or whether people alone give it. `criteria` is in the words of the rule,
    `note` what staff add to it. `pending` is the next version while it is tried on people.
    """

    __tablename__ = "credentials_achievement"
    __table_args__ = (sa.UniqueConstraint("community_id", "standard"),)

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    standard: Mapped[str | None] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.String(500))
    criteria: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.String(40))
    rule: Mapped[dict[str, Any]]
    locale: Mapped[str] = mapped_column(sa.String(20))
    valid_months: Mapped[int | None]
    retired_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.String(600), default="", server_default="")
    mode: Mapped[str] = mapped_column(sa.String(20), default=AUTOMATIC, server_default=AUTOMATIC)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    published_at: Mapped[datetime | None]
    colour: Mapped[int | None]
    image_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    image_type: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    pending: Mapped[dict[str, Any] | None]


class EvidenceEvent(Tenant, Timed, Base):
    """Something that happened and may count. `person_id` is None while nobody is linked to the
    account. `source_key` makes it once; `subject` groups the states of one submission."""

    __tablename__ = "credentials_evidence"
    __table_args__ = (
        sa.UniqueConstraint("community_id", "kind", "source_key"),
        sa.Index("ix_credentials_evidence_person", "person_id", "kind"),
    )

    kind: Mapped[str] = mapped_column(sa.String(40))
    source_key: Mapped[str] = mapped_column(sa.String(200))
    subject: Mapped[str] = mapped_column(sa.String(100))
    person_id: Mapped[UUID | None]
    identity_id: Mapped[UUID | None] = mapped_column(index=True)
    context_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    source_url: Mapped[str] = mapped_column(sa.Text, default="")
    facts: Mapped[dict[str, Any]]
    withdrawn_at: Mapped[datetime | None]


class EvidenceAssessor(Tenant, Base):
    """Who assessed a piece of evidence; kept apart so that erasing a reviewer leaves it whole."""

    __tablename__ = "credentials_evidence_assessor"
    __table_args__ = (sa.UniqueConstraint("evidence_id", "person_id"),)

    evidence_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_evidence.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID] = mapped_column(index=True)


class Award(Tenant, Timed, Base):
    """A decision: this person has earned this. `standing` is `held` for the one award that counts
    and None afterwards, so that nobody holds an achievement twice."""

    __tablename__ = "credentials_award"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "achievement_id", "evidence_key"),
        sa.UniqueConstraint("person_id", "achievement_id", "standing"),
    )

    person_id: Mapped[UUID]
    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id"), index=True
    )
    evidence_key: Mapped[str] = mapped_column(sa.String(200))
    standing: Mapped[str | None] = mapped_column(sa.String(20), default=HELD)
    decided_by: Mapped[UUID | None]
    achievement_version: Mapped[int] = mapped_column(default=1, server_default="1")


class AwardEvidence(Tenant, Base):
    """The evidence that an award rests on."""

    __tablename__ = "credentials_award_evidence"
    __table_args__ = (sa.UniqueConstraint("award_id", "evidence_id"),)

    award_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_award.id", ondelete="CASCADE")
    )
    evidence_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_evidence.id"), index=True)


class Credential(Tenant, Timed, Base):
    """A credential under its identifier for good. Its page exists once `shared_at` is set.

    Of an e-mail address that the holder wants to be checkable only the salted hash is kept.
    """

    __tablename__ = "credentials_credential"
    __table_args__ = (sa.UniqueConstraint("status_list_id", "status_index"),)

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    award_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_award.id"), unique=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id"), index=True
    )
    issuer_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_issuer.id"))
    uri: Mapped[str] = mapped_column(sa.String(60), unique=True)
    subject_uri: Mapped[str] = mapped_column(sa.String(60))
    status_list_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_status_list.id"))
    status_index: Mapped[int]
    holder_name: Mapped[str] = mapped_column(sa.String(200), default="")
    shows_links: Mapped[bool] = mapped_column(default=False)
    shared_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    put_away_at: Mapped[datetime | None]
    vouch_asked_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    email_salt: Mapped[str] = mapped_column(sa.String(64), default="")
    email_hash: Mapped[str] = mapped_column(sa.String(80), default="")


class CredentialEdition(Tenant, Timed, Base):
    """What was signed, byte for byte, and the claims that went in. The newest one is current."""

    __tablename__ = "credentials_edition"
    __table_args__ = (sa.UniqueConstraint("credential_id", "number"),)

    credential_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_credential.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_issuer_key.id"))
    valid_from: Mapped[datetime]
    claims: Mapped[dict[str, Any]]
    signed: Mapped[bytes] = mapped_column(sa.LargeBinary)
