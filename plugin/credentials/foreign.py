"""Reading credentials of any issuer: proof, keys and dates, step by step, each with its reason.

Pure: what has to be fetched (a DID document, a status list) is given in. Stricter than it has to
be where readers are known to be fooled: one proof, of one kind, for assertion, by a key that the
issuer's own document lists for that, controlled by the issuer; and no member under its full
address (`jsonld.check`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from plugin.credentials import jsonld
from plugin.credentials.errors import CredentialError, KeyMalformed, ProofInvalid
from plugin.credentials.jsonld import Contexts, Json
from plugin.credentials.multikey import VerifyingKey

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
_OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context{}.json"
# More contexts than we sign with: older versions of Open Badges 3.0, and CLR 2.0.
_MORE = {
    CLR: "clr-2.0.1.json",
    _OPEN_BADGES.format("-3.0.1"): "openbadges-3.0.1.json",
    _OPEN_BADGES.format("-3.0.2"): "openbadges-3.0.2.json",
    _OPEN_BADGES.format(""): "openbadges-3.0.3.json",
}

PROVEN, NAMED_BY_KEY, UNPROVEN = "proven", "named_by_key", "unproven"


@dataclass(frozen=True)
class Keys:
    """The keys with which an issuer may have signed, and how far they prove who that is.

    `proven`: the issuer's domain lists them. `named_by_key`: the name is the key (did:key).
    `unproven`: the key stands in the address itself, which anybody could have written.
    """

    trust: str
    multikeys: Mapping[str, VerifyingKey]
    jwks: Mapping[str, Mapping[str, Any]]


@cache
def contexts() -> Contexts:
    """The packaged contexts: those that we sign with, and more that others use."""
    folder = resources.files("plugin.credentials") / "contexts"
    more = {url: json.loads((folder / name).read_text("utf-8")) for url, name in _MORE.items()}
    return Contexts(dict(jsonld.packaged().documents) | more)


def keys_in_name(issuer: str, method: str) -> Keys | None:
    """Keys that need no document: did:key, and an issuer's address with a key as its fragment."""
    base, _hash, fragment = method.partition("#")
    if base != issuer or not fragment:
        return None
    try:
        key = VerifyingKey.from_multibase(fragment)
    except KeyMalformed:
        return None
    if issuer.startswith("did:key:"):
        if issuer != f"did:key:{fragment}":
            raise ProofInvalid("the proof was made with another key than the issuer's name says")
        return Keys(NAMED_BY_KEY, {method: key}, {})
    if issuer.startswith("https://"):
        return Keys(UNPROVEN, {method: key}, {})
    return None


def keys_of_document(did: str, document: Any) -> Keys:
    """The keys that a DID document lists for assertions and that belong to the DID itself."""
    if not isinstance(document, dict) or document.get("id") != did:
        raise ProofInvalid("the document at the issuer's domain is not the issuer's")
    listed = document.get("assertionMethod")
    methods = document.get("verificationMethod")
    if not isinstance(listed, list) or not isinstance(methods, list):
        raise ProofInvalid("the issuer's document lists no keys")
    embedded = [item for item in listed if isinstance(item, dict)]
    allowed = {item for item in listed if isinstance(item, str)} | {
        item.get("id") for item in embedded if isinstance(item.get("id"), str)
    }
    multikeys: dict[str, VerifyingKey] = {}
    jwks: dict[str, Mapping[str, Any]] = {}
    for method in [*methods, *embedded][:200]:
        if not isinstance(method, dict) or method.get("controller") != did:
            continue
        name = _full(did, method.get("id"))
        if name is None or not (name in allowed or method.get("id") in allowed):
            continue
        _take(name, method, multikeys, jwks)
    return Keys(PROVEN, multikeys, jwks)


def only_proof(document: Mapping[str, Any], now: datetime) -> tuple[Json, str]:
    """Options and value of the one proof. Raises ProofInvalid when it is of another kind, for
    another purpose, made in the future or no longer meant to hold."""
    found = document.get("proof")
    proofs = found if isinstance(found, list) else [found]
    if len(proofs) != 1 or not isinstance(proofs[0], dict):
        raise ProofInvalid("exactly one proof is expected")
    options = dict(proofs[0])
    value = options.pop("proofValue", None)
    if options.get("type") != "DataIntegrityProof":
        raise ProofInvalid("the proof is of a kind that we do not read")
    if options.get("cryptosuite") != "eddsa-rdfc-2022":
        raise ProofInvalid("the proof is of a kind that we do not read")
    if options.get("proofPurpose") != "assertionMethod":
        raise ProofInvalid("the proof was made for another purpose than to assert this")
    texts = ("verificationMethod", "created", "expires")
    if not isinstance(value, str) or not all(isinstance(options.get(n, ""), str) for n in texts):
        raise ProofInvalid("the proof has members that are no text")
    if not isinstance(options.get("verificationMethod"), str):
        raise ProofInvalid("the proof names no key")
    if set(options) - {"type", "cryptosuite", "proofPurpose", "id", *texts}:
        raise ProofInvalid("the proof has members that we do not know")
    if "created" in options and moment(options["created"]) > now:
        raise ProofInvalid("the proof says that it was made in the future")
    if "expires" in options and moment(options["expires"]) <= now:
        raise ProofInvalid("the proof says that it holds no longer")
    return options, value


def issuer_of(document: Mapping[str, Any]) -> str:
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(name, str) or ":" not in name:
        raise ProofInvalid("the document names no issuer")
    return name


def moment(text: object) -> datetime:
    """A date and time with a zone."""
    try:
        found = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError as problem:
        raise CredentialError("a date in it is none") from problem
    if found.tzinfo is None:
        raise CredentialError("a date in it has no zone")
    return found


def _full(did: str, name: object) -> str | None:
    if not isinstance(name, str):
        return None
    return did + name if name.startswith("#") else name


def _take(
    name: str,
    method: Json,
    multikeys: dict[str, VerifyingKey],
    jwks: dict[str, Mapping[str, Any]],
) -> None:
    text, jwk = method.get("publicKeyMultibase"), method.get("publicKeyJwk")
    if isinstance(text, str):
        try:
            multikeys[name] = VerifyingKey.from_multibase(text)
        except KeyMalformed:
            return
    elif isinstance(jwk, dict):
        jwks[name] = jwk
