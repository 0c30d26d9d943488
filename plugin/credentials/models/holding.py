"""What holders do with their credentials, and giving something to many at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base, Tenant, Timed

HANDLE = sa.String(64)


class ShareLink(Tenant, Timed, Base):
    """A link for one reader, to a credential or to the portfolio; closed, it never opens again.

    `parent_id` is the link of the portfolio that a credential is reached through.
    """

    __tablename__ = "credentials_share_link"

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    credential_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("credentials_credential.id", ondelete="CASCADE"), index=True
    )
    portfolio_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("credentials_portfolio.id", ondelete="CASCADE"), index=True
    )
    parent_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("credentials_share_link.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    expires_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Portfolio(Tenant, Timed, Base):
    """A page of chosen credentials; everybody has at most one. It is reached by links alone."""

    __tablename__ = "credentials_portfolio"
    __table_args__ = (sa.UniqueConstraint("person_id"),)

    person_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(sa.String(120))
    about: Mapped[str] = mapped_column(sa.String(1000), default="")
    holder_name: Mapped[str] = mapped_column(sa.String(120), default="")


class PortfolioItem(Tenant, Base):
    """A credential on the page, in the order of `position`."""

    __tablename__ = "credentials_portfolio_item"
    __table_args__ = (sa.UniqueConstraint("portfolio_id", "credential_id"),)

    portfolio_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_portfolio.id", ondelete="CASCADE")
    )
    credential_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_credential.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]


class GivingRun(Tenant, Timed, Base):
    """Giving something to a list of people: checked first, then given in chunks that resume."""

    __tablename__ = "credentials_giving_run"

    handle: Mapped[str] = mapped_column(HANDLE, unique=True)
    achievement_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_achievement.id"), index=True
    )
    decided_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class GivingRow(Tenant, Base):
    """One line of the list. `outcome` is empty until it was carried out: given, held or failed."""

    __tablename__ = "credentials_giving_row"
    __table_args__ = (sa.UniqueConstraint("run_id", "line"),)

    run_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("credentials_giving_run.id", ondelete="CASCADE")
    )
    line: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(sa.String(400))
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")


class Thanks(Tenant, Timed, Base):
    """What somebody who was mentored wrote to their mentor. `confirmed` names the outcomes that
    they confirm; they are evidence too. Only the two of them read the note."""

    __tablename__ = "credentials_thanks"
    __table_args__ = (sa.UniqueConstraint("mentorship", "from_id"),)

    mentorship: Mapped[str] = mapped_column(sa.String(100))
    from_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    to_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    confirmed: Mapped[list[str]]
