"""The secret that a login keeps in a platform's storage, and whether it came back.

LTI Client Side postMessages 1.0 and OIDC Login with Client Side postMessages 0.1: the browser keeps
it by the login's state; we keep hashes with the login's row. Flask-free.
"""

from dataclasses import dataclass
from hmac import compare_digest

from lti.models import LoginState
from lti.registrations import origin_of
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.services import Services


@dataclass(frozen=True)
class Storage:
    """One entry in a platform's storage.

    ``target`` is the frame that keeps it, ``origin`` the only page that may be spoken to: that of
    the platform's authentication address.
    """

    target: str
    origin: str
    key: str
    value: str


def storage_of(auth_login_url: str, target: str, state: str) -> Storage:
    """The entry of a login, with a fresh secret."""
    return Storage(target, origin_of(auth_login_url), f"lti_state_{state}", new_secret())


def await_proof(services: Services, state: str, code: str) -> None:
    """Tie the one-time code of a verified launch to the secret that its login stored."""
    with services.units.system() as uow:
        uow.session.get_one(LoginState, hash_secret(state)).arrival_hash = hash_secret(code)
        uow.commit()


def proves(services: Services, state: str, code: str, secret: str) -> bool:
    """Whether the secret is that of the login which this code came from."""
    with services.units.system_reading() as uow:
        login = uow.session.get(LoginState, hash_secret(state))
    if login is None or login.storage_hash is None or login.arrival_hash is None:
        return False
    return compare_digest(login.arrival_hash, hash_secret(code)) and compare_digest(
        login.storage_hash, hash_secret(secret)
    )
