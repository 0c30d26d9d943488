"""Access tokens of a platform (Security Framework 1.0, 4.1: client credentials with a signed JWT).

Kept sealed in the database by registration and scopes: never by issuer alone, since all hosted
Canvas schools share one. Moodle answers JSON under the type text/html, and HTML when its own rules
stop it from reading our key set, so the body is what counts.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy.exc import IntegrityError

from lti import keys
from lti.models import AccessToken
from lti.registrations import RegistrationView
from plugin.kernel.http import Answer, RemoteCallFailed
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.services import Services

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIFE = timedelta(minutes=1)
REFUSED = "no token: answered"
_LAST_WORDS = frozenset({"invalid_scope", "unauthorized_client", "unsupported_grant_type"})
NO_KEYS = f"{REFUSED} 404 "
"""How the reason begins when a Moodle may not read our key set: its own curl blocks the address."""
_SPARE = timedelta(seconds=60)
_MAX_LIFE = timedelta(hours=1)
_TURN = timedelta(seconds=30)  # longer than any call lasts
_PATIENCE = 25.0  # seconds


class _Answer(Schema):
    class Meta:
        unknown = EXCLUDE

    access_token = fields.String(required=True, validate=validate.Length(min=1, max=8192))
    expires_in = fields.Integer(load_default=60, validate=validate.Range(min=0))


def access_token(services: Services, registration: RegistrationView, scopes: Iterable[str]) -> str:
    """A token for exactly these scopes, from the cache or from the platform.

    One process asks at a time, the others wait for what it brings; RemoteCallFailed when it fails.
    """
    want = _Want(services, registration, " ".join(sorted(set(scopes))))
    began, patience = services.clock.now(), time.monotonic() + _PATIENCE
    waited = False
    while time.monotonic() < patience:
        kept = want.kept()
        if kept is not None:
            return kept
        if waited and (failure := want.failure_since(began)) is not None:
            raise RemoteCallFailed(registration.auth_token_url, failure, retryable=True)
        if want.take_turn():
            return want.fetch()
        waited = True
        time.sleep(random.uniform(0.02, 0.1))  # noqa: S311 - no secret
    raise RemoteCallFailed(
        registration.auth_token_url, "another process is asking for a token", retryable=True
    )


def forget(
    services: Services, registration: RegistrationView, scopes: Iterable[str], token: str
) -> None:
    """Drop this token, which the platform no longer takes; a newer one stays."""
    want = _Want(services, registration, " ".join(sorted(set(scopes))))
    with services.units.system() as uow:
        row = uow.session.get(AccessToken, want.key)
        sealed = row.sealed_token if row is not None else None
        if row is not None and sealed and services.vault.open(sealed).decode() == token:
            row.sealed_token = None
        uow.commit()


def forget_expired(services: Services) -> None:
    """Remove tokens that have run out and that nobody is fetching."""
    with services.units.system() as uow:
        now = uow.now()
        uow.session.execute(
            sa.delete(AccessToken).where(AccessToken.expires_at <= now, _nobody_fetches(now))
        )
        uow.commit()


def _nobody_fetches(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(AccessToken.fetching_until.is_(None), AccessToken.fetching_until <= now)


@dataclass(frozen=True)
class _Want:
    """A token that is wanted: its row, and the turn of the one who fetches it."""

    services: Services
    registration: RegistrationView
    scopes: str

    @property
    def key(self) -> tuple[UUID, str]:
        return self.registration.id, hash_secret(self.scopes)

    def kept(self) -> str | None:
        with self.services.units.system_reading() as uow:
            row = uow.session.get(AccessToken, self.key)
            if row is None or row.sealed_token is None or row.expires_at <= uow.now():
                return None
            sealed = row.sealed_token
        return self.services.vault.open(sealed).decode()

    def failure_since(self, began: datetime) -> str | None:
        """Why somebody else's try failed while we waited."""
        with self.services.units.system_reading() as uow:
            row = uow.session.get(AccessToken, self.key)
            if row is None or row.failed_at is None or row.failed_at < began:
                return None
            return row.failure

    def take_turn(self) -> bool:
        """Whether we are the one who asks. A turn ends by itself, so a killed one blocks nobody."""
        registration_id, scopes_hash = self.key
        try:
            with self.services.units.system() as uow:
                now = uow.now()
                mine = uow.session.execute(
                    sa.update(AccessToken)
                    .where(
                        AccessToken.registration_id == registration_id,
                        AccessToken.scopes_hash == scopes_hash,
                        _nobody_fetches(now),
                        # not when somebody brought one since we looked
                        sa.or_(AccessToken.sealed_token.is_(None), AccessToken.expires_at <= now),
                    )
                    .values(fetching_until=now + _TURN)
                    .returning(AccessToken.scopes_hash)
                    .execution_options(synchronize_session=False)
                ).first()
                if mine is None:
                    if uow.session.get(AccessToken, self.key) is not None:
                        return False
                    uow.session.add(
                        AccessToken(
                            registration_id=registration_id,
                            scopes_hash=scopes_hash,
                            expires_at=now,
                            fetching_until=now + _TURN,
                        )
                    )
                uow.commit()
        except IntegrityError:
            return False  # another process made the row at the same moment
        return True

    def fetch(self) -> str:
        try:
            token, life = _fetch(self.services, self.registration, self.scopes)
        except RemoteCallFailed as failed:
            self._end_turn(failure=failed.reason)
            raise
        self._end_turn(token=token, life=life)
        return token

    def _end_turn(
        self, *, token: str | None = None, life: timedelta = timedelta(0), failure: str = ""
    ) -> None:
        with self.services.units.system() as uow:
            row = uow.session.get(AccessToken, self.key)
            if row is not None:
                row.fetching_until = None
                row.failed_at, row.failure = None, None
                if token is None:
                    row.failed_at, row.failure = uow.now(), failure[:200]
                else:
                    row.sealed_token = self.services.vault.seal(token.encode())
                    row.expires_at = uow.now() + _used_for(life)
            uow.commit()


def _used_for(life: timedelta) -> timedelta:
    """Until a minute before the end; half of a life that is shorter than two minutes."""
    life = min(life, _MAX_LIFE)
    return max(life - _SPARE, life / 2)


def _fetch(services: Services, registration: RegistrationView, asked: str) -> tuple[str, timedelta]:
    now = services.clock.now()
    assertion = keys.signing_key(services).sign(
        {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.token_audience,
            "iat": int(now.timestamp()),
            "exp": int((now + _ASSERTION_LIFE).timestamp()),
            "jti": new_secret(),
        }
    )
    answer = services.http.request(
        "POST",
        registration.auth_token_url,
        headers={"Accept": "application/json"},
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": assertion,
            "scope": asked,
        },
        retries=1,
        max_bytes=100_000,
    )
    if not answer.ok:
        raise RemoteCallFailed(
            registration.auth_token_url,
            f"{REFUSED} {answer.status} (can the platform read our key set?)",
            retryable=_passes(answer),
            status=answer.status,
        )
    try:
        found = _Answer().load(answer.json())
    except ValidationError as error:
        raise RemoteCallFailed(
            registration.auth_token_url, "the answer holds no token", retryable=False
        ) from error
    return found["access_token"], timedelta(seconds=found["expires_in"])


def _passes(answer: Answer) -> bool:
    """Whether the same request may be granted later.

    A platform that could not read our key set just then (we were being restarted, say) answers 400
    or 401, mostly as ``invalid_client`` (RFC 6749, 5.2): of its refusals only those that are about
    the scopes or the kind of grant are its last word.
    """
    if answer.status in (400, 401):
        try:
            said = answer.json()
        except RemoteCallFailed:
            return True
        return not (isinstance(said, dict) and said.get("error") in _LAST_WORDS)
    return answer.status == 429 or answer.status >= 500
