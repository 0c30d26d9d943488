"""The signature: Discourse's own vector, two secrets at once, blank ones never."""

import pytest

from discourse_hooks.signature import acceptable_secret, signature, verified
from tests.contracts.discourse.deliveries import KNOWN_VECTOR

BODY = b'{"ping":"OK"}'


def test_the_vector_of_discourse_itself() -> None:
    body = KNOWN_VECTOR["body"].encode()
    assert signature(KNOWN_VECTOR["secret"], body) == KNOWN_VECTOR["signature"]
    assert verified(KNOWN_VECTOR["signature"], body, [KNOWN_VECTOR["secret"]])


def test_either_of_two_secrets_is_valid_while_one_is_changed() -> None:
    old, new = "the-old-secret-1", "the-new-secret-2"
    assert verified(signature(old, BODY), BODY, [new, old])
    assert verified(signature(new, BODY), BODY, [new, old])
    assert not verified(signature("another-secret", BODY), BODY, [new, old])


@pytest.mark.parametrize("secret", ["", "   ", "short", " " * 20])
def test_a_blank_or_short_secret_proves_nothing(secret: str) -> None:
    assert not acceptable_secret(secret)
    assert not verified(signature(secret, BODY), BODY, [secret])


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha256=ü", "162f107f"])
def test_a_missing_or_odd_header_is_a_refusal(header: str | None) -> None:
    assert not verified(header, BODY, ["a-long-enough-secret"])


def test_one_changed_byte_is_a_refusal() -> None:
    sent = signature("a-long-enough-secret", BODY)
    assert not verified(sent, BODY + b" ", ["a-long-enough-secret"])
