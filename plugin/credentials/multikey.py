"""Ed25519 keys and their Multikey text form (W3C Controlled Identifiers 1.0, section 2.2.2).

`z` says base58btc; the two bytes 0xed 0x01 in front of the key say "Ed25519 public key".
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from plugin.credentials.errors import KeyMalformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_ED25519_PUBLIC = bytes((0xED, 0x01))


def base58_encode(data: bytes) -> str:
    """Bitcoin's base 58: a big number, with one `1` for each leading zero byte."""
    number = int.from_bytes(data, "big")
    letters = ""
    while number:
        number, rest = divmod(number, 58)
        letters = _ALPHABET[rest] + letters
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def base58_decode(text: str) -> bytes:
    """The inverse of `base58_encode`; refuses letters outside the alphabet."""
    number = 0
    for letter in text:
        if letter not in _VALUES:
            raise KeyMalformed(f"{letter!r} is not a base58btc letter")
        number = number * 58 + _VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multibase_encode(data: bytes) -> str:
    """base58btc with its multibase letter, as proof values and keys are written."""
    return "z" + base58_encode(data)


def multibase_decode(text: str, *, limit: int = 200) -> bytes:
    """Read a base58btc multibase value; `limit` keeps hostile lengths away from big-number work."""
    if not text.startswith("z") or len(text) > limit:
        raise KeyMalformed("not a base58btc multibase value")
    return base58_decode(text[1:])


@dataclass(frozen=True)
class VerifyingKey:
    """A public Ed25519 key."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise KeyMalformed("an Ed25519 public key has 32 bytes")

    @classmethod
    def from_multibase(cls, text: str) -> VerifyingKey:
        data = multibase_decode(text)
        if data[:2] != _ED25519_PUBLIC:
            raise KeyMalformed("not an Ed25519 Multikey")
        return cls(data[2:])

    @property
    def multibase(self) -> str:
        return multibase_encode(_ED25519_PUBLIC + self.raw)

    def accepts(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private Ed25519 key; its seed never appears in a repr."""

    _private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        return self._private.private_bytes_raw()

    @property
    def public(self) -> VerifyingKey:
        return VerifyingKey(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)
