"""What happens to a credential later: others vouch for it, staff change its status."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed

HANDLE = sa.String(64)


class Endorsement(Tenant, Timed, Base):
    """Somebody vouches for an awarded credential with their own signature. `signed` is an
    EndorsementCredential, byte for byte; it is embedded in the credential's next edition."""

    __tablename__ = "credentials_endorsement"
    __table_args__ = (sa.UniqueConstraint("credential_id", "endorser_id"),)

    credential_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_credential.id", ondelete="CASCADE")
    )
    endorser_id: Mapped[UUID] = mapped_column(sa.ForeignKey("credentials_issuer.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    uri: Mapped[str] = mapped_column(sa.String(60), unique=True)
    comment: Mapped[str] = mapped_column(sa.Text)
    signed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    withdrawn_at: Mapped[datetime | None]


class StatusRun(Tenant, Timed, Base):
    """Taking back, suspending or restoring many credentials at once, in chunks that resume."""

    __tablename__ = "credentials_status_run"

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id"), index=True
    )
    action: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.String(500))
    decided_by: Mapped[UUID | None]
    total: Mapped[int]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class StatusRunItem(Tenant, Base):
    """One credential of a run; `done_at` is set in the commit that changed it."""

    __tablename__ = "credentials_status_run_item"
    __table_args__ = (sa.UniqueConstraint("run_id", "credential_id"),)

    run_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_status_run.id", ondelete="CASCADE")
    )
    credential_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_credential.id", ondelete="CASCADE"), index=True
    )
    done_at: Mapped[datetime | None]
