"""Key sets of platforms: cached, refetched with care, outlived when the platform is down."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import jwt
import pytest
import responses
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from lti.errors import KeysUnavailable, LaunchRefused
from lti.keysets import KeySets, read_key_set
from plugin.kernel.http import HttpClient
from plugin.kernel.services import Services

URL = "https://lms.example.edu/jwks"
ONE = generate_private_key(public_exponent=65537, key_size=2048)
TWO = generate_private_key(public_exponent=65537, key_size=2048)
SHORT = generate_private_key(public_exponent=65537, key_size=1024)


def jwk(key: RSAPrivateKey, kid: str, **more: object) -> dict[str, Any]:
    found = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**found, "kid": kid, "use": "sig", **more}


@dataclass
class World:
    """A clock to turn and the key set that the platform shows."""

    moment: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    http: HttpClient = field(default_factory=HttpClient)
    calls: int = 0
    answer: tuple[int, str] = (200, "")

    @property
    def clock(self) -> "World":
        return self

    def now(self) -> datetime:
        return self.moment

    def show(self, *keys: dict[str, Any]) -> None:
        self.answer = (200, json.dumps({"keys": keys}))

    def serve(self, _request: object) -> tuple[int, dict[str, str], str]:
        self.calls += 1
        return self.answer[0], {}, self.answer[1]


@pytest.fixture
def world() -> Iterator[World]:
    found = World()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.add_callback(responses.GET, URL, callback=found.serve)
        yield found


@pytest.fixture
def key_sets(world: World) -> KeySets:
    return KeySets(cast("Services", world))


def test_one_request_for_many_launches(world: World, key_sets: KeySets) -> None:
    world.show(jwk(ONE, "k1"))
    for _again in range(5):
        assert key_sets.key(URL, "k1").public_numbers() == ONE.public_key().public_numbers()
    assert world.calls == 1
    world.moment += timedelta(hours=1)
    key_sets.key(URL, "k1")
    assert world.calls == 2


def test_a_rotation_is_seen_at_once_and_made_up_kids_cost_one_request(
    world: World, key_sets: KeySets
) -> None:
    world.show(jwk(ONE, "k1"))
    key_sets.key(URL, "k1")
    world.show(jwk(TWO, "k2"))
    assert key_sets.key(URL, "k2")
    for number in range(20):
        with pytest.raises(LaunchRefused) as refused:
            key_sets.key(URL, f"made-up-{number}")
        assert refused.value.code == "key_unknown"
    assert world.calls == 2
    world.moment += timedelta(minutes=1)
    with pytest.raises(LaunchRefused):
        key_sets.key(URL, "made-up")
    assert world.calls == 3


def test_held_keys_outlive_a_platform_that_is_down(world: World, key_sets: KeySets) -> None:
    world.show(jwk(ONE, "k1"))
    key_sets.key(URL, "k1")
    world.moment += timedelta(hours=2)
    world.answer = (500, "oops")
    for _again in range(3):
        assert key_sets.key(URL, "k1")
    assert world.calls == 2
    world.moment += timedelta(days=1)
    with pytest.raises(KeysUnavailable) as down:
        key_sets.key(URL, "k1")
    assert down.value.after >= timedelta(seconds=1)


@pytest.mark.parametrize(
    "answer", [(500, "oops"), (200, '{"errors": []}'), (200, "<html>"), (200, "[]"), (301, "")]
)
def test_without_any_key_it_is_the_platform_that_is_down(
    world: World, key_sets: KeySets, answer: tuple[int, str]
) -> None:
    world.answer = answer
    for _again in range(3):
        with pytest.raises(KeysUnavailable):
            key_sets.key(URL, "k1")
    assert world.calls == 1
    world.moment += timedelta(seconds=10)
    world.show(jwk(ONE, "k1"))
    assert key_sets.key(URL, "k1")


def test_other_keys_are_passed_over() -> None:
    curve = json.loads(
        jwt.algorithms.ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    )
    document = {
        "keys": [
            {**curve, "kid": "ec1"},
            {"kty": "XYZ", "kid": "zz"},
            {"kty": "RSA", "kid": "broken"},
            {"kty": "RSA", "kid": "broken2", "n": 7, "e": "AQAB"},
            "text",
            jwk(TWO, "wrong-alg", alg="RS384"),
            {**jwk(TWO, "encrypts"), "use": "enc"},
            jwk(SHORT, "short"),
            jwk(ONE, "k1", alg="RS256"),
        ]
    }
    found = read_key_set(document)
    assert set(found.keys) == {"k1"}
    assert found.too_short == {"short"}


def test_a_short_key_is_named_as_the_reason(world: World, key_sets: KeySets) -> None:
    world.show(jwk(SHORT, "short"))
    with pytest.raises(LaunchRefused) as refused:
        key_sets.key(URL, "short")
    assert refused.value.code == "key_too_short"
