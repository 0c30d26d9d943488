"""The OIDC login (Security Framework 1.0, 5.1.1): one row a login, used once, bound to everything.

``start`` keeps hashes of state, nonce and the browser's cookie with the registration and the
target. ``finish`` spends that row in its own commit before it looks at anything else, so that no
refusal later can give the login back. Flask-free: views bring parameters and cookies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hmac import compare_digest
from uuid import UUID

import sqlalchemy as sa

from lti import callers, claims, lookups, registrations, verification
from lti.addresses import LAUNCH_PATH
from lti.errors import BadMessage, LaunchRefused, LinkUsed, NotRegistered
from lti.keysets import KeySets
from lti.models import DeploymentStatus, LoginState, RegistrationStatus
from lti.registrations import DeploymentView, RegistrationView, origin_of
from lti.schemas import LoginAnswer, LoginRequest
from lti.storage import Storage, storage_of
from plugin.kernel.i18n import _
from plugin.kernel.ids import hash_secret, new_secret
from plugin.kernel.prepared import insert_into, table_of
from plugin.kernel.services import Services
from plugin.kernel.urls import absolute, with_query

LOGIN_LIFE = timedelta(minutes=10)
_A_BATCH = 500


_LOGINS = table_of(LoginState)
_NEW_LOGIN = insert_into(LoginState)
_FACTS = (
    _LOGINS.c.nonce_hash,
    _LOGINS.c.browser_hash,
    _LOGINS.c.storage_hash,
    _LOGINS.c.registration_id,
    _LOGINS.c.deployment_id,
    _LOGINS.c.target_link_uri,
    _LOGINS.c.created_at,
)
_SPEND = (
    sa.update(_LOGINS)
    .where(_LOGINS.c.state_hash == sa.bindparam("state"), _LOGINS.c.used_at.is_(None))
    .values(used_at=sa.bindparam("now"))
    .returning(*_FACTS)
)
_LOOK = sa.select(*_FACTS).where(_LOGINS.c.state_hash == sa.bindparam("state"))


@dataclass(frozen=True)
class Login:
    """What a login was started for; all secrets as hashes."""

    nonce_hash: str
    browser_hash: str
    storage_hash: str | None
    registration_id: UUID
    deployment_id: str | None
    target_link_uri: str
    created_at: datetime


@dataclass(frozen=True)
class _Spent:
    """A login that was used just now, whose it is, and the deployments that it may end in."""

    login: Login
    registration: RegistrationView
    deployments: Mapping[str, DeploymentView]


@dataclass(frozen=True)
class Started:
    """Where to send the browser, and the secret that its cookie must bring back.

    ``storage``: what the browser puts into the platform's storage first, where it may be needed.
    """

    redirect_url: str
    browser_secret: str
    storage: Storage | None = None


class Browser(Enum):
    """Whether the browser that brings the answer is the one that began the login."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"  # it brought no cookie


@dataclass(frozen=True)
class Finished:
    """A verified launch; the view decides by ``browser`` whether it may be let in.

    ``stored``: the login put a secret into the platform's storage, which can still prove it.
    """

    launch: claims.Launch
    deployment: DeploymentView
    browser: Browser
    stored: bool = False


def start(services: Services, request: LoginRequest, browser_secret: str | None) -> Started:
    """Keep a login and build the authentication request that the platform answers.

    A browser that brought our cookie keeps cookies here, so the platform's storage is not needed.
    """
    if origin_of(request.target_link_uri) != origin_of(services.settings.base_url):
        raise LaunchRefused("target_foreign")
    registration = _registration(services, request)
    state, nonce = new_secret(), new_secret()
    browser = browser_secret or new_secret()
    storage = None
    if request.storage_target is not None and browser_secret is None:
        storage = storage_of(registration.auth_login_url, request.storage_target, state)
    with services.units.system() as uow:
        uow.run(
            _NEW_LOGIN,
            {
                "state_hash": hash_secret(state),
                "nonce_hash": hash_secret(nonce),
                "browser_hash": hash_secret(browser),
                "registration_id": registration.id,
                "deployment_id": request.deployment_id,
                "target_link_uri": request.target_link_uri,
                "storage_hash": hash_secret(storage.value) if storage else None,
                "created_at": uow.now(),
                "used_at": None,
            },
        )
        uow.commit()
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": registration.client_id,
        "redirect_uri": absolute(services.settings, LAUNCH_PATH),
        "login_hint": request.login_hint,
        "state": state,
        "nonce": nonce,
    }
    if request.message_hint is not None:
        parameters["lti_message_hint"] = request.message_hint
    return Started(with_query(registration.auth_login_url, parameters), browser, storage)


def finish(
    services: Services, key_sets: KeySets, answer: LoginAnswer, browser_secret: str | None
) -> Finished:
    """Spend the login, verify the token and find the deployment; a refusal for anything amiss."""
    spent = _spend(services, answer.state)
    login, registration = spent.login, spent.registration
    if answer.error or answer.id_token is None:
        raise _platform_said_no(answer.error or "")
    key = key_sets.key(registration.key_set_url, verification.key_id(answer.id_token))
    expected = verification.Expected(registration.issuer, registration.client_id, login.nonce_hash)
    now = services.clock.now()
    launch = claims.parse(verification.verify(answer.id_token, key, expected, now))
    try:
        _check_target(launch, login)
        deployment = _deployment(services, spent, launch)
    except LaunchRefused as refused:
        refused.return_url = launch.presentation.return_url
        raise
    browser = _browser(browser_secret, login)
    stored = browser is Browser.UNKNOWN and login.storage_hash is not None
    return Finished(launch, deployment, browser, stored)


def forget_old(services: Services) -> None:
    """Remove logins that can no longer be finished; a day is kept for `this link was used`."""
    old = services.clock.now() - timedelta(days=1)
    some = sa.select(LoginState.state_hash).where(LoginState.created_at < old).limit(_A_BATCH)
    gone = True
    while gone:  # in small commits, so that launches meanwhile wait for none of them
        with services.units.system() as uow:
            gone = bool(
                uow.session.execute(
                    sa.delete(LoginState)
                    .where(LoginState.state_hash.in_(some))
                    .returning(LoginState.state_hash)
                    .execution_options(synchronize_session=False)
                ).first()
            )
            uow.commit()


def _browser(secret: str | None, login: Login) -> Browser:
    if not secret:
        return Browser.UNKNOWN
    same = compare_digest(hash_secret(secret), login.browser_hash)
    return Browser.SAME if same else Browser.OTHER


def _registration(services: Services, request: LoginRequest) -> RegistrationView:
    try:
        with services.units.system_reading() as uow:
            found = None
            if request.client_id is not None:
                found = lookups.registration_of(uow, request.issuer, request.client_id)
            if found is None:
                found = registrations.find_registration(
                    uow, request.issuer, request.client_id, request.deployment_id
                )
    except NotRegistered:
        callers.note_unknown(services, request.issuer, request.client_id or "")
        raise
    if found.status is RegistrationStatus.BLOCKED:
        raise _closed()
    return found


def _spend(services: Services, state: str) -> _Spent:
    """Mark the login used in a commit of its own and return what it was for."""
    state_hash = hash_secret(state)
    with services.units.system() as uow:
        login = spent = uow.run(_SPEND, {"state": state_hash, "now": uow.now()}).first()
        if login is None:
            login = uow.run(_LOOK, {"state": state_hash}).first()
        if login is None:
            raise LaunchRefused("state_unknown")
        known = lookups.with_deployments(uow, login.registration_id)
        if known is None:
            raise LaunchRefused("state_unknown")
        uow.commit()
        if spent is None:
            raise LinkUsed
        if login.created_at <= uow.now() - LOGIN_LIFE:
            raise LaunchRefused(
                "login_expired", _("This took too long. Open the activity again from your course.")
            )
    return _Spent(Login(*tuple(login)), *known)


def _check_target(launch: claims.Launch, login: Login) -> None:
    """The token must lead where the login was started for; deep linking may leave it out."""
    target = launch.target_link_uri
    if target is None and launch.message_type == claims.DEEP_LINKING:
        return
    if target != login.target_link_uri:
        raise LaunchRefused("target_mismatch")


def _deployment(services: Services, spent: _Spent, launch: claims.Launch) -> DeploymentView:
    registration = spent.registration
    if spent.login.deployment_id not in (None, launch.deployment_id):
        raise LaunchRefused("deployment_mismatch")
    found = spent.deployments.get(launch.deployment_id)
    if found is None:
        with services.units.system_reading() as uow:
            found = registrations.find_deployment(uow, registration.id, launch.deployment_id)
    if found is None and registration.admits_first:
        found = _admit_first(services, registration, launch.deployment_id)
    if found is None:
        callers.note_waiting(services, registration.id, launch.deployment_id)
        raise _waiting()
    if DeploymentStatus.BLOCKED is found.status or (
        registration.status is RegistrationStatus.BLOCKED
    ):
        raise _closed()
    if (
        registration.status is not RegistrationStatus.ACTIVE
        or found.status is not DeploymentStatus.ACTIVE
        or found.community_id is None
    ):
        raise _waiting()
    return found


def _admit_first(
    services: Services, registration: RegistrationView, deployment_id: str
) -> DeploymentView | None:
    """Let the first deployment in that an approval covered; of two at once only one is."""
    with services.units.system() as uow:
        if not registrations.take_first_admission(uow, registration.id):
            return None
        assert registration.community_id is not None  # approved by one of its administrators
        registrations.activate(uow, registration.id, deployment_id, registration.community_id)
        uow.commit()
    with services.units.system_reading() as uow:
        return registrations.find_deployment(uow, registration.id, deployment_id)


def _closed() -> NotRegistered:
    return NotRegistered(
        "deployment_blocked", _("Lantern was closed for this place in your learning platform.")
    )


def _waiting() -> NotRegistered:
    return NotRegistered(
        "deployment_pending",
        _(
            "This place in your learning platform waits for approval. "
            "Please show the reference below to whoever looks after Lantern."
        ),
    )


def _platform_said_no(error: str) -> LaunchRefused:
    """An OIDC error in place of a token (OpenID Connect Core 3.1.2.6)."""
    if error in ("login_required", "interaction_required", "consent_required"):
        return LaunchRefused(
            "platform_login_required",
            _("Your learning platform says that you are not signed in there. Sign in and retry."),
        )
    known = error if error.replace("_", "").isalnum() else "other"
    return BadMessage(
        "platform_error",
        _("Your learning platform would not open this activity."),
        detail=known[:60],
    )
