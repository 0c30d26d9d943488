"""Checking credentials of any issuer, and what attackers try with such a check."""

from __future__ import annotations

import copy
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from plugin.credentials import (
    baking,
    did,
    foreign,
    isolated,
    openbadges,
    proofs,
    status_list,
    untrusted,
    vc_jwt,
)
from plugin.credentials.errors import CredentialError, UndefinedTerm
from plugin.credentials.multikey import SigningKey
from plugin.credentials.services.examining import examine, text_of
from plugin.credentials.verdicts import BAD, GOOD, WARN, Examined, Words
from plugin.kernel.http import AddressRefused, Answer, RemoteCallFailed
from plugin.kernel.services import Services
from tests.contracts.openbadges import examples
from tests.plugin.credentials.conftest import Place

SAMPLES = Path(__file__).parents[2] / "contracts" / "openbadges" / "data" / "samples"
DID_URL = did.location(examples.DID)
JWT_KEY = ec.derive_private_key(7, ec.SECP256R1())
JWK = vc_jwt.public_jwk(JWT_KEY)
KID = did.jwt_method(examples.DID, vc_jwt.thumbprint(JWK))
JWT_SIGNER = vc_jwt.JwtSigner(JWT_KEY, "ES256", KID)
ONE = openbadges.document(examples.variant())


@dataclass
class Net:
    """What the outside would answer; everything else does not answer. Keeps what was asked."""

    documents: Mapping[str, Any]
    asked: list[str] = field(default_factory=list)

    def request(self, _method: str, url: str, **options: Any) -> Answer:
        self.asked.append(url)
        assert options["max_bytes"] <= 300_000
        if url not in self.documents:
            raise RemoteCallFailed(url, "no answer in time", retryable=True)
        body = self.documents[url]
        return Answer(200, {}, body if isinstance(body, bytes) else json.dumps(body).encode(), url)


def listed(*revoked: int, purpose: str = "revocation", **changes: Any) -> dict[str, Any]:
    unsigned = status_list.document(
        examples.STATUS_URL, examples.ISSUER, revoked, examples.NOW, purpose=purpose
    )
    return proofs.sign(unsigned | changes, examples.SIGNER, examples.NOW)


def outside(**more: Any) -> dict[str, Any]:
    document = did.did_document(examples.DID, [examples.KEY.public], {KID.partition("#")[2]: JWK})
    return {DID_URL: document, examples.STATUS_URL: listed()} | more


@pytest.fixture
def check(place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Examined]:
    """Examine with what the outside would answer; canonicalising in this process, which is faster.
    `test_the_child_process` has the other way."""
    monkeypatch.setattr(
        isolated,
        "hash_data",
        lambda document, options: proofs.hash_data(document, options, foreign.contexts()),
    )

    def run(text: str | dict[str, Any], documents: dict[str, Any] | None = None) -> Examined:
        net = Net(outside() if documents is None else documents)
        services: Services = replace(place.services, http=net)  # type: ignore[arg-type]
        found = examine(services, text if isinstance(text, str) else json.dumps(text))
        run.asked = net.asked  # type: ignore[attr-defined]
        return found

    return run


def words(found: Examined, subject: str) -> list[Words]:
    return [check.words for check in found.checks if check.subject == subject]


def test_a_good_one_is_good_in_every_respect(check: Callable[..., Examined]) -> None:
    found = check(examples.signed(examples.variant(holder_name="Zoë")))

    assert found.verdict == GOOD
    assert [item.words for item in found.checks] == [
        Words.PROOF_FITS,
        Words.ISSUER_PROVEN,
        Words.NOT_REVOKED,
        Words.NO_END,
        Words.SHAPE_FITS,
    ]
    assert found.holder == "Zoë"
    assert check.asked == [DID_URL, examples.STATUS_URL]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [("revocation", Words.REVOKED), ("suspension", Words.SUSPENDED)],
)
def test_a_set_bit_is_told_by_its_purpose(
    check: Callable[..., Examined], purpose: str, expected: Words
) -> None:
    entry = openbadges.StatusEntry(list_url=examples.STATUS_URL, index=9, purpose=purpose)
    documents = outside() | {examples.STATUS_URL: listed(9, purpose=purpose)}

    found = check(examples.signed(examples.variant(status=entry)), documents)

    assert words(found, "status") == [expected]
    assert found.verdict == BAD


def test_dates_are_read(check: Callable[..., Examined], place: Place) -> None:
    now = place.services.clock.now()
    past = examples.variant(valid_until=examples.NOW + timedelta(seconds=1))
    for facts, expected in (
        (past, Words.EXPIRED if now > examples.NOW + timedelta(seconds=1) else Words.UNTIL),
        (examples.variant(valid_from=now + timedelta(days=1)), Words.NOT_YET),
        (examples.variant(valid_until=now + timedelta(days=1)), Words.UNTIL),
    ):
        assert words(check(examples.signed(facts)), "dates") == [expected]


def test_every_valid_sample_of_1edtech_verifies_with_its_issuer_unproven(
    check: Callable[..., Examined],
) -> None:
    for path in sorted((SAMPLES / "valid").iterdir()):
        found = check(text_of(path.read_bytes()), {})
        assert Words.PROOF_FITS in words(found, "proof"), path.name
        assert words(found, "issuer") == [Words.ISSUER_UNPROVEN], path.name
        assert found.verdict == WARN, path.name
        assert check.asked == []  # type: ignore[attr-defined]


REASONS = {
    "context": (Words.SHAPE_WRONG, "too short"),
    "credential-subject-achievement-result-description-type": (Words.SHAPE_WRONG, "type"),
    "credential-subject-identifier-type": (Words.SHAPE_WRONG, "IdentityObject"),
    "credential-subject-profile-type": (Words.SHAPE_WRONG, "source/type"),
    "credential-subject-result-type": (Words.SHAPE_WRONG, "result/0"),
    "credential-subject-type": (Words.SHAPE_WRONG, "AchievementSubject"),
    "evidence-type": (Words.SHAPE_WRONG, "evidence/0/type"),
    "expired": (Words.EXPIRED, "2010-01-01"),
    "issued": (Words.NOT_YET, "2040-01-01"),
    "issuer": (Words.PROOF_FAILS, "names no issuer"),
    "issuer-otheridentifier-type": (Words.SHAPE_WRONG, "issuer"),
    "issuer-parentorg-type": (Words.NOT_COVERED, "InvalidProfile"),
    "issuer-type": (Words.NOT_COVERED, "InvalidProfile"),
    "proof-method": (Words.PROOF_FAILS, "no key that we can find"),
    "proof-method-no-scheme": (Words.PROOF_FAILS, "somebody else"),
    "proof-method-unknown-did-method": (Words.PROOF_FAILS, "somebody else"),
    "proof-method-unknown-scheme": (Words.PROOF_FAILS, "somebody else"),
    "proof-value": (Words.PROOF_FAILS, "changed after"),
    "type": (Words.NOT_COVERED, "OtherCredential"),
}


def test_every_invalid_sample_of_1edtech_is_refused_for_its_reason(
    check: Callable[..., Examined],
) -> None:
    names = {p.stem.removeprefix("ob30__simple-err-") for p in (SAMPLES / "invalid").iterdir()}
    assert names == set(REASONS)
    for name, (expected, detail) in REASONS.items():
        text = (SAMPLES / "invalid" / f"ob30__simple-err-{name}.json").read_text("utf-8")
        found = check(text, {})
        said = [item for item in found.checks if item.words is expected]
        assert said, (name, found.checks)
        assert detail in said[0].detail, (name, said)
        assert found.verdict == BAD


def tampered(**proof: Any) -> dict[str, Any]:
    credential = examples.signed()
    credential["proof"][0] |= proof
    return credential


@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        ({"proofPurpose": "authentication"}, "another purpose"),
        ({"created": "2099-01-01T00:00:00Z"}, "in the future"),
        ({"created": "2026-01-15T10:30:00"}, "no zone"),
        ({"expires": "2020-01-01T00:00:00Z"}, "no longer"),
        ({"verificationMethod": "did:web:evil.example#key"}, "somebody else"),
        ({"verificationMethod": f"{examples.DID}#key"}, "does not publish"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "do not read"),
        ({"proofValue": "z" + "1" * 88}, "changed after"),
        ({"proofValue": 5}, "no text"),
        ({"nonce": "x"}, "do not know"),
        ({"domain": "https://x.example"}, "do not know"),
    ],
)
def test_a_proof_with_other_options_is_refused(
    check: Callable[..., Examined], proof: dict[str, Any], reason: str
) -> None:
    found = check(tampered(**proof))

    (step,) = [item for item in found.checks if item.subject == "proof"]
    assert step.words is Words.PROOF_FAILS
    assert reason in step.detail


def test_a_key_that_somebody_else_controls_or_that_is_not_for_assertions_counts_not(
    check: Callable[..., Examined],
) -> None:
    stranger = SigningKey.from_seed(b"s" * 32)
    method = did.verification_method(examples.DID, stranger.public)
    forged = proofs.sign(ONE, proofs.Signer(stranger, method), examples.NOW)
    theirs = {
        "id": method,
        "type": "Multikey",
        "controller": "did:web:evil.example",
        "publicKeyMultibase": stranger.public.multibase,
    }
    for changed in (
        {"verificationMethod": [theirs], "assertionMethod": [method]},
        {"verificationMethod": [theirs | {"controller": examples.DID}], "assertionMethod": []},
        {"id": "did:web:evil.example"},
        {"verificationMethod": "none"},
    ):
        found = check(forged, outside() | {DID_URL: outside()[DID_URL] | changed})
        assert words(found, "proof") == [Words.PROOF_FAILS]


def test_an_expiry_hidden_under_its_address_and_an_inline_context_are_refused(
    check: Callable[..., Examined],
) -> None:
    expired = examples.signed(examples.variant(valid_until=examples.NOW))
    expired["https://www.w3.org/2018/credentials#validUntil"] = expired.pop("validUntil")
    inline = examples.signed()
    inline["@context"] = [*inline["@context"], {"validUntil": "https://x.example/other"}]
    nested = examples.signed()
    nested["credentialSubject"]["@context"] = {"achievement": "https://x.example/a"}

    for document in (expired, inline, nested):
        assert words(check(document), "proof") == [Words.NOT_COVERED]


def test_tokens_are_read_and_the_key_decides_on_the_algorithm(
    check: Callable[..., Examined],
) -> None:
    token = vc_jwt.sign(ONE, JWT_SIGNER)
    assert check(token).verdict == GOOD

    claims = jwt.decode(token, options={"verify_signature": False})
    forgeries = {
        "none": jwt.encode(claims, None, algorithm="none", headers={"kid": KID}),
        "public key as a secret": jwt.encode(
            claims, KID.ljust(64), algorithm="HS256", headers={"kid": KID}
        ),
        "key in the header": jwt.encode(
            claims,
            ec.generate_private_key(ec.SECP256R1()),
            algorithm="ES256",
            headers={"kid": KID, "jwk": JWK},
        ),
        "another key": jwt.encode(
            claims,
            ec.generate_private_key(ec.SECP256R1()),
            algorithm="ES256",
            headers={"kid": KID},
        ),
        "another address": jwt.encode(
            claims, JWT_KEY, algorithm="ES256", headers={"kid": "did:web:evil.example#k"}
        ),
        "another subject": jwt.encode(
            claims | {"sub": "urn:uuid:0"}, JWT_KEY, algorithm="ES256", headers={"kid": KID}
        ),
        "a later end": jwt.encode(
            claims | {"exp": 4_000_000_000}, JWT_KEY, algorithm="ES256", headers={"kid": KID}
        ),
    }
    for name, forged in forgeries.items():
        assert words(check(forged), "proof") == [Words.PROOF_FAILS], name
    critical = jwt.encode(
        claims, JWT_KEY, algorithm="ES256", headers={"kid": KID, "crit": ["x"], "x": 1}
    )
    with pytest.raises(CredentialError):
        check(critical)


def test_a_status_list_of_somebody_else_for_something_else_or_out_of_date_proves_nothing(
    check: Callable[..., Examined],
) -> None:
    other = SigningKey.from_seed(b"o" * 32)
    theirs = did.did_web("https://evil.example")
    foreign_list = proofs.sign(
        listed() | {"issuer": theirs},
        proofs.Signer(other, did.verification_method(theirs, other.public)),
        examples.NOW,
    )
    unsigned = {name: value for name, value in listed().items() if name != "proof"}
    bomb = copy.deepcopy(unsigned)
    bomb["credentialSubject"]["encodedList"] = status_list.encode((), 64 * 1024 * 1024)
    short = copy.deepcopy(unsigned)
    short["credentialSubject"]["encodedList"] = status_list.encode((), 1024)
    for bad in (
        foreign_list,
        listed(purpose="suspension"),
        listed(validUntil="2020-01-01T00:00:00Z"),
        proofs.sign(bomb, examples.SIGNER, examples.NOW),
        proofs.sign(short, examples.SIGNER, examples.NOW),
        unsigned,
        b"not json",
        b"[" * 100_000,
    ):
        found = check(examples.signed(), outside() | {examples.STATUS_URL: bad})
        assert words(found, "status") == [Words.STATUS_FAILS]
        assert found.verdict == WARN


@pytest.mark.parametrize(
    "address",
    [
        "http://lists.example/1",
        "file:///etc/passwd",
        "gopher://localhost/1",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://localhost:5432/",
    ],
)
def test_addresses_inside_are_not_asked(place: Place, address: str) -> None:
    """With the real client: its guard refuses, and only https gets as far as that."""
    entry = openbadges.StatusEntry(list_url=address, index=1)
    key = examples.KEY.public.multibase
    issuer = replace(examples.ISSUER, did=f"did:key:{key}")
    signer = proofs.Signer(examples.KEY, f"did:key:{key}#{key}")
    document = openbadges.document(examples.variant(issuer=issuer, status=entry))
    credential = proofs.sign(document, signer, examples.NOW)

    found = examine(place.services, json.dumps(credential))

    assert words(found, "proof") == [Words.PROOF_FITS]
    assert words(found, "issuer") == [Words.ISSUER_IS_A_KEY]
    assert words(found, "status") == [Words.STATUS_FAILS]


@pytest.mark.parametrize(
    "identifier",
    [
        "did:web:",
        "did:web:evil.example:..:admin",
        "did:web:evil.example%2F@x",
        "did:web:a%0d%0aHost:x",
        "did:web:user%40evil.example",
        "did:web:evil.example:a%2Fb",
        "did:web:evil.example:x%3Fy=1",
        "did:web:evil.example#x",
    ],
)
def test_names_that_would_lead_elsewhere_are_refused(identifier: str) -> None:
    with pytest.raises(CredentialError):
        did.location(identifier)


def test_did_web_leads_where_the_method_says() -> None:
    assert did.location("did:web:a.example") == "https://a.example/.well-known/did.json"
    assert did.location("did:web:a.example%3A8443:b:c") == "https://a.example:8443/b/c/did.json"


def test_no_more_than_a_few_documents_are_fetched(check: Callable[..., Examined]) -> None:
    credential = examples.signed()
    others = []
    for number in range(8):
        key = SigningKey.from_seed(bytes([number]) * 32)
        name = f"did:web:e{number}.example"
        facts = openbadges.EndorsementFacts(
            id=f"urn:uuid:{number}",
            endorser=openbadges.Profile(did=name, name="E", url="https://e.example"),
            about=credential["id"],
            name="E",
            comment="Good",
            valid_from=examples.NOW,
        )
        signer = proofs.Signer(key, did.verification_method(name, key.public))
        others.append(proofs.sign(openbadges.endorsement(facts), signer, examples.NOW))

    check(credential | {"endorsement": others})

    assert len(check.asked) <= 4  # type: ignore[attr-defined]


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    "text",
    [
        deep(30),
        deep(100_000),
        "[" * 200_000,
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": ' + "9" * 5000 + "}",
        "{" + ",".join(f'"{n}": {{}}' for n in range(5000)) + "}",
        json.dumps({"id": "_:b0"}),
        json.dumps({"evidence": [{"type": ["Evidence"]}] * 7}),
        "x" * (untrusted.LARGEST_TEXT + 1),
        "[]",
        "",
        "a.b.c",
        "..",
        "\x00",
        '"text"',
    ],
    ids=range(16),
)
def test_what_is_no_credential_is_refused_at_once(place: Place, text: str) -> None:
    with pytest.raises(CredentialError):
        examine(place.services, text)


def test_a_poison_graph_does_not_keep_the_server_busy(check: Callable[..., Examined]) -> None:
    """Parts whose values differ only further down look alike to RDF canonicalisation."""
    credential = examples.signed()
    credential["evidence"] = [
        {"type": ["Evidence"], "name": "x", "genre": "y", "narrative": str(number % 5)}
        for number in range(200)
    ]
    with pytest.raises(untrusted.TooMuch):
        check(credential)


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0" * 5))
    + chunk(b"IEND", b"")
)


def test_pictures_carry_a_credential_and_nothing_else_is_read_from_them() -> None:
    text = json.dumps(examples.signed())
    baked = baking.bake_png(PNG, text)
    assert text_of(baked) == text
    assert text_of(baked + b"PK\x03\x04<script>alert(1)</script>") == text
    assert text_of(baking.bake_png(baked, text)) == text, "baking again replaces"
    svg = baking.bake_svg('<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>', text)
    assert text_of(svg.encode()) == text
    token = vc_jwt.sign(ONE, JWT_SIGNER)
    assert text_of(baking.bake_png(PNG, token)) == token
    assert text_of(baking.bake_svg('<svg xmlns="a"></svg>', token).encode()) == token


def twice(text: bytes) -> bytes:
    one = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text)
    return PNG[:33] + one * 2 + PNG[33:]


def packed(size: int) -> bytes:
    """A picture whose text unpacks to much more than it has."""
    data = zlib.compress(b"x" * size)
    return PNG[:33] + chunk(b"iTXt", b"openbadgecredential\0\x01\0\0\0" + data) + PNG[33:]


@pytest.mark.parametrize(
    "content",
    [
        PNG,
        PNG[:40],
        PNG[:-3],
        b"\x89PNG\r\n\x1a\n",
        PNG.replace(b"IDAT", b"IDAX"),
        twice(b"{}"),
        packed(50_000_000),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<svg",
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>',
        b"<svg>" + b"<g>" * 5000,
        b"\xff\xfe\x00binary",
        b"x" * (untrusted.LARGEST_FILE + 1),
    ],
    ids=range(14),
)
def test_damaged_and_hostile_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(CredentialError):
        text_of(content)


def test_the_child_process_says_the_same_and_ends_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = proofs.proof_options(examples.SIGNER.verification_method, examples.NOW)
    assert isolated.hash_data(ONE, options) == proofs.hash_data(ONE, options)
    with pytest.raises(UndefinedTerm):
        isolated.hash_data(ONE | {"grade": "A"}, options)
    monkeypatch.setattr(isolated, "SECONDS", 0.01)
    with pytest.raises(CredentialError, match="longer than we allow"):
        isolated.hash_data(ONE, options)


def test_the_guard_is_the_real_one(place: Place) -> None:
    with pytest.raises(AddressRefused):
        place.services.http.request("GET", "https://169.254.169.254/latest")
