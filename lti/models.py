"""What the adapter keeps.

Platform 1-n Registration (client id) 1-n Deployment, since all Canvas institutions share one issuer
and an account is told apart by its deployment. These, keys, login rows and tokens belong to no
community: they are what leads to one. Contexts' links, line items and sent scores are the
community's own.
"""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from plugin.kernel.database import Base, Tenant
from plugin.kernel.ids import new_handle, new_id

_URL = sa.String(2048)
_ID = sa.String(255)
_HASH = sa.String(64)


class DeploymentStatus(enum.Enum):
    """Only an active deployment of an active registration lets anybody in."""

    PENDING = "pending"
    ACTIVE = "active"
    BLOCKED = "blocked"


class RegistrationStatus(enum.Enum):
    """Dynamic registration leaves a pending one, for an administrator here to approve."""

    PENDING = "pending"
    ACTIVE = "active"
    BLOCKED = "blocked"


class Platform(Base):
    """One issuer with its addresses. The same Moodle under two addresses is two platforms."""

    __tablename__ = "lti_platform"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    issuer: Mapped[str] = mapped_column(_ID, unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    family: Mapped[str | None] = mapped_column(sa.String(100))
    created_at: Mapped[datetime]


class Registration(Base):
    """Lantern as one client of a platform; the addresses may differ by client.

    ``community_id`` is whose administrators look after it. ``admits_first``: the approval covers
    the first deployment that a verified launch names, since Canvas tells none while registering.
    """

    __tablename__ = "lti_registration"
    __table_args__ = (sa.UniqueConstraint("platform_id", "client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    platform_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lti_platform.id"))
    client_id: Mapped[str] = mapped_column(_ID)
    auth_login_url: Mapped[str] = mapped_column(_URL)
    auth_token_url: Mapped[str] = mapped_column(_URL)
    key_set_url: Mapped[str] = mapped_column(_URL)
    token_audience: Mapped[str | None] = mapped_column(_URL)
    community_id: Mapped[UUID | None] = mapped_column(index=True)
    status: Mapped[RegistrationStatus] = mapped_column(default=RegistrationStatus.ACTIVE)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    admits_first: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    platform: Mapped[Platform] = relationship(lazy="joined", innerjoin=True)


class Deployment(Base):
    """Where a registration is installed, and the community that its launches lead to.

    ``role_overrides`` maps a role name of the platform to ours, or to "" for none. ``seen_roles``
    says when a launch first came with each of our roles.
    ``notices_url``: the platform's notification service that was asked to tell of copied courses.
    """

    __tablename__ = "lti_deployment"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "deployment_id"),
        sa.CheckConstraint("status <> 'active' OR community_id IS NOT NULL", name="active_leads"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lti_registration.id"))
    deployment_id: Mapped[str] = mapped_column(_ID)
    community_id: Mapped[UUID | None] = mapped_column(index=True)
    status: Mapped[DeploymentStatus] = mapped_column(default=DeploymentStatus.PENDING)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    role_overrides: Mapped[dict[str, str]] = mapped_column(default=dict)
    seen_roles: Mapped[dict[str, str]] = mapped_column(default=dict)
    seen_at: Mapped[datetime | None]
    frame_origin: Mapped[str | None] = mapped_column(_ID)
    notices_url: Mapped[str | None] = mapped_column(_URL)
    created_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(lazy="joined", innerjoin=True)


class RegistrationInvitation(Base):
    """A link with which one platform may register itself once, for one community.

    The secret is kept sealed too while the link works, so that its maker can see it again.
    """

    __tablename__ = "lti_registration_invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    token_hash: Mapped[str] = mapped_column(_HASH, unique=True)
    sealed_token: Mapped[str | None] = mapped_column(sa.Text)
    community_id: Mapped[UUID] = mapped_column(index=True)
    family: Mapped[str] = mapped_column(sa.String(100))
    invited_by: Mapped[UUID | None] = mapped_column(index=True)
    registration_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("lti_registration.id", ondelete="SET NULL")
    )
    failure: Mapped[str | None] = mapped_column(sa.String(300))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UnknownCaller(Base):
    """An issuer and client that knocked without being registered, for the administrator to see."""

    __tablename__ = "lti_unknown_caller"
    __table_args__ = (sa.UniqueConstraint("issuer", "client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    issuer: Mapped[str] = mapped_column(_ID)
    client_id: Mapped[str] = mapped_column(_ID)
    times: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(sa.String(16))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class LoginState(Base):
    """One login: the single use of its state and nonce, and what both are bound to.

    ``storage_hash`` is of the secret that the browser put into the platform's storage, where the
    platform has one; ``arrival_hash`` of the code that waits for that secret to come back.
    """

    __tablename__ = "lti_login_state"

    state_hash: Mapped[str] = mapped_column(_HASH, primary_key=True)
    nonce_hash: Mapped[str] = mapped_column(_HASH)
    browser_hash: Mapped[str] = mapped_column(_HASH)
    registration_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("lti_registration.id", ondelete="CASCADE")
    )
    deployment_id: Mapped[str | None] = mapped_column(_ID)
    target_link_uri: Mapped[str] = mapped_column(_URL)
    storage_hash: Mapped[str | None] = mapped_column(_HASH)
    arrival_hash: Mapped[str | None] = mapped_column(_HASH)
    created_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class ToolKey(Base):
    """One of our signing keys. Several are live, so that a rotation breaks no request under way."""

    __tablename__ = "lti_tool_key"

    kid: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    sealed_private_key: Mapped[str] = mapped_column(sa.Text)
    public_jwk: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class AccessToken(Base):
    """A platform's token by registration and scopes, sealed; used until shortly before expiry.

    ``fetching_until`` is the turn of the one process that asks for it; ``failed_at`` and
    ``failure`` tell those who waited meanwhile.
    """

    __tablename__ = "lti_access_token"

    registration_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("lti_registration.id", ondelete="CASCADE"), primary_key=True
    )
    scopes_hash: Mapped[str] = mapped_column(_HASH, primary_key=True)
    sealed_token: Mapped[str | None] = mapped_column(sa.Text)
    expires_at: Mapped[datetime]
    fetching_until: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(sa.String(200))


class ContextLink(Tenant, Base):
    """A course as a deployment knows it: where its roster and its line items are.

    ``origins``: the platform's ids of the courses that it was copied from, nearest first.
    """

    __tablename__ = "lti_context_link"
    __table_args__ = (sa.UniqueConstraint("deployment_id", "external_id"),)

    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lti_deployment.id"))
    external_id: Mapped[str] = mapped_column(_ID)
    context_id: Mapped[UUID] = mapped_column(index=True)
    memberships_url: Mapped[str | None] = mapped_column(_URL)
    lineitems_url: Mapped[str | None] = mapped_column(_URL)
    scopes: Mapped[list[str]] = mapped_column(default=list)
    origins: Mapped[list[str]] = mapped_column(default=list)
    roster_at: Mapped[datetime | None]
    roster_error: Mapped[str | None] = mapped_column(sa.String(300))


class ResourceLink(Tenant, Base):
    """One activity in a course that opens Lantern, and what it opens.

    ``named`` is the activity of ours that its parameters name, ``resource`` the one that it opens:
    another one where the link is a copy, which the ``token`` of the original tells.
    """

    __tablename__ = "lti_resource_link"
    __table_args__ = (sa.UniqueConstraint("context_link_id", "external_id"),)

    context_link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lti_context_link.id"))
    external_id: Mapped[str] = mapped_column(_ID)
    title: Mapped[str | None] = mapped_column(sa.String(300))
    resource: Mapped[str | None] = mapped_column(sa.String(200))
    named: Mapped[str | None] = mapped_column(sa.String(200))
    token: Mapped[str | None] = mapped_column(sa.String(200), index=True)
    lineitem_url: Mapped[str | None] = mapped_column(_URL)


class LineItem(Tenant, Base):
    """A column of a gradebook. Its maximum is fixed once a score was sent: a change of it
    rewrites grades in Moodle. ``made_here``: Lantern added it, so it may rename and remove it."""

    __tablename__ = "lti_line_item"
    __table_args__ = (sa.UniqueConstraint("context_link_id", "resource"),)

    context_link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lti_context_link.id"))
    resource: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(_URL)
    score_maximum: Mapped[float]
    label: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    made_here: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class ScoreState(enum.Enum):
    """Where a wanted score stands for the teacher: to send, sent, or refused and why."""

    TO_SEND = "to send"
    SENT = "sent"
    REFUSED = "refused"


class Score(Tenant, Base):
    """The latest score that is wanted for a person and a resource, and what became of it.

    ``stamped_at`` is the latest time that a post carried. ``found`` of ``found_of`` is what the
    gradebook was seen to hold at ``checked_at``, None where it held nothing.
    """

    __tablename__ = "lti_score"
    __table_args__ = (sa.UniqueConstraint("person_id", "context_id", "resource"),)

    person_id: Mapped[UUID] = mapped_column(index=True)
    context_id: Mapped[UUID]
    resource: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(200))
    wanted_at: Mapped[datetime]
    state: Mapped[ScoreState] = mapped_column(default=ScoreState.TO_SEND)
    claimed_until: Mapped[datetime | None]
    conflicts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(sa.String(300))
    label: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    score: Mapped[float] = mapped_column(default=0.0, server_default=sa.text("0"))
    maximum: Mapped[float] = mapped_column(default=0.0, server_default=sa.text("0"))
    comment: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    stamped_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    found: Mapped[float | None]
    found_of: Mapped[float | None]


class DeepLinkingRequest(Tenant, Base):
    """A teacher's open choice of what to add to a course; spent by the answer."""

    __tablename__ = "lti_deep_linking_request"

    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    deployment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("lti_deployment.id"))
    person_id: Mapped[UUID] = mapped_column(index=True)
    context_id: Mapped[UUID | None]
    return_url: Mapped[str] = mapped_column(_URL)
    accept_multiple: Mapped[bool]
    accept_line_items: Mapped[bool]
    accepts_links: Mapped[bool]
    data: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
