"""The signed lists of what no longer counts, in pairs: one of revocations, one of suspensions.

A credential has one random place, the same in both lists of its pair, and names the list of
suspensions: Open Badges 3.0 allows one status entry, and only there may a bit be cleared again. A
revoked credential has its bit in both for good, and its new edition names the list of revocations
(ADR 0016).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from plugin.credentials import openbadges, proofs, status_list
from plugin.credentials.models import (
    Credential,
    CredentialEdition,
    Issuer,
    SpentPlace,
    StatusList,
)
from plugin.credentials.services.keys import seal_of
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork

REVOCATION, SUSPENSION = "revocation", "suspension"


@dataclass(frozen=True)
class Pair:
    """The two lists in which one credential has its place."""

    revocation: StatusList
    suspension: StatusList

    def entry(self, issuer: Issuer, index: int, *, revoked: bool) -> openbadges.StatusEntry:
        """What a credential says of its status."""
        listed = self.revocation if revoked else self.suspension
        return openbadges.StatusEntry(
            list_url=url_of(issuer, listed), index=index, purpose=listed.purpose
        )


def url_of(issuer: Issuer, listed: StatusList) -> str:
    return f"{issuer.base_url}/issuers/{issuer.handle}/status/{listed.handle}"


def open_pair(uow: UnitOfWork, vault: Vault, issuer: Issuer) -> Pair:
    """Two empty lists, signed."""
    revocation = _open(uow, issuer, REVOCATION)
    pair = Pair(revocation, _open(uow, issuer, SUSPENSION, revocation))
    sign_pair(uow, vault, issuer, pair)
    return pair


def current_pair(uow: UnitOfWork, vault: Vault, issuer: Issuer) -> Pair:
    """The newest pair; a list of revocations from before suspensions gets its partner."""
    newest = uow.session.scalars(
        sa.select(StatusList)
        .where(StatusList.issuer_id == issuer.id, StatusList.purpose == REVOCATION)
        .order_by(StatusList.id.desc())
    ).first()
    if newest is None:
        return open_pair(uow, vault, issuer)
    return pair_of(uow, vault, issuer, newest)


def pair_of(uow: UnitOfWork, vault: Vault, issuer: Issuer, revocation: StatusList) -> Pair:
    found = uow.session.scalars(
        sa.select(StatusList).where(StatusList.pair_id == revocation.id)
    ).first()
    if found is not None:
        return Pair(revocation, found)
    pair = Pair(revocation, _open(uow, issuer, SUSPENSION, revocation))
    sign_list(uow, vault, issuer, pair.suspension)
    return pair


def take_places(
    uow: UnitOfWork, vault: Vault, issuer: Issuer, count: int
) -> tuple[Pair, Sequence[int]]:
    """`count` random places that nobody has or had, in the newest pair or a fresh one."""
    pair = current_pair(uow, vault, issuer)
    if count == 1 and (index := status_list.draw(lambda i: _is_taken(uow, pair, i))) is not None:
        return pair, [index]
    taken = _taken(uow, pair)
    if len(taken) + count > status_list.SIZE // 2:
        pair, taken = open_pair(uow, vault, issuer), set()
    return pair, status_list.free_indexes(taken, count)


def sign_pair(uow: UnitOfWork, vault: Vault, issuer: Issuer, pair: Pair) -> None:
    sign_list(uow, vault, issuer, pair.revocation)
    sign_list(uow, vault, issuer, pair.suspension)


def sign_list(uow: UnitOfWork, vault: Vault, issuer: Issuer, listed: StatusList) -> None:
    """Sign the list as it stands in the database; readers see the new bits from the commit on.

    The row is locked first, so that of two who change it at once the second sees the first's bits.
    """
    uow.session.execute(
        sa.select(StatusList.id).where(StatusList.id == listed.id).with_for_update()
    )
    unsigned = status_list.document(
        url_of(issuer, listed),
        openbadges.Profile(did=issuer.did, name=issuer.name, url=issuer.base_url),
        _bits(uow, listed),
        uow.now(),
        purpose=listed.purpose,
    )
    signed = proofs.sign(unsigned, seal_of(uow, vault, issuer).signer, uow.now())
    listed.signed = json.dumps(signed).encode()
    listed.signed_at = uow.now()


def _bits(uow: UnitOfWork, listed: StatusList) -> Collection[int]:
    place = listed.pair_id or listed.id
    counts: sa.ColumnElement[bool] = Credential.revoked_at.is_not(None)
    if listed.purpose == SUSPENSION:
        counts = sa.or_(counts, Credential.suspended_at.is_not(None))
    living = sa.select(Credential.status_index).where(Credential.status_list_id == place, counts)
    erased = sa.select(SpentPlace.status_index).where(
        SpentPlace.status_list_id == place, SpentPlace.revoked.is_(True)
    )
    return set(uow.session.scalars(living)) | set(uow.session.scalars(erased))


def _open(
    uow: UnitOfWork, issuer: Issuer, purpose: str, partner: StatusList | None = None
) -> StatusList:
    listed = StatusList(
        issuer_id=issuer.id,
        handle=uow.new_handle(),
        purpose=purpose,
        pair_id=partner.id if partner else None,
        signed=b"",
        signed_at=uow.now(),
        created_at=uow.now(),
    )
    uow.session.add(listed)
    uow.session.flush()
    return listed


def _is_taken(uow: UnitOfWork, pair: Pair, index: int) -> bool:
    place = pair.revocation.id
    return any(
        uow.session.scalar(
            sa.select(model.id).where(model.status_list_id == place, model.status_index == index)
        )
        for model in (Credential, SpentPlace)
    )


def _taken(uow: UnitOfWork, pair: Pair) -> set[int]:
    place = pair.revocation.id
    return {
        index
        for model in (Credential, SpentPlace)
        for index in uow.session.scalars(
            sa.select(model.status_index).where(model.status_list_id == place)
        )
    }


def names_suspensions(uow: UnitOfWork, credential: Credential) -> bool:
    """Whether the newest edition of a credential can be suspended through its own status entry."""
    claims = uow.session.scalars(
        sa.select(CredentialEdition.claims)
        .where(CredentialEdition.credential_id == credential.id)
        .order_by(CredentialEdition.number.desc())
    ).first()
    entry = (claims or {}).get("credentialStatus", {})
    return bool(entry.get("statusPurpose") == SUSPENSION)
