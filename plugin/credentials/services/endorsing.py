"""Somebody vouches for a credential with their own key: an EndorsementCredential of their own.

The endorsement names the credential and, in words, the evidence that the endorser looked at; it is
embedded in the credential's next edition. Whoever may endorse what is decided by the caller.
"""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import sqlalchemy as sa

from plugin.credentials import openbadges, proofs
from plugin.credentials.models import Credential, Endorsement
from plugin.credentials.services.issuers import ensure_endorser, profile
from plugin.credentials.services.issuing import add_edition
from plugin.credentials.services.keys import seal_of
from plugin.kernel.crypto import Vault
from plugin.kernel.unit_of_work import UnitOfWork


def endorse(
    uow: UnitOfWork,
    vault: Vault,
    credential: Credential,
    *,
    person_id: UUID,
    shown_name: str,
    title: str,
    comment: str,
    base_url: str,
) -> Endorsement:
    """Sign and embed an endorsement. Unique: (credential, endorser); again replaces the words.

    `shown_name` is how the endorser appears, `title` the endorsement's name, `comment` what they
    vouch for. The credential is signed again under its id. Raises CredentialError for texts that
    cannot be signed.
    """
    endorser = ensure_endorser(uow, vault, person_id, name=shown_name, base_url=base_url)
    row = uow.session.scalars(
        sa.select(Endorsement).where(
            Endorsement.credential_id == credential.id, Endorsement.endorser_id == endorser.id
        )
    ).first() or Endorsement(
        credential_id=credential.id,
        endorser_id=endorser.id,
        uri=uuid4().urn,
        created_at=uow.now(),
    )
    unsigned = openbadges.endorsement(
        openbadges.EndorsementFacts(
            id=row.uri,
            endorser=profile(endorser),
            about=credential.uri,
            name=title,
            comment=comment,
            valid_from=uow.now(),
        )
    )
    signed = proofs.sign(unsigned, seal_of(uow, vault, endorser).signer, uow.now())
    row.person_id = person_id
    row.comment = comment
    row.signed = json.dumps(signed).encode()
    row.withdrawn_at = None
    uow.session.add(row)
    uow.session.flush()
    add_edition(uow, vault, credential)
    uow.audit(
        "credentials.credential.endorsed",
        actor=person_id,
        subject=f"credential:{credential.handle}",
    )
    return row


def withdraw(uow: UnitOfWork, vault: Vault, endorsement: Endorsement, *, actor: UUID) -> None:
    """Vouch no more: the next edition is without it. Copies that were taken keep it."""
    if endorsement.withdrawn_at is not None:
        return
    endorsement.withdrawn_at = uow.now()
    uow.session.flush()
    credential = uow.session.get_one(Credential, endorsement.credential_id)
    add_edition(uow, vault, credential)
    uow.audit(
        "credentials.endorsement.withdrawn",
        actor=actor,
        subject=f"credential:{credential.handle}",
    )
