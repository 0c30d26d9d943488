"""The audit trail: append-only, written in the same commit as what it tells of."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.ids import new_id


class AuditEntry(Base):
    """Who did what to which thing. ``action`` is ``package.subject.verb``; facts hold no names."""

    __tablename__ = "kernel_audit_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID | None] = mapped_column(index=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(120))
    actor_id: Mapped[UUID | None]
    subject: Mapped[str] = mapped_column(sa.String(200))
    facts: Mapped[dict[str, Any]]
    reference: Mapped[str] = mapped_column(sa.String(16))
