"""The one-time set-up link. It belongs to no community: it is there to found one."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.ids import new_id


class SetupLink(Base):
    """A link of which only the hash is kept; ``community_id`` lets a broken-off set-up go on."""

    __tablename__ = "administration_setup_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    community_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
