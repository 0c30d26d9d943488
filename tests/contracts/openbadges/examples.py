"""Values for credentials in tests, varied enough to touch every member that we write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from plugin.credentials import did, openbadges, proofs
from plugin.credentials.multikey import SigningKey

BASE = "https://lantern.example"
NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
KEY = SigningKey.from_seed(bytes(range(32)))
DID = did.did_web(BASE, "issuers", "oak")
SIGNER = proofs.Signer(KEY, did.verification_method(DID, KEY.public))
PUBLISHED = {SIGNER.verification_method: KEY.public}
DIDS = {DID: did.did_document(DID, [KEY.public])}
STATUS_URL = f"{BASE}/issuers/oak/status/main"
ISSUER = openbadges.Profile(did=DID, name="Oak Street Community", url=BASE)


def criterion(handle: str, name: str) -> openbadges.Criterion:
    address = f"{BASE}/achievements/clear-writing#{handle}"
    levels = tuple(
        openbadges.Level(id=f"{address}-{rank}", name=word, rank=rank, description=f"{word} work")
        for rank, word in enumerate(("beginning", "solid", "outstanding"), start=1)
    )
    return openbadges.Criterion(id=address, name=name, levels=levels, required=levels[1].id)


CRITERIA = (criterion("argument", "Argument"), criterion("sources", "Use of sources"))
FACTS = openbadges.CredentialFacts(
    id="urn:uuid:0190f4c2-6a53-7c1e-9b7f-5b6c3f1b2a11",
    subject_id="urn:uuid:3f2d8a64-1c07-4f7e-8b55-7c0a3f9e1d22",
    issuer=ISSUER,
    achievement=openbadges.AchievementFacts(
        id=f"{BASE}/achievements/clear-writing",
        name="Clear writing",
        description="Writes an argument that others can follow and check.",
        narrative="Two people reviewed one piece of work against a rubric and both found at least "
        "the level “solid” – in every row.",
        kind="Competency",
        image_url=f"{BASE}/achievements/clear-writing/badge.svg",
        image_caption="Badge: Clear writing",
        criteria=CRITERIA,
    ),
    awarded=NOW,
    valid_from=NOW,
    outcomes=tuple(
        openbadges.Outcome(criterion_id=row.id, level_id=row.levels[1].id) for row in CRITERIA
    ),
    evidence=(
        openbadges.EvidenceFacts(
            name="Reviewed work",
            narrative="SHA-256 of the work: 9f86d081884c7d659a2feaa0c55ad015",
            genre="Peer-reviewed work",
        ),
        openbadges.EvidenceFacts(
            name="Accepted answer", narrative="Accepted.", url="https://forum.example/t/x/7/2"
        ),
    ),
    status=openbadges.StatusEntry(list_url=STATUS_URL, index=94_321),
)


def variant(**changes: Any) -> openbadges.CredentialFacts:
    return replace(FACTS, **changes)


def signed(facts: openbadges.CredentialFacts = FACTS) -> dict[str, Any]:
    return proofs.sign(openbadges.document(facts), SIGNER, NOW)
