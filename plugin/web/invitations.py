"""Invitations: a link that lets an address in, as staff or as a member of a context.

The link alone opens nothing: the guest's address is proved by a mailed code. A right is given only
by a staff invitation, which is used once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.kernel.errors import Conflict, NotFound, Refused
from plugin.kernel.i18n import _, current_locale
from plugin.kernel.ids import hash_secret, new_id, new_secret
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.web.addresses import remember
from plugin.web.models import WebInvitation

LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Invitation:
    """An invitation as its page shows it."""

    id: UUID
    handle: str
    community_id: UUID
    context_id: UUID | None
    role: str | None
    right: str | None
    email: str | None
    note: str
    next_path: str
    uses_left: int
    invited_by: UUID | None
    created_at: datetime
    expires_at: datetime
    open: bool


def invite(
    uow: UnitOfWork,
    *,
    community_id: UUID,
    right: str | None = None,
    context_id: UUID | None = None,
    role: str | None = None,
    email: str | None = None,
    note: str = "",
    next_path: str = "/",
    invited_by: UUID | None = None,
    uses: int = 1,
    lasts: timedelta = LASTS,
) -> str:
    """Make an invitation and return its path ``/invite/<token>``; the token is shown this once."""
    token = new_secret()
    uow.session.add(
        WebInvitation(
            id=new_id(),
            token_hash=hash_secret(token),
            community_id=community_id,
            context_id=context_id,
            role=role,
            right=right,
            email=email.strip().lower() if email else None,
            note=note[:200],
            next_path=next_path,
            uses_left=1 if right else uses,
            invited_by=invited_by,
            created_at=uow.now(),
            expires_at=uow.now() + lasts,
        )
    )
    uow.audit(
        "web.invitation.made",
        actor=invited_by,
        subject=f"community:{community_id}",
        right=right,
        role=role,
    )
    return f"/invite/{token}"


def by_token(uow: UnitOfWork, token: str) -> Invitation:
    """Return an invitation by its link; raise NotFound."""
    row = uow.session.scalars(
        sa.select(WebInvitation).where(WebInvitation.token_hash == hash_secret(token))
    ).one_or_none()
    if row is None:
        raise NotFound(
            "no_invitation", _("This invitation is not known. Ask for a new link, please.")
        )
    return _view(row, uow.now())


def open_ones(uow: UnitOfWork, community_id: UUID) -> list[Invitation]:
    """Return the invitations of a community that can still be used, newest first."""
    now = uow.now()
    rows = uow.session.scalars(
        sa.select(WebInvitation)
        .where(
            WebInvitation.community_id == community_id,
            WebInvitation.uses_left > 0,
            WebInvitation.withdrawn_at.is_(None),
            WebInvitation.expires_at > now,
        )
        .order_by(WebInvitation.id.desc())
        .limit(200)
    )
    return [_view(row, now) for row in rows]


def withdraw(uow: UnitOfWork, handle: str, *, by: UUID) -> None:
    """Take an invitation back; those who came in by it stay."""
    row = uow.session.scalars(
        sa.select(WebInvitation).where(
            WebInvitation.handle == handle, WebInvitation.community_id == uow.community_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound("no_invitation", _("This invitation is not known."))
    row.withdrawn_at = uow.now()
    uow.audit("web.invitation.withdrawn", actor=by, subject=f"invitation:{handle}")


def check_address(invitation: Invitation, email: str) -> None:
    """An invitation for one address is for that one only."""
    if invitation.email and invitation.email != email.strip().lower():
        raise Refused(
            "other_address",
            _("This invitation was made for another address. Use the one it was sent to."),
        )


def accept(
    uow: UnitOfWork, invitation_id: UUID, *, email: str, display_name: str | None
) -> people.PersonView:
    """Let a proved address in (unique: one use is taken by one conditional update)."""
    row = _take_one(uow, invitation_id)
    person = people.admit_by_email(uow, email, display_name=display_name, locale=current_locale())
    remember(uow, email, person.id)
    _let_in(uow, row, person.id)
    return person


def accept_as(uow: UnitOfWork, invitation_id: UUID, person_id: UUID) -> None:
    """Let somebody in who is signed in already."""
    _let_in(uow, _take_one(uow, invitation_id), person_id)


def _let_in(uow: UnitOfWork, row: WebInvitation, person_id: UUID) -> None:
    if row.right:
        people.grant_right(uow, person_id, row.right, row.context_id, by=row.invited_by)
    if row.context_id and row.role:
        people.enrol(uow, person_id, row.context_id, row.role, "invite")
    uow.audit(
        "web.invitation.accepted",
        actor=person_id,
        subject=f"invitation:{row.handle}",
        right=row.right,
        role=row.role,
    )


def _take_one(uow: UnitOfWork, invitation_id: UUID) -> WebInvitation:
    taken = uow.session.execute(
        sa.update(WebInvitation)
        .where(
            WebInvitation.id == invitation_id,
            WebInvitation.uses_left > 0,
            WebInvitation.withdrawn_at.is_(None),
            WebInvitation.expires_at > uow.now(),
            WebInvitation.community_id == uow.community_id,
        )
        .values(uses_left=WebInvitation.uses_left - 1)
        .returning(WebInvitation.id)
    ).first()
    if taken is None:
        raise Conflict(
            "invitation_used",
            _(
                "This invitation was used already or has run out. If it was you, sign in with a "
                "code by e-mail; otherwise ask for a new link."
            ),
        )
    return uow.session.get_one(WebInvitation, invitation_id)


def _view(row: WebInvitation, now: datetime) -> Invitation:
    usable = row.uses_left > 0 and row.withdrawn_at is None and row.expires_at > now
    return Invitation(
        row.id,
        row.handle,
        row.community_id,
        row.context_id,
        row.role,
        row.right,
        row.email,
        row.note,
        row.next_path,
        row.uses_left,
        row.invited_by,
        row.created_at,
        row.expires_at,
        usable,
    )
