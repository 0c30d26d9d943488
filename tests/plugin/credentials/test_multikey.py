"""Keys as text, did:web and the documents behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.credentials import did, multikey
from plugin.credentials.errors import CredentialError, KeyMalformed


@given(st.binary(max_size=80))
def test_base58_round_trip(data: bytes) -> None:
    assert multikey.base58_decode(multikey.base58_encode(data)) == data


@given(st.binary(min_size=32, max_size=32))
def test_a_key_survives_its_text_form(seed: bytes) -> None:
    key = multikey.SigningKey.from_seed(seed)

    assert key.seed == seed
    assert key.public.multibase.startswith("z6Mk")
    assert multikey.VerifyingKey.from_multibase(key.public.multibase) == key.public
    assert repr(seed) not in repr(key)


@pytest.mark.parametrize("text", ["", "z", "u6Mk", "z0", "z6Mk", "z" + "1" * 300])
def test_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(KeyMalformed):
        multikey.VerifyingKey.from_multibase(text)


def test_did_web_keeps_host_port_and_path() -> None:
    assert did.did_web("https://Lantern.example/", "issuers", "oak") == (
        "did:web:lantern.example:issuers:oak"
    )
    assert did.did_web("http://localhost:8080", "issuers", "a_b-c") == (
        "did:web:localhost%3A8080:issuers:a_b-c"
    )
    for wrong in ("lantern.example", "https://user@host", ""):
        with pytest.raises(CredentialError):
            did.did_web(wrong)


def test_a_did_document_lists_every_key_as_text() -> None:
    keys = [multikey.SigningKey.generate().public for _ in range(2)]
    document = did.did_document("did:web:lantern.example", keys)

    assert document["assertionMethod"] == [m["id"] for m in document["verificationMethod"]]
    assert all(m["controller"] == document["id"] for m in document["verificationMethod"])
    assert [m["publicKeyMultibase"] for m in document["verificationMethod"]] == [
        key.multibase for key in keys
    ]
