"""Checking one of our own documents the way a stranger would: by its proof, with public keys."""

from __future__ import annotations

import json
from functools import lru_cache

from plugin.credentials import did, proofs
from plugin.credentials.errors import CredentialError
from plugin.credentials.multikey import VerifyingKey


@lru_cache(maxsize=2048)
def proof_holds(signed: bytes, issuer_did: str, keys: tuple[VerifyingKey, ...]) -> bool:
    """Whether a published key of the issuer signed these bytes. The answer never changes for the
    same bytes and keys, so it is kept: a page that many people open costs one check."""
    published = {did.verification_method(issuer_did, key): key for key in keys}
    try:
        proofs.verify(json.loads(signed), published)
    except (CredentialError, ValueError):
        return False
    return True
