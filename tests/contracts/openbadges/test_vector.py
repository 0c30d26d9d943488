"""The test vector of the Open Badges 3.0 implementation guide, byte for byte."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from plugin.credentials import proofs
from plugin.credentials.multikey import SigningKey, multibase_decode

DATA = Path(__file__).parent / "data"
VECTOR = json.loads((DATA / "vector.json").read_text("utf-8"))


def unsigned() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / "samples" / "valid-simple.json").read_text())
    return {name: value for name, value in document.items() if name != "proof"} | {
        "issuer": VECTOR["issuer"]
    }


def test_the_specifications_vector_is_reproduced_byte_for_byte() -> None:
    key = SigningKey.from_seed(bytes.fromhex(VECTOR["seed"]))
    signer = proofs.Signer(key, f"{VECTOR['issuer']['id']}#{VECTOR['public_key']}")
    created = datetime.fromisoformat(VECTOR["created"])

    options = proofs.proof_options(signer.verification_method, created)
    secured = proofs.sign(unsigned(), signer, created)

    assert key.public.multibase == VECTOR["public_key"]
    assert proofs.hash_data(unsigned(), options).hex() == (
        VECTOR["proof_hash"] + VECTOR["document_hash"]
    )
    assert secured["proof"][0]["proofValue"] == VECTOR["proof_value"]
    assert multibase_decode(VECTOR["proof_value"]).hex() == VECTOR["signature"]
    proofs.verify(secured, {signer.verification_method: key.public})


def test_the_valid_sample_of_1edtech_verifies() -> None:
    sample = json.loads((DATA / "samples" / "valid-simple.json").read_text("utf-8"))
    method = sample["proof"][0]["verificationMethod"]
    key = SigningKey.from_seed(bytes.fromhex(VECTOR["seed"])).public

    proofs.verify(sample, {method: key})
