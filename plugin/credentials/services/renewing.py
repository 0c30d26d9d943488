"""Expiry, renewal, and signing again: the same identifier with a later `validFrom`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from plugin.credentials.calendar import months_after
from plugin.credentials.models import Achievement, Credential, CredentialEdition
from plugin.credentials.services.issuing import add_edition
from plugin.credentials.services.telling import tell_expiring, tell_renewed
from plugin.kernel.crypto import Vault
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.unit_of_work import UnitOfWork

AHEAD = timedelta(days=30)


def reissue(
    uow: UnitOfWork, vault: Vault, credential: Credential, *, actor: UUID | None
) -> CredentialEdition:
    """Sign the credential again with today's key, name of the issuer and words. Readers take the
    edition with the later `validFrom`. Raises Invalid for a credential that was taken back."""
    _require_standing(credential)
    uow.audit(
        "credentials.credential.reissued",
        actor=actor,
        subject=f"credential:{credential.handle}",
    )
    return add_edition(uow, vault, credential)


def renew(uow: UnitOfWork, vault: Vault, credential: Credential, *, actor: UUID | None) -> None:
    """Let it count for another term, from the end of the present one or from today, whichever is
    later. Raises Invalid for one that was taken back or never expires."""
    _require_standing(credential)
    achievement = uow.session.get_one(Achievement, credential.achievement_id)
    if achievement.valid_months is None or credential.expires_at is None:
        raise Invalid("never_expires", _("This credential does not expire: there is no need."))
    start = max(credential.expires_at, uow.now())
    credential.expires_at = months_after(start, achievement.valid_months)
    add_edition(uow, vault, credential)
    tell_renewed(uow, credential, achievement)
    uow.audit(
        "credentials.credential.renewed",
        actor=actor,
        subject=f"credential:{credential.handle}",
        until=credential.expires_at.isoformat(),
    )


def tell_who_expires(uow: UnitOfWork) -> int:
    """Tell holders a month ahead. Unique: (credential, day of expiry)."""
    rows: Sequence[Credential] = uow.session.scalars(
        sa.select(Credential).where(
            Credential.expires_at > uow.now(),
            Credential.expires_at <= uow.now() + AHEAD,
            Credential.revoked_at.is_(None),
        )
    ).all()
    for row in rows:
        tell_expiring(uow, row, uow.session.get_one(Achievement, row.achievement_id))
    return len(rows)


def _require_standing(credential: Credential) -> None:
    if credential.revoked_at is not None:
        raise Invalid("revoked", _("This credential was taken back: it is not signed again."))
