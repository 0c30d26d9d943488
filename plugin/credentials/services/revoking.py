"""Changing the status of a credential: taken back for good, suspended, restored.

At our own addresses the change is there with the commit; in the forum through the badge. The list
is signed in the same commit, so no reader can see the page say one thing and the list another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from plugin.credentials.models import Achievement, Award, Credential, Issuer, StatusList
from plugin.credentials.services import status_lists
from plugin.credentials.services.issuing import add_edition
from plugin.credentials.services.telling import regret, tell_restored, tell_suspended
from plugin.events.credentials import CredentialRestored, CredentialRevoked, CredentialSuspended
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork

REVOKE, SUSPEND, RESTORE = "revoke", "suspend", "restore"
ACTIONS = (REVOKE, SUSPEND, RESTORE)


def revoke(
    uow: UnitOfWork, vault: Vault, credential: Credential, *, reason: str, actor: UUID | None
) -> None:
    """Revoke once; again is no error. What was signed for it before stays as it was; its newest
    edition says where the revocation is listed."""
    change(uow, vault, [credential], action=REVOKE, reason=reason, actor=actor)


def suspend(
    uow: UnitOfWork, vault: Vault, credential: Credential, *, reason: str, actor: UUID | None
) -> None:
    """Let it not count for now; `restore` undoes it. One that was revoked stays revoked."""
    change(uow, vault, [credential], action=SUSPEND, reason=reason, actor=actor)


def restore(uow: UnitOfWork, vault: Vault, credential: Credential, *, actor: UUID | None) -> None:
    """End a suspension: the very same file is valid again."""
    change(uow, vault, [credential], action=RESTORE, reason="", actor=actor)


def change(
    uow: UnitOfWork,
    vault: Vault,
    credentials: Sequence[Credential],
    *,
    action: str,
    reason: str,
    actor: UUID | None,
) -> list[Credential]:
    """Change the status of some credentials of one issuer and sign each list once.

    Returns those that changed: what is so already is left alone.
    """
    act = {REVOKE: _revoke, SUSPEND: _suspend, RESTORE: _restore}[action]
    changed = [row for row in credentials if act(uow, row, reason)]
    if not changed:
        return []
    uow.session.flush()
    issuer = uow.session.get_one(Issuer, changed[0].issuer_id)
    _sign_lists(uow, vault, issuer, {row.status_list_id for row in changed}, action)
    for row in changed:
        # An edition from before suspensions were listed gets another one that names their list.
        if action == REVOKE or (action == SUSPEND and not status_lists.names_suspensions(uow, row)):
            add_edition(uow, vault, row)
        achievement = uow.session.get_one(Achievement, row.achievement_id)
        {REVOKE: regret, SUSPEND: tell_suspended, RESTORE: tell_restored}[action](
            uow, row, achievement, issuer
        )
        uow.audit(
            f"credentials.credential.{_DONE[action]}",
            actor=actor,
            subject=f"credential:{row.handle}",
            reason=reason,
        )
    return changed


_DONE = {REVOKE: "revoked", SUSPEND: "suspended", RESTORE: "restored"}


def _revoke(uow: UnitOfWork, row: Credential, reason: str) -> bool:
    if row.revoked_at is not None:
        return False
    row.revoked_at = uow.now()
    row.revocation_reason = reason
    uow.session.get_one(Award, row.award_id).standing = None
    uow.record(
        CredentialRevoked(
            credential_id=row.id,
            person_id=row.person_id,
            achievement_id=row.achievement_id,
            reason=reason,
        )
    )
    return True


def _suspend(uow: UnitOfWork, row: Credential, reason: str) -> bool:
    if row.revoked_at is not None or row.suspended_at is not None:
        return False
    row.suspended_at = uow.now()
    row.suspension_reason = reason
    uow.record(
        CredentialSuspended(
            credential_id=row.id,
            person_id=row.person_id,
            achievement_id=row.achievement_id,
            reason=reason,
        )
    )
    return True


def _restore(uow: UnitOfWork, row: Credential, _reason: str) -> bool:
    if row.revoked_at is not None or row.suspended_at is None:
        return False
    row.suspended_at = None
    row.suspension_reason = ""
    uow.record(
        CredentialRestored(
            credential_id=row.id, person_id=row.person_id, achievement_id=row.achievement_id
        )
    )
    return True


def _sign_lists(
    uow: UnitOfWork, vault: Vault, issuer: Issuer, places: Iterable[UUID], action: str
) -> None:
    for place in sorted(places):
        pair = status_lists.pair_of(uow, vault, issuer, uow.session.get_one(StatusList, place))
        if action == REVOKE:
            status_lists.sign_pair(uow, vault, issuer, pair)
        else:
            status_lists.sign_list(uow, vault, issuer, pair.suspension)
