"""Rows of the adapter.

Connections, the inbox, what is to be read again, sign-in nonces and the call budget stand outside
any community: they exist before it is known whose event this is. Spaces, badges and messages that
Lantern made in a forum belong to the community; they are also what the loop guard knows us by.
The rows of what comes in stand in ``inbox_models``.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from discourse_hooks.inbox_models import CallBudget as CallBudget
from discourse_hooks.inbox_models import InboxMessage as InboxMessage
from discourse_hooks.inbox_models import InboxState as InboxState
from discourse_hooks.inbox_models import Reconciliation as Reconciliation
from discourse_hooks.inbox_models import Touched as Touched
from plugin.kernel.database import Base, Tenant
from plugin.kernel.ids import new_handle, new_id


class Connection(Base):
    """One forum of one community. Keys and secrets are sealed; ``quiet`` forums get no posts.

    ``webhook_secrets`` holds up to two sealed values: the present one, and the one before it while
    a secret is being changed.
    """

    __tablename__ = "discourse_hooks_connection"
    __table_args__ = (sa.UniqueConstraint("community_id", "base_url"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handle: Mapped[str] = mapped_column(sa.String(40), unique=True, default=new_handle)
    community_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_community.id"), index=True)
    base_url: Mapped[str] = mapped_column(sa.String(300), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    webhook_secrets: Mapped[list[Any]]
    connect_secret: Mapped[str] = mapped_column(sa.Text)
    api_key: Mapped[str] = mapped_column(sa.Text)
    api_username: Mapped[str] = mapped_column(sa.String(100))
    quiet: Mapped[bool] = mapped_column(default=False)
    content_ping_at: Mapped[datetime | None]
    people_ping_at: Mapped[datetime | None]
    calls_per_minute: Mapped[int] = mapped_column(default=40)
    created_at: Mapped[datetime]
    last_reconciled_at: Mapped[datetime | None]
    accounts_until: Mapped[UUID | None]
    posts_until: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    bot_user_id: Mapped[int | None]
    badges_possible: Mapped[bool | None]
    key_entered_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    check_found: Mapped[list[Any]] = mapped_column(default=list)
    pilot_category_id: Mapped[int | None]
    pilot_people: Mapped[int] = mapped_column(default=0)
    reconciled_until: Mapped[datetime | None]
    sweep_page: Mapped[int] = mapped_column(default=0)


class GroupMember(Tenant, Base):
    """Who is in a group that Lantern made, as the forum shows it (unique: group, user)."""

    __tablename__ = "discourse_hooks_group_member"
    __table_args__ = (sa.UniqueConstraint("connection_id", "group_id", "user_id"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    group_id: Mapped[int]
    user_id: Mapped[int]


class PilotMember(Tenant, Base):
    """An account that a pilot has admitted (unique: connection, user); there are so many seats."""

    __tablename__ = "discourse_hooks_pilot_member"
    __table_args__ = (sa.UniqueConstraint("connection_id", "user_id"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    user_id: Mapped[str] = mapped_column(sa.String(40))
    admitted_at: Mapped[datetime]


class ConnectNonce(Base):
    """A DiscourseConnect round trip in progress: single use, short, bound to one browser."""

    __tablename__ = "discourse_hooks_connect_nonce"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    nonce_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(sa.String(64))
    purpose: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[UUID | None]
    next_url: Mapped[str] = mapped_column(sa.String(500), default="/")
    expires_at: Mapped[datetime]
    user_id: Mapped[str | None] = mapped_column(sa.String(40))
    username: Mapped[str | None] = mapped_column(sa.String(100))
    answered_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class ForumBadge(Tenant, Base):
    """A badge definition in a forum, found or made by us under this name.

    What was found is left as its owners made it. ``look`` is the digest of the description and
    picture that we gave to one of ours.
    """

    __tablename__ = "discourse_hooks_forum_badge"
    __table_args__ = (sa.UniqueConstraint("connection_id", "name"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(sa.String(100))
    remote_id: Mapped[int]
    made_here: Mapped[bool] = mapped_column(default=False)
    look: Mapped[str] = mapped_column(sa.String(64), default="")


class BadgeLink(Tenant, Base):
    """One badge of one forum user that Lantern wants (unique: connection, user, badge name).

    ``granted`` is what is wanted, ``remote_id`` the user badge that stands for it in the forum.
    ``version`` is the time of the newest want, so that an older one that comes late is not acted
    upon.
    """

    __tablename__ = "discourse_hooks_badge_link"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "user_id", "badge_name"),
        sa.Index("ix_discourse_hooks_badge_link_remote", "connection_id", "remote_id"),
    )

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    want_key: Mapped[str] = mapped_column(sa.String(200))
    user_id: Mapped[str] = mapped_column(sa.String(40))
    username: Mapped[str] = mapped_column(sa.String(100), default="")
    badge_name: Mapped[str] = mapped_column(sa.String(300))
    badge_id: Mapped[int | None]
    granted: Mapped[bool]
    version: Mapped[datetime]
    remote_id: Mapped[int | None]
    removed_there: Mapped[bool] = mapped_column(default=False)


class ForumSpace(Tenant, Base):
    """A message or group that Lantern made in a forum for one want (unique: connection, key).

    ``external_id`` is what the forum knows it by, so that a try whose answer was lost is found
    again; ``remote_id`` is the topic or the group, None until the forum has answered. A private
    topic belongs to a group as well: ``group_id``. ``last_sign_at`` is when somebody else than
    Lantern last wrote there; what they wrote is not kept.
    """

    __tablename__ = "discourse_hooks_forum_space"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "want_key"),
        sa.Index("ix_discourse_hooks_forum_space_remote", "connection_id", "remote_id"),
    )

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    want_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    external_id: Mapped[str] = mapped_column(sa.String(50))
    kind: Mapped[str] = mapped_column(sa.String(20))
    remote_id: Mapped[int | None]
    group_id: Mapped[int | None]
    made_at: Mapped[datetime | None]
    last_sign_at: Mapped[datetime | None]


class BadgeInWaiting(Tenant, Base):
    """A badge for a person without a forum account (unique: person, name); linking brings it."""

    __tablename__ = "discourse_hooks_badge_in_waiting"
    __table_args__ = (sa.UniqueConstraint("person_id", "badge_name"),)

    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"))
    badge_name: Mapped[str] = mapped_column(sa.String(300))
    want: Mapped[dict[str, Any]]


class ForumAccount(Tenant, Base):
    """When an account joined the forum, and which signs of life of it were told (unique: user).

    Read once for each account that might be new; ``joined_at`` is None until then. Nothing else
    of an account is kept.
    """

    __tablename__ = "discourse_hooks_account"
    __table_args__ = (sa.UniqueConstraint("connection_id", "user_id"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    user_id: Mapped[int]
    username: Mapped[str] = mapped_column(sa.String(100), default="")
    joined_at: Mapped[datetime | None]
    signs: Mapped[list[Any]] = mapped_column(default=list)


class LikeSeen(Tenant, Base):
    """A like by somebody who may be new, until its topic is read (unique: post, liker)."""

    __tablename__ = "discourse_hooks_like_seen"
    __table_args__ = (sa.UniqueConstraint("connection_id", "topic_id", "post_number", "liker_id"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    topic_id: Mapped[int]
    post_number: Mapped[int]
    liker_id: Mapped[int]
    at: Mapped[datetime]


class ForumRequest(Tenant, Base):
    """A topic in which somebody asks for help or a review (unique: connection, topic).

    ``state`` is what the forum shows of it, ``wanted_state`` what a feature last wanted shown and
    ``version`` when, so that an older want that comes late changes nothing.
    """

    __tablename__ = "discourse_hooks_request"
    __table_args__ = (sa.UniqueConstraint("connection_id", "topic_id"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    topic_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(120), index=True)
    state: Mapped[str] = mapped_column(sa.String(20))
    wanted_state: Mapped[str] = mapped_column(sa.String(20), default="")
    version: Mapped[datetime]


class RequestRule(Tenant, Base):
    """Topics with this tag or in this category ask for something (unique: kind, tag, category)."""

    __tablename__ = "discourse_hooks_request_rule"
    __table_args__ = (sa.UniqueConstraint("connection_id", "kind", "tag", "category_id"),)

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(sa.String(20))
    tag: Mapped[str] = mapped_column(sa.String(100), default="")
    category_id: Mapped[int] = mapped_column(default=0)  # 0: none, so that the constraint holds
    since: Mapped[datetime]


class LinkProof(Tenant, Base):
    """A proof of a forum account under way without the forum's sign-in: a code, or a user key.

    Ten minutes, five tries, for one person in one session. Of a code only a digest is kept that
    also needs the waiting page's secret; ``sealed`` is the private key of a user key's exchange.
    ``user_id`` stands when it is known whose account it is, ``proved_at`` when that is proved.
    """

    __tablename__ = "discourse_hooks_link_proof"

    connection_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("discourse_hooks_connection.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people_person.id"), index=True)
    session_hash: Mapped[str] = mapped_column(sa.String(64))
    waiting_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    method: Mapped[str] = mapped_column(sa.String(10))
    digest: Mapped[str] = mapped_column(sa.String(64), default="")
    sealed: Mapped[str] = mapped_column(sa.Text, default="")
    user_id: Mapped[str] = mapped_column(sa.String(40), default="")
    username: Mapped[str] = mapped_column(sa.String(100), default="")
    tries_left: Mapped[int]
    expires_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
