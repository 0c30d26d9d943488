"""The token checks of Security Framework 1.0, 5.1.3, one by one and with made-up input."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from lti.errors import LaunchRefused
from lti.verification import Expected, key_id, verify
from plugin.kernel.ids import hash_secret

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLATFORM = generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = generate_private_key(public_exponent=65537, key_size=2048)
EXPECTED = Expected("https://lms.example.edu", "client-1", hash_secret("nonce-1"))


def claims(**changes: object) -> dict[str, object]:
    found: dict[str, object] = {
        "iss": "https://lms.example.edu",
        "aud": "client-1",
        "sub": "user-1",
        "iat": NOW.timestamp() - 5,
        "exp": NOW.timestamp() + 300,
        "nonce": "nonce-1",
    }
    found.update(changes)
    return {name: value for name, value in found.items() if value is not ...}


def token(body: object = None, key: object = PLATFORM, alg: str = "RS256", **header: object) -> str:
    payload = json.dumps(claims() if body is None else body).encode()
    return jwt.api_jws.encode(payload, key, algorithm=alg, headers={"kid": "k1", **header})


def checked(a_token: str, expected: Expected = EXPECTED) -> dict[str, object]:
    assert key_id(a_token)
    return verify(a_token, PLATFORM.public_key(), expected, NOW)


def refusal(a_token: str, expected: Expected = EXPECTED) -> str:
    with pytest.raises(LaunchRefused) as refused:
        checked(a_token, expected)
    return refused.value.code


def test_a_good_token_gives_its_claims() -> None:
    good = token()
    assert key_id(good) == "k1"
    assert verify(good, PLATFORM.public_key(), EXPECTED, NOW)["sub"] == "user-1"


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp", "iat", "nonce"])
def test_each_required_claim_is_required(name: str) -> None:
    assert refusal(token(claims(**{name: ...}))) == "claim_missing"
    assert refusal(token(claims(**{name: None}))) == "claim_missing"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://other.example.edu"}, "issuer_mismatch"),
        ({"iss": "https://lms.example.edu/"}, "issuer_mismatch"),
        ({"aud": "client-2"}, "audience_mismatch"),
        ({"aud": ["client-2", "client-3"], "azp": "client-2"}, "audience_mismatch"),
        ({"aud": {"client-1": 1}}, "audience_mismatch"),
        ({"aud": ["client-1", 7]}, "audience_mismatch"),
        ({"aud": ["client-1", "client-2"]}, "authorized_party_missing"),
        ({"aud": ["client-1", "client-2"], "azp": "client-2"}, "authorized_party_mismatch"),
        ({"azp": "client-2"}, "authorized_party_mismatch"),
        ({"exp": NOW.timestamp() - 60}, "token_expired"),
        ({"iat": NOW.timestamp() + 61}, "token_from_the_future"),
        ({"iat": NOW.timestamp() - 3661}, "token_too_old"),
        ({"nbf": NOW.timestamp() + 61}, "token_not_yet_valid"),
        ({"exp": "tomorrow"}, "claim_malformed"),
        ({"exp": True}, "claim_malformed"),
        ({"iat": 1e300}, "claim_malformed"),
        ({"sub": 5}, "claim_malformed"),
        ({"sub": "x" * 256}, "claim_malformed"),
        ({"nonce": "nonce-2"}, "nonce_mismatch"),
        ({"nonce": ["nonce-1"]}, "nonce_mismatch"),
    ],
)
def test_a_wrong_claim_is_named(changes: dict[str, object], code: str) -> None:
    assert refusal(token(claims(**changes))) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["client-1"]},
        {"aud": ["other", "client-1"], "azp": "client-1"},
        {"azp": "client-1"},
        {"exp": NOW.timestamp() - 59},
        {"iat": NOW.timestamp() + 59},
        {"iat": NOW.timestamp() - 3659},
        {"sub": "x" * 255},
    ],
)
def test_what_the_standard_allows_is_let_in(changes: dict[str, object]) -> None:
    verify(token(claims(**changes)), PLATFORM.public_key(), EXPECTED, NOW)


def test_only_rs256_of_the_registered_key() -> None:
    pem = PLATFORM.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=")
    for alg, sign in (("none", None), ("HS256", pem)):
        head = base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "k1"}).encode())
        signed = head.rstrip(b"=") + b"." + body
        mac = b"" if sign is None else hmac.new(sign, signed, hashlib.sha256).digest()
        forged = signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")
        assert refusal(forged.decode()) == "token_algorithm"
    assert refusal(token(alg="RS384")) == "token_algorithm"
    assert refusal(token(key=STRANGER)) == "signature_invalid"
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key()))
    assert refusal(token(key=STRANGER, jwk=jwk, jku="https://evil.example/")) == "signature_invalid"


def test_header_traps() -> None:
    assert refusal(token(kid="")) == "token_key_id_missing"
    assert refusal(token(kid="k" * 256)) == "token_key_id_missing"
    assert refusal(token(crit=["exp"])) in ("token_header_critical", "token_malformed")


def test_a_short_key_is_refused() -> None:
    short = generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(LaunchRefused) as refused:
        verify("a.b.c", short.public_key(), EXPECTED, NOW)
    assert refused.value.code == "key_too_short"


@pytest.mark.parametrize("payload", ['["x"]', '"x"', "7", "{", '{"a":1,"a":2}', '{"exp":NaN}', ""])
def test_a_payload_that_is_no_plain_object_is_refused(payload: str) -> None:
    signed = jwt.api_jws.encode(
        payload.encode(), PLATFORM, algorithm="RS256", headers={"kid": "k1"}
    )
    assert refusal(signed) == "token_malformed"


@given(st.text(max_size=400))
def test_any_text_is_refused_without_a_crash(text: str) -> None:
    refusal(text)


@given(st.integers(0, 10**6), st.sampled_from("abcXYZ019-_."))
def test_no_changed_character_is_let_in(place: int, other: str) -> None:
    """Whatever single character of a good token changes, it is refused or still says the same."""
    good = token()
    place %= len(good)
    changed = good[:place] + other + good[place + 1 :]
    try:
        key_id(changed)
        found = verify(changed, PLATFORM.public_key(), EXPECTED, NOW)
    except LaunchRefused:
        return
    assert found == claims()


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.lists(st.text(max_size=8), max_size=3),
    st.dictionaries(st.text(max_size=4), st.integers()),
)


@given(st.sampled_from(["iss", "aud", "azp", "sub", "exp", "iat", "nbf", "nonce"]), _VALUES)
def test_any_value_of_any_claim_is_decided(name: str, value: object) -> None:
    """Signed nonsense is refused with a code or is truly acceptable; it never crashes."""
    body = claims(**{name: value})
    try:
        found = verify(token(body), PLATFORM.public_key(), EXPECTED, NOW)
    except LaunchRefused:
        return
    assert found["iss"] == EXPECTED.issuer
    assert found["exp"] > (NOW - timedelta(seconds=60)).timestamp()
