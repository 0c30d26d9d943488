"""Data Integrity proofs with eddsa-rdfc-2022 (W3C VC-DI-EDDSA 1.0, section 3.2).

hashData = SHA-256(canonical proof options) || SHA-256(canonical document); Ed25519 over the 64
bytes. Signing and reading are two separate paths over the same canonical form, and the tests have
a program that we did not write judge both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plugin.credentials import jsonld
from plugin.credentials.errors import CredentialError, KeyMalformed, ProofInvalid
from plugin.credentials.jsonld import Contexts, Json
from plugin.credentials.multikey import (
    SigningKey,
    VerifyingKey,
    multibase_decode,
    multibase_encode,
)
from plugin.credentials.quads import Templates

CRYPTOSUITE = "eddsa-rdfc-2022"
PURPOSE = "assertionMethod"
_MEMBERS = {"type", "created", "verificationMethod", "cryptosuite", "proofPurpose", "proofValue"}


@dataclass(frozen=True)
class Signer:
    """A private key together with the address under which the issuer publishes its public half."""

    key: SigningKey
    verification_method: str


def timestamp(moment: datetime) -> str:
    """dateTimeStamp with a zone, in whole seconds of UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def proof_options(verification_method: str, created: datetime) -> Json:
    return {
        "type": "DataIntegrityProof",
        "created": timestamp(created),
        "verificationMethod": verification_method,
        "cryptosuite": CRYPTOSUITE,
        "proofPurpose": PURPOSE,
    }


def hash_data(document: Json, options: Json, contexts: Contexts | None = None) -> bytes:
    """The 64 bytes that are signed, for a document that passes `jsonld.check`. `document` carries
    no proof, `options` no value."""
    expanded = jsonld.check(document, contexts)
    placed = {"@context": document["@context"], **options}
    return (
        hashlib.sha256(jsonld.canonical(placed, contexts)).digest()
        + hashlib.sha256(jsonld.canonical(expanded, contexts)).digest()
    )


def sign(document: Json, signer: Signer, created: datetime) -> Json:
    """The document with its proof. The proof is a list: both families of OB schemas accept that."""
    options = proof_options(signer.verification_method, created)
    return _with_proof(document, options, signer.key.sign(hash_data(document, options)))


def sign_many(
    documents: Sequence[Json],
    signer: Signer,
    created: datetime,
    templates: Templates,
    check_every: int = 100,
) -> list[Json]:
    """Sign many of few shapes, each as `sign` would: a shape is expanded once (`quads`).

    The first and every `check_every`-th are computed the plain way too. Raises CredentialError when
    the two ways differ, which would be a bug of ours; nothing is signed then.
    """
    if not documents:
        return []
    options = proof_options(signer.verification_method, created)
    placed = {"@context": documents[0]["@context"], **options}
    head = hashlib.sha256(jsonld.canonical(placed)).digest()
    signed = []
    for number, document in enumerate(documents):
        data = head + hashlib.sha256(templates.canonical(document)).digest()
        if number % check_every == 0 and data != hash_data(document, options):
            raise CredentialError("two ways of canonicalising a credential disagree")
        signed.append(_with_proof(document, options, signer.key.sign(data)))
    return signed


def _with_proof(document: Json, options: Json, signature: bytes) -> Json:
    return {**document, "proof": [{**options, "proofValue": multibase_encode(signature)}]}


def verify(
    secured: Mapping[str, Any],
    keys: Mapping[str, VerifyingKey],
    contexts: Contexts | None = None,
) -> None:
    """Raise unless one of `keys` (by verification method) signed exactly this document."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    options = _only_proof(secured.get("proof"))
    value = options.pop("proofValue")
    key = keys.get(options["verificationMethod"])
    if key is None:
        raise ProofInvalid("the proof names a key that the issuer does not publish")
    if issuer_of(document) != options["verificationMethod"].partition("#")[0]:
        raise ProofInvalid("the proof was made by somebody else than the issuer")
    try:
        signature = multibase_decode(value)
    except KeyMalformed as problem:
        raise ProofInvalid("the proof value is no signature") from problem
    if not key.accepts(signature, hash_data(document, options, contexts)):
        raise ProofInvalid("the content was changed after it was signed")


def issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's identifier, given as text or as a profile."""
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(name, str):
        raise ProofInvalid("the document names no issuer")
    return name


def _only_proof(proof: object) -> dict[str, str]:
    found = proof if isinstance(proof, list) else [proof]
    if len(found) != 1 or not isinstance(found[0], dict):
        raise ProofInvalid("exactly one proof is expected")
    options = found[0]
    if set(options) != _MEMBERS or not all(isinstance(value, str) for value in options.values()):
        raise ProofInvalid("the proof has missing or unknown members")
    expected = ("DataIntegrityProof", CRYPTOSUITE, PURPOSE)
    if (options["type"], options["cryptosuite"], options["proofPurpose"]) != expected:
        raise ProofInvalid("the proof is of a kind that we do not read")
    return dict(options)
