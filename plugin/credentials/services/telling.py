"""Telling the holder and the forum what became of a credential."""

from __future__ import annotations

from plugin.credentials.models import Achievement, Credential, Issuer
from plugin.credentials.queries import evidence_behind, holds_another
from plugin.events.wants import BadgeWanted
from plugin.kernel.i18n import format_date, use_locale
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.notifications.public import notify
from plugin.people import public as people

MINE = "/my/credentials"


def announce(
    uow: UnitOfWork, credential: Credential, achievement: Achievement, issuer: Issuer
) -> None:
    """A notice to the holder and a badge in the forum. Unique: the credential's handle."""
    want_badge(uow, credential, achievement, issuer, granted=True)
    _notify(uow, credential, "credential.issued", "issued", {"achievement": achievement.name})


def regret(
    uow: UnitOfWork, credential: Credential, achievement: Achievement, issuer: Issuer
) -> None:
    """The same the other way round: the badge goes, and the holder learns why. It stays while
    another credential of the same achievement is valid, which persons that were merged may have."""
    if not holds_another(uow, credential):
        want_badge(uow, credential, achievement, issuer, granted=False)
    params = {"achievement": achievement.name, "reason": credential.revocation_reason}
    _notify(uow, credential, "credential.revoked", "revoked", params)


def tell_suspended(
    uow: UnitOfWork, credential: Credential, achievement: Achievement, issuer: Issuer
) -> None:
    """The badge rests and the holder learns why. Unique: (credential, moment of suspension)."""
    state = f"suspended:{int((credential.suspended_at or uow.now()).timestamp())}"
    if not holds_another(uow, credential):
        want_badge(uow, credential, achievement, issuer, granted=False, state=state)
    params = {"achievement": achievement.name, "reason": credential.suspension_reason}
    _notify(uow, credential, "credential.suspended", state, params)


def tell_restored(
    uow: UnitOfWork, credential: Credential, achievement: Achievement, issuer: Issuer
) -> None:
    """The badge is back. Unique: (credential, moment)."""
    state = f"restored:{int(uow.now().timestamp())}"
    want_badge(uow, credential, achievement, issuer, granted=True, state=state)
    _notify(uow, credential, "credential.restored", state, {"achievement": achievement.name})


def tell_expiring(uow: UnitOfWork, credential: Credential, achievement: Achievement) -> None:
    """It ends in less than a month. Unique: (credential, day of expiry)."""
    _notify_end(uow, credential, achievement, "credential.expiring", "expiring")


def tell_renewed(uow: UnitOfWork, credential: Credential, achievement: Achievement) -> None:
    """It counts for another term. Unique: (credential, day of expiry)."""
    _notify_end(uow, credential, achievement, "credential.renewed", "renewed")


def _notify_end(
    uow: UnitOfWork, credential: Credential, achievement: Achievement, message: str, state: str
) -> None:
    assert credential.expires_at is not None  # both callers chose it by its end
    end = credential.expires_at.date()
    with use_locale(people.person(uow, credential.person_id).locale):
        day = format_date(end, "long")
    params = {"achievement": achievement.name, "day": day}
    _notify(uow, credential, message, f"{state}:{end.isoformat()}", params)


def _notify(
    uow: UnitOfWork, credential: Credential, message: str, state: str, params: dict[str, str]
) -> None:
    notify(
        uow,
        credential.person_id,
        kind="credential",
        message=message,
        params=params,
        url=MINE,
        key=f"credential:{credential.handle}:{state}",
    )


def want_badge(
    uow: UnitOfWork,
    credential: Credential,
    achievement: Achievement,
    issuer: Issuer,
    *,
    granted: bool,
    state: str = "",
) -> None:
    """Badge and credential have one source. The reason is the post that earned it, if one did."""
    posts = [item.source_url for item in evidence_behind(uow, credential.award_id)]
    uow.record(
        BadgeWanted(
            key=f"credential:{credential.handle}:{state or ('granted' if granted else 'revoked')}",
            person_id=credential.person_id,
            badge_name=achievement.name,
            description=achievement.description,
            image_url=f"{issuer.base_url}/achievements/{achievement.handle}/badge.svg",
            reason_url=next((url for url in reversed(posts) if url), ""),
            granted=granted,
        )
    )
