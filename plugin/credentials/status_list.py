"""Revocation, and suspension, as one bit per credential (W3C Bitstring Status List 1.0).

A list covers 131,072 credentials, so that a reader who fetches it does not tell us which one they
look at. Bit 0 is the most significant bit of the first byte. Indexes are drawn at random.
"""

from __future__ import annotations

import base64
import gzip
import secrets
import zlib
from collections.abc import Callable, Collection
from datetime import datetime

from plugin.credentials.errors import CredentialError
from plugin.credentials.jsonld import CREDENTIALS_V2, Json
from plugin.credentials.openbadges import Profile
from plugin.credentials.proofs import timestamp

SIZE = 131_072
LARGEST = 2 * 1024 * 1024


def encode(revoked: Collection[int], size: int = SIZE) -> str:
    """The multibase text `u` + base64url(gzip(bits)), the same for the same set."""
    bits = bytearray(size // 8)
    for index in revoked:
        if not 0 <= index < size:
            raise CredentialError(f"index {index} is outside a list of {size}")
        bits[index // 8] |= 0x80 >> (index % 8)
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def is_set(encoded: str, index: int) -> bool:
    """Read one bit of an encoded list, of anybody's. Raises CredentialError for what is no list,
    is shorter than the standard allows, would unpack to more than 2 MiB, or has no such place."""
    if not encoded.startswith("u"):
        raise CredentialError("not a base64url multibase value")
    try:
        packed = base64.b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, LARGEST)
    except (ValueError, zlib.error) as problem:
        raise CredentialError("the status list cannot be unpacked") from problem
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise CredentialError("the status list is larger than we read, or cut off")
    if len(bits) * 8 < SIZE:
        raise CredentialError("the status list is shorter than the standard allows")
    if not 0 <= index < len(bits) * 8:
        raise CredentialError("the credential's place is outside the status list")
    return bool(bits[index // 8] & (0x80 >> (index % 8)))


def draw(is_taken: Callable[[int], bool], size: int = SIZE) -> int | None:
    """A random index nobody has; None after three that somebody has, as in a list that fills."""
    for _again in range(3):
        index = secrets.randbelow(size)
        if not is_taken(index):
            return index
    return None


def free_indexes(taken: Collection[int], count: int, size: int = SIZE) -> list[int]:
    """`count` random indexes that nobody has; raises CredentialError when too few are left."""
    used = set(taken)
    if len(used) + count > size // 2:
        raise CredentialError("the list is half full: open another one")
    found: list[int] = []
    while len(found) < count:
        index = secrets.randbelow(size)
        if index not in used:
            used.add(index)
            found.append(index)
    return found


def document(
    url: str,
    issuer: Profile,
    revoked: Collection[int],
    valid_from: datetime,
    *,
    purpose: str = "revocation",
) -> Json:
    """The unsigned status list credential that stands at `url`."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": timestamp(valid_from),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(revoked),
        },
    }
