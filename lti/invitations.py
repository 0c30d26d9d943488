"""Registration links: one platform, one community, one use, a week.

A link is found by the hash of its secret; the sealed secret goes when it is used. The use is taken
in a commit of its own before the platform is asked, so that of two browsers with the same link one
registers; it is given back when the platform refuses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from lti.models import RegistrationInvitation
from plugin.kernel.crypto import Vault
from plugin.kernel.errors import NotFound
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.unit_of_work import UnitOfWork

LASTS = timedelta(days=7)
PATH = "/lti/register/"


@dataclass(frozen=True)
class Invitation:
    """A link as pages show it. ``used_at`` is set once a platform registered with it."""

    id: UUID
    handle: str
    community_id: UUID
    family: str
    invited_by: UUID | None
    registration_id: UUID | None
    failure: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def invite(
    uow: UnitOfWork, vault: Vault, community_id: UUID, family: str, *, actor: UUID | None
) -> Invitation:
    """Make a link for one platform."""
    token = new_secret()
    row = RegistrationInvitation(
        token_hash=hash_secret(token),
        sealed_token=vault.seal(token.encode()),
        community_id=community_id,
        family=family,
        invited_by=actor,
        created_at=uow.now(),
        expires_at=uow.now() + LASTS,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.audit("lti.registration.invited", actor=actor, subject=f"invitation:{row.handle}")
    return _view(row)


def path_of(uow: UnitOfWork, vault: Vault, invitation_id: UUID) -> str | None:
    """The path of a link that still works."""
    sealed = uow.session.get_one(RegistrationInvitation, invitation_id).sealed_token
    return PATH + vault.open(sealed).decode() if sealed else None


def own(uow: UnitOfWork, community_id: UUID, handle: str) -> Invitation:
    """An invitation of this community; NotFound for any other."""
    row = uow.session.scalars(
        sa.select(RegistrationInvitation).where(
            RegistrationInvitation.handle == handle,
            RegistrationInvitation.community_id == community_id,
        )
    ).first()
    if row is None:
        raise NotFound("no_invitation", _("There is no such registration link."))
    return _view(row)


def of_token(uow: UnitOfWork, token: str) -> Invitation:
    """The invitation of a link, used or not; NotFound when it is none, has run out or was ended."""
    row = uow.session.scalars(
        sa.select(RegistrationInvitation).where(
            RegistrationInvitation.token_hash == hash_secret(token)
        )
    ).first()
    if row is None or (row.used_at is None and row.expires_at <= uow.now()):
        raise NotFound(
            "registration_link",
            _(
                "This registration link is unknown or has run out. Whoever looks after Lantern "
                "makes a new one under Administration, Courses."
            ),
        )
    return _view(row)


def take(uow: UnitOfWork, invitation_id: UUID) -> bool:
    """Use the link; False when somebody else has just done so."""
    used = (
        sa.update(RegistrationInvitation)
        .where(
            RegistrationInvitation.id == invitation_id,
            RegistrationInvitation.used_at.is_(None),
            RegistrationInvitation.expires_at > uow.now(),
        )
        .values(used_at=uow.now(), failure=None)
        .returning(RegistrationInvitation.id)
    )
    return uow.session.execute(used).first() is not None


def give_back(uow: UnitOfWork, invitation_id: UUID, failure: str) -> None:
    """The platform refused: the link works again, and the administrator sees why."""
    row = uow.session.get(RegistrationInvitation, invitation_id)
    if row is not None and row.registration_id is None:
        row.used_at, row.failure = None, failure[:300]


def led_to(uow: UnitOfWork, invitation_id: UUID, registration_id: UUID) -> None:
    """Note which registration came of it."""
    row = uow.session.get_one(RegistrationInvitation, invitation_id)
    row.registration_id, row.sealed_token = registration_id, None


def open_ones(uow: UnitOfWork, community_id: UUID) -> list[Invitation]:
    """The links of a community that still work, newest first."""
    rows = uow.session.scalars(
        sa.select(RegistrationInvitation)
        .where(
            RegistrationInvitation.community_id == community_id,
            RegistrationInvitation.used_at.is_(None),
            RegistrationInvitation.expires_at > uow.now(),
        )
        .order_by(RegistrationInvitation.created_at.desc())
        .limit(50)
    )
    return [_view(row) for row in rows]


def withdraw(uow: UnitOfWork, community_id: UUID, handle: str, *, actor: UUID | None) -> None:
    """End a link of this community that was not used."""
    gone = (
        sa.delete(RegistrationInvitation)
        .where(
            RegistrationInvitation.handle == handle,
            RegistrationInvitation.community_id == community_id,
            RegistrationInvitation.used_at.is_(None),
        )
        .returning(RegistrationInvitation.id)
    )
    if uow.session.execute(gone).first() is None:
        raise NotFound("no_invitation", _("This link was used or ended already."))
    uow.audit("lti.registration.uninvited", actor=actor, subject=f"invitation:{handle}")


def forget_old(uow: UnitOfWork) -> None:
    """Remove links a month after they ended."""
    uow.session.execute(
        sa.delete(RegistrationInvitation).where(
            RegistrationInvitation.expires_at <= uow.now() - timedelta(days=30)
        )
    )


def _view(row: RegistrationInvitation) -> Invitation:
    return Invitation(
        id=row.id,
        handle=row.handle,
        community_id=row.community_id,
        family=row.family,
        invited_by=row.invited_by,
        registration_id=row.registration_id,
        failure=row.failure,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
