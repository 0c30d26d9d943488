"""Signing awards into credentials, and signing one again when what it says has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from plugin.credentials import proofs
from plugin.credentials.calendar import months_after
from plugin.credentials.models import (
    Achievement,
    Award,
    Credential,
    CredentialEdition,
    Issuer,
    StatusList,
)
from plugin.credentials.quads import Templates
from plugin.credentials.services import status_lists
from plugin.credentials.services.composing import Composer
from plugin.credentials.services.issuers import ensure_issuer, publish_address
from plugin.credentials.services.keys import seal_of
from plugin.credentials.services.telling import announce
from plugin.events.credentials import CredentialIssued
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people


def issue(uow: UnitOfWork, vault: Vault, award_id: UUID, *, base_url: str) -> Credential:
    """Make and sign the credential of an award, and tell the holder. Unique: the award.

    Signing takes a few milliseconds and no network, so it happens inside the unit of work: the
    place in the status list, the signed bytes and the announcement are one commit.
    """
    made = uow.session.scalars(sa.select(Credential).where(Credential.award_id == award_id)).first()
    return made or issue_many(uow, vault, [award_id], base_url=base_url)[0]


def issue_many(
    uow: UnitOfWork, vault: Vault, award_ids: Sequence[UUID], *, base_url: str
) -> list[Credential]:
    """The same for awards that have no credential yet; one commit holds a few dozen of them."""
    awards = uow.session.scalars(
        sa.select(Award).where(Award.id.in_(award_ids)).order_by(Award.id)
    ).all()
    achievements = _achievements(uow, {award.achievement_id for award in awards})
    issuer = ensure_issuer(uow, vault, name=people.community(uow).name, base_url=base_url)
    pair, places = status_lists.take_places(uow, vault, issuer, len(awards))
    made = [
        _credential(uow, award, achievements[award.achievement_id], issuer, pair, place)
        for award, place in zip(awards, places, strict=True)
    ]
    uow.session.add_all(made)
    uow.session.flush()
    for credential in made:
        publish_address(uow, credential.handle, "credential")
    _sign(uow, vault, issuer, made, achievements)
    for credential in made:
        uow.record(
            CredentialIssued(
                credential_id=credential.id,
                person_id=credential.person_id,
                achievement_id=credential.achievement_id,
            )
        )
        announce(uow, credential, achievements[credential.achievement_id], issuer)
    return made


def is_issued(uow: UnitOfWork, award_id: UUID) -> bool:
    """Whether the award has its credential."""
    made = sa.select(Credential.id).where(Credential.award_id == award_id)
    return uow.session.scalars(made).first() is not None


def waiting(uow: UnitOfWork, most: int) -> Sequence[UUID]:
    """Awards without a credential, oldest first; what another worker has in hand is left out."""
    return uow.session.scalars(
        sa.select(Award.id)
        .where(~sa.exists().where(Credential.award_id == Award.id), Award.standing.is_not(None))
        .order_by(Award.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def add_edition(uow: UnitOfWork, vault: Vault, credential: Credential) -> CredentialEdition:
    """Sign the credential as it is now. Earlier editions stay as they were: same identifier and a
    later `validFrom` is how Open Badges 3.0 says "this replaces the one before"."""
    issuer = uow.session.get_one(Issuer, credential.issuer_id)
    achievements = _achievements(uow, {credential.achievement_id})
    return _sign(uow, vault, issuer, [credential], achievements)[0]


def _sign(
    uow: UnitOfWork,
    vault: Vault,
    issuer: Issuer,
    credentials: Sequence[Credential],
    achievements: dict[UUID, Achievement],
) -> list[CredentialEdition]:
    composer = Composer(uow, issuer, credentials)
    pairs = _pairs(uow, vault, issuer, {row.status_list_id for row in credentials})
    before = _newest_editions(uow, credentials)
    starts = [_valid_from(uow.now(), before.get(row.id)) for row in credentials]
    claims = [
        composer.document(row, achievements[row.achievement_id], pairs[row.status_list_id], start)
        for row, start in zip(credentials, starts, strict=True)
    ]
    seal = seal_of(uow, vault, issuer)
    if len(claims) == 1:
        signed = [proofs.sign(claims[0], seal.signer, uow.now())]
    else:
        signed = proofs.sign_many(claims, seal.signer, uow.now(), Templates())
    editions = [
        CredentialEdition(
            credential_id=row.id,
            number=before[row.id].number + 1 if row.id in before else 1,
            key_id=seal.key_id,
            valid_from=start,
            claims=claim,
            # ASCII only: some wallets read the bytes as Latin-1, and the meaning is the same.
            signed=json.dumps(document).encode(),
            created_at=uow.now(),
        )
        for row, start, claim, document in zip(credentials, starts, claims, signed, strict=True)
    ]
    uow.session.add_all(editions)
    uow.session.flush()
    return editions


def _credential(
    uow: UnitOfWork,
    award: Award,
    achievement: Achievement,
    issuer: Issuer,
    pair: status_lists.Pair,
    place: int,
) -> Credential:
    months = achievement.valid_months
    return Credential(
        handle=uow.new_handle(),
        award_id=award.id,
        person_id=award.person_id,
        achievement_id=award.achievement_id,
        issuer_id=issuer.id,
        uri=uuid4().urn,
        subject_uri=uuid4().urn,
        status_list_id=pair.revocation.id,
        status_index=place,
        holder_name="",
        shows_links=False,
        expires_at=months_after(uow.now(), months) if months else None,
        created_at=uow.now(),
    )


def _valid_from(now: datetime, before: CredentialEdition | None) -> datetime:
    start = now.replace(microsecond=0)
    return max(start, before.valid_from + timedelta(seconds=1)) if before else start


def _achievements(uow: UnitOfWork, ids: set[UUID]) -> dict[UUID, Achievement]:
    rows = uow.session.scalars(sa.select(Achievement).where(Achievement.id.in_(ids)))
    return {row.id: row for row in rows}


def _pairs(
    uow: UnitOfWork, vault: Vault, issuer: Issuer, ids: set[UUID]
) -> dict[UUID, status_lists.Pair]:
    rows = uow.session.scalars(sa.select(StatusList).where(StatusList.id.in_(ids))).all()
    return {row.id: status_lists.pair_of(uow, vault, issuer, row) for row in rows}


def _newest_editions(
    uow: UnitOfWork, credentials: Sequence[Credential]
) -> dict[UUID, CredentialEdition]:
    rows = uow.session.scalars(
        sa.select(CredentialEdition)
        .where(CredentialEdition.credential_id.in_([row.id for row in credentials]))
        .order_by(CredentialEdition.number)
    )
    return {row.credential_id: row for row in rows}
