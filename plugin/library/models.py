"""What a community made of its own: a row a version and language; nothing is overwritten."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed


class LibraryItem(Tenant, Timed, Base):
    """One version of a form, agreement, rubric, agenda or deck of cards in one language."""

    __tablename__ = "library_item"
    __table_args__ = (sa.UniqueConstraint("community_id", "kind", "handle", "version", "locale"),)

    kind: Mapped[str] = mapped_column(sa.String(20))
    handle: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[str] = mapped_column(sa.String(20))
    locale: Mapped[str] = mapped_column(sa.String(20))
    content: Mapped[dict[str, Any]]
