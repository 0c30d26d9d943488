"""Credentials of ours, judged offline by @digitalbazaar/vc with both copies of context-3.0.3."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from plugin.credentials import proofs, status_list
from tests.contracts.openbadges import examples, npm

NOW = "2026-02-01T00:00:00Z"
AUTHENTIC = [
    examples.signed(),
    examples.signed(examples.variant(holder_name="Zoë Nguyễn-O’Hara")),
    examples.signed(examples.variant(status=None, outcomes=(), evidence=())),
    examples.signed(examples.variant(holder_name='He said "hi" \\ then\nleft\t\U0001f393')),
]


def listed(*revoked: int) -> dict[str, Any]:
    unsigned = status_list.document(examples.STATUS_URL, examples.ISSUER, revoked, examples.NOW)
    return {examples.STATUS_URL: proofs.sign(unsigned, examples.SIGNER, examples.NOW)}


@pytest.mark.parametrize("older", [False, True], ids=["packaged contexts", "older contexts"])
def test_our_credentials_verify(older: bool) -> None:
    verdicts = npm.judge(
        AUTHENTIC, dids=examples.DIDS, now=NOW, documents=listed(1, 2), older_contexts=older
    )

    assert [(v.verified, v.revoked, v.reason) for v in verdicts] == [(True, False, "")] * 4


def test_a_revoked_credential_verifies_and_is_revoked() -> None:
    (verdict,) = npm.judge(
        [examples.signed()], dids=examples.DIDS, now=NOW, documents=listed(94_321)
    )

    assert (verdict.verified, verdict.revoked) == (True, True)


def tampered() -> dict[str, dict[str, Any]]:
    changes: dict[str, dict[str, Any]] = {}
    for name in ("level", "holder", "extra member", "other key"):
        changes[name] = copy.deepcopy(examples.signed())
    subject = changes["level"]["credentialSubject"]
    subject["result"][0]["achievedLevel"] = examples.CRITERIA[0].levels[2].id
    changes["holder"]["credentialSubject"]["id"] = "urn:uuid:11111111-1111-4111-8111-111111111111"
    changes["extra member"]["credentialSubject"]["grade"] = "A"
    method = f"{examples.DID}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
    changes["other key"]["proof"][0]["verificationMethod"] = method
    return changes


@pytest.mark.parametrize("case", sorted(tampered()))
def test_a_tampered_credential_is_refused(case: str) -> None:
    (verdict,) = npm.judge([tampered()[case]], dids=examples.DIDS, now=NOW, documents=listed())

    assert not verdict.verified
    assert verdict.reason


def test_an_issuer_whose_document_lacks_the_key_is_refused() -> None:
    emptied = copy.deepcopy(examples.DIDS)
    emptied[examples.DID]["assertionMethod"] = []

    (verdict,) = npm.judge([examples.signed()], dids=emptied, now=NOW, documents=listed())

    assert not verdict.verified
