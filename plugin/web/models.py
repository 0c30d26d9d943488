"""Tables of the doors: sessions, grants, arrivals, invitations, mailed codes.

None belongs to a community (architecture, section 3, tenancy): each exists to find out which
community and which person a request speaks for. Secrets are stored as hashes only. Columns that
name a person are registered in ``plugin.web.public.PERSON_DATA``.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from plugin.kernel.database import Base
from plugin.kernel.ids import new_handle, new_id


class WebSession(Base):
    """A signed-in browser. The cookie holds the token, the row its hash.

    ``looking`` names why this session may look and change nothing: "test" for a platform's test
    person, "acting" for somebody who acts as another one there.
    """

    __tablename__ = "web_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    community_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(index=True)
    frame_ancestors: Mapped[list[str]]
    said: Mapped[str | None] = mapped_column(sa.String(500))
    idle_seconds: Mapped[int]
    looking: Mapped[str | None] = mapped_column(sa.String(10))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebGrant(Base):
    """What a launch or a sign-in opened: this session, this context, this role."""

    __tablename__ = "web_grant"
    __table_args__ = (sa.UniqueConstraint("session_id", "context_id", "role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("web_session.id", ondelete="CASCADE"), index=True
    )
    context_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(sa.String(20))


class WebArrival(Base):
    """A one-time code that carries a fresh session into a new tab when no cookie is kept."""

    __tablename__ = "web_arrival"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("web_session.id", ondelete="CASCADE"), index=True
    )
    next_path: Mapped[str] = mapped_column(sa.String(1000))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebInvitation(Base):
    """An invitation link. It may carry a right (staff) or a role in a context (members)."""

    __tablename__ = "web_invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    community_id: Mapped[UUID] = mapped_column(index=True)
    context_id: Mapped[UUID | None]
    role: Mapped[str | None] = mapped_column(sa.String(20))
    right: Mapped[str | None] = mapped_column(sa.String(20))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    next_path: Mapped[str] = mapped_column(sa.String(1000), default="/")
    uses_left: Mapped[int]
    invited_by: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class WebMailCode(Base):
    """Six digits on their way by mail. ``digest`` binds them to the secret of the waiting page."""

    __tablename__ = "web_mail_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    waiting_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    purpose: Mapped[str] = mapped_column(sa.String(20))
    email: Mapped[str] = mapped_column(sa.String(254))
    display_name: Mapped[str | None] = mapped_column(sa.String(200))
    community_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    invitation_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("web_invitation.id", ondelete="CASCADE")
    )
    next_path: Mapped[str] = mapped_column(sa.String(1000))
    tries_left: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class WebAddress(Base):
    """Which person a confirmed address signs in as; only the address's hash is kept here."""

    __tablename__ = "web_address"
    __table_args__ = (sa.UniqueConstraint("address_hash", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    address_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    community_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(index=True)
    confirmed_at: Mapped[datetime]
