"""A user API key: the forum asks the user for consent and hands out a key for who they are.

The forum encrypts the key with a public key of ours and shows the result to be copied, so no
setting of the forum is needed. The key is used for one question (who are you) and revoked.
https://meta.discourse.org/t/48536; facts, section 3.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from discourse_hooks import link_proofs
from discourse_hooks.client import user_key
from discourse_hooks.connections import Forum
from discourse_hooks.link_proofs import KEY, Owner, Waiting
from plugin.kernel.errors import Invalid
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret

if TYPE_CHECKING:
    from plugin.kernel.services import Services

SCOPE = "session_info"
NAME = "Lantern"
KEY_BITS = 2048
LONGEST_PAYLOAD = 4000


def begin(services: Services, forum: Forum, owner: Owner) -> str:
    """Make a pair of keys for one exchange; return the secret of the page that waits."""
    pair = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = pair.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return link_proofs.open_proof(services, forum, owner, KEY, sealed=services.vault.seal(private))


def consent_url(services: Services, forum: Forum, found: Waiting, waiting: str) -> str:
    """The forum's page that asks the user for consent."""
    public = _private(services, found).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    query = {
        "application_name": NAME,
        "client_id": _client_id(waiting),
        "scopes": SCOPE,
        "public_key": pem.decode(),
        "nonce": _nonce(waiting),
    }
    return f"{forum.base_url}/user-api-key/new?{urlencode(query)}"


def answer(
    services: Services, forum: Forum, owner: Owner, found: Waiting, waiting: str, pasted: str
) -> None:
    """Open what the forum showed, ask it who that is, give the key back; or Invalid, in words.

    Each try is used up before anything is opened.
    """
    link_proofs.spend_try(services, forum, owner, waiting)
    key = _opened(services, found, waiting, pasted)
    user_id, username = user_key.whose(services, forum, key, _client_id(waiting))
    user_key.revoke(services, forum, key, _client_id(waiting))
    link_proofs.prove(services, forum, owner, waiting, user_id, username)


def _opened(services: Services, found: Waiting, waiting: str, pasted: str) -> str:
    text = "".join(pasted.split())[:LONGEST_PAYLOAD]
    try:
        # PKCS #1 v1.5 is what Discourse encrypts with; five tries leave no padding oracle.
        plain = _private(services, found).decrypt(
            base64.b64decode(text, validate=True), padding.PKCS1v15()
        )
        content = json.loads(plain)
        key, nonce = str(content["key"]), str(content["nonce"])
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise _wrong() from error
    if nonce != _nonce(waiting):
        raise _wrong()
    return key


def _wrong() -> Invalid:
    wrong = _("This is not what the forum showed for this page. Copy all of it, or begin again.")
    return Invalid("discourse_hooks.wrong_payload", wrong, {"payload": wrong})


def _private(services: Services, found: Waiting) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(services.vault.open(found.sealed), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _nonce(waiting: str) -> str:
    return hash_secret(f"nonce:{waiting}")[:32]


def _client_id(waiting: str) -> str:
    return f"lantern-{hash_secret(f'client:{waiting}')[:24]}"
