"""Signing and reading Data Integrity proofs; traps of verifiers and attackers included."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.credentials import jsonld, openbadges, proofs
from plugin.credentials.errors import (
    CredentialError,
    ProofInvalid,
    UndefinedTerm,
    UnsafeText,
)
from plugin.credentials.multikey import SigningKey
from tests.contracts.openbadges import examples


def verify(credential: dict[str, Any]) -> None:
    proofs.verify(credential, examples.PUBLISHED)


def test_what_we_sign_we_accept() -> None:
    verify(examples.signed())


def test_a_changed_value_is_refused() -> None:
    credential = examples.signed()
    credential["credentialSubject"]["achievement"]["name"] = "Perfect writing"

    with pytest.raises(ProofInvalid, match="changed after"):
        verify(credential)


def test_a_key_that_the_issuer_does_not_publish_is_refused() -> None:
    stranger = SigningKey.from_seed(b"s" * 32)
    method = f"{examples.DID}#{stranger.public.multibase}"
    forged = proofs.sign(
        openbadges.document(examples.FACTS), proofs.Signer(stranger, method), examples.NOW
    )

    with pytest.raises(ProofInvalid, match="does not publish"):
        verify(forged)


def test_another_issuers_key_is_refused() -> None:
    other = SigningKey.from_seed(b"o" * 32)
    method = f"did:web:other.example#{other.public.multibase}"
    forged = proofs.sign(
        openbadges.document(examples.FACTS), proofs.Signer(other, method), examples.NOW
    )

    with pytest.raises(ProofInvalid, match="somebody else"):
        proofs.verify(forged, {method: other.public})


@pytest.mark.parametrize("place", ["document", "subject", "achievement"])
def test_an_undefined_term_is_never_signed(place: str) -> None:
    document = openbadges.document(examples.FACTS)
    subject = document["credentialSubject"]
    places = {"document": document, "subject": subject, "achievement": subject["achievement"]}
    places[place]["favouriteColour"] = "amber"

    with pytest.raises(UndefinedTerm):
        proofs.sign(document, examples.SIGNER, examples.NOW)


def test_an_undefined_type_or_relative_address_is_never_signed() -> None:
    for change in ({"type": ["Profile", "Wizard"]}, {"id": "issuers/oak"}):
        document = openbadges.document(examples.FACTS)
        document["issuer"] |= change
        with pytest.raises(UndefinedTerm):
            proofs.sign(document, examples.SIGNER, examples.NOW)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\x7f", "\ud800"])
def test_control_characters_are_refused(character: str) -> None:
    facts = examples.variant(holder_name=f"Ada{character}L")

    with pytest.raises(UnsafeText):
        proofs.sign(openbadges.document(facts), examples.SIGNER, examples.NOW)


def test_an_unknown_context_is_refused_and_not_fetched() -> None:
    document = openbadges.document(examples.FACTS)
    document["@context"].append("https://context.example/v1")

    with pytest.raises(UndefinedTerm):
        proofs.sign(document, examples.SIGNER, examples.NOW)
    with pytest.raises(CredentialError):
        jsonld.canonical(document)


def test_inline_contexts_are_refused() -> None:
    credential = examples.signed()
    credential["@context"].append({"name": "https://schema.org/description"})

    with pytest.raises(UndefinedTerm):
        verify(credential)


def test_an_expiry_hidden_under_its_full_address_is_refused() -> None:
    document = openbadges.document(examples.FACTS) | {"validUntil": "2026-01-16T00:00:00Z"}
    credential = proofs.sign(document, examples.SIGNER, examples.NOW)
    verify(credential)

    credential["https://www.w3.org/2018/credentials#validUntil"] = credential.pop("validUntil")

    with pytest.raises(UndefinedTerm, match="not accepted as members"):
        verify(credential)


@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "eddsa-rdf-2022"},
        {"proofPurpose": "authentication"},
        {"type": "Ed25519Signature2020"},
        {"expires": "2030-01-01T00:00:00Z"},
        {"proofValue": "z0OIl"},
        {"proofValue": "uAAAA"},
        {"proofValue": "z" + "1" * 500},
        {"created": 7},
    ],
)
def test_a_proof_of_another_kind_is_refused(change: dict[str, Any]) -> None:
    credential = examples.signed()
    credential["proof"][0] |= change

    with pytest.raises(ProofInvalid):
        verify(credential)


def test_a_missing_or_second_proof_is_refused() -> None:
    for proof in ([], examples.signed()["proof"] * 2, None, "proof"):
        with pytest.raises(ProofInvalid):
            verify(examples.signed() | {"proof": proof})


def test_both_copies_of_the_context_give_the_same_bytes() -> None:
    from tests.contracts.openbadges import npm

    document = openbadges.document(examples.FACTS)
    older = jsonld.Contexts(npm.contexts(older=True))

    assert jsonld.canonical(document) == jsonld.canonical(document, older)


plain = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=40, deadline=None)
@given(name=plain, narrative=plain)
def test_any_plain_text_survives_the_round_trip(name: str, narrative: str) -> None:
    evidence = (openbadges.EvidenceFacts(name="Work", narrative=narrative),)
    credential = examples.signed(examples.variant(holder_name=name, evidence=evidence))

    verify(copy.deepcopy(credential))
    credential["evidence"][0]["narrative"] = narrative + "!"
    with pytest.raises(ProofInvalid):
        verify(credential)
