"""A platform's openid-configuration, read through the guard (Dynamic Registration 1.0, 3.3).

The address comes from a request, so nothing is believed: https only outside practice, no private
address after the name is resolved (kernel.http), no redirect, bounded in size and time, and the
issuer must be one that this address may speak for.
"""

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from lti.claim_schemas import HttpUrl, Id
from lti.errors import RegistrationFailed
from lti.platforms import Default, platform
from lti.registered import origin_of
from lti.verification import is_storable
from plugin.kernel.http import Answer, RemoteCallFailed
from plugin.kernel.i18n import _
from plugin.kernel.services import Services

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
_MAX_BYTES = 200_000
_SECONDS = 15
_MAX_TOKEN = 8192


@dataclass(frozen=True)
class Configuration:
    """What the document says; ``platform`` is the behaviour that goes with its family."""

    issuer: str
    authorization_url: str
    token_url: str
    key_set_url: str
    registration_url: str
    token_audience: str | None
    scopes: tuple[str, ...]
    family: str
    platform: Default


class _Product(Schema):
    class Meta:
        unknown = EXCLUDE

    product_family_code = fields.String(load_default="", validate=validate.Length(max=100))


class _Document(Schema):
    class Meta:
        unknown = EXCLUDE

    issuer = HttpUrl(required=True, validate=validate.Length(max=255))
    authorization_url = HttpUrl(required=True, data_key="authorization_endpoint")
    token_url = HttpUrl(required=True, data_key="token_endpoint")
    key_set_url = HttpUrl(required=True, data_key="jwks_uri")
    registration_url = HttpUrl(required=True, data_key="registration_endpoint")
    token_audience = HttpUrl(load_default=None, allow_none=True, data_key="authorization_server")
    scopes = fields.List(
        fields.String(validate=validate.Length(max=255)),
        load_default=list,
        data_key="scopes_supported",
        validate=validate.Length(max=200),
    )
    product = fields.Nested(_Product, data_key=PLATFORM, load_default=dict)


class _Tool(Schema):
    class Meta:
        unknown = EXCLUDE

    deployment_id = fields.Raw(load_default=None)


class _Client(Schema):
    class Meta:
        unknown = EXCLUDE

    client_id = Id(required=True)
    tool = fields.Nested(
        _Tool,
        load_default=dict,
        data_key="https://purl.imsglobal.org/spec/lti-tool-configuration",
    )


def check_address(services: Services, url: str) -> str:
    """Its origin, if the address may be called at all; RegistrationFailed in words if not."""
    origin = origin_of(url)
    if not origin or len(url) > 2048 or not url.isprintable() or " " in url:
        raise RegistrationFailed(
            "configuration_address", _("Your platform gave no usable address of its configuration.")
        )
    if not (origin.startswith("https://") or services.settings.practice):
        raise RegistrationFailed(
            "configuration_address", _("The address of a platform must begin with https://.")
        )
    return origin


def read_configuration(services: Services, url: str, token: str | None) -> Configuration:
    """Fetch and check the document; RegistrationFailed says what is wrong with it."""
    check_address(services, url)
    answer = _called(services, "GET", url, token)
    if answer.status != 200:
        raise RegistrationFailed(
            "configuration_status",
            _("Your platform answered %(status)s when asked for its configuration. Begin again "
              "there: the link that it made may have run out.", status=answer.status),
        )  # fmt: skip
    try:
        found: dict[str, Any] = _Document().load(_json(answer))
    except ValidationError as error:
        names = ", ".join(sorted(str(name) for name in error.messages_dict))
        raise RegistrationFailed(
            "configuration_malformed",
            _("The configuration of your platform lacks or misstates: %(names)s.", names=names),
        ) from error
    family = found.pop("product").get("product_family_code", "").strip().lower()[:100]
    made = Configuration(
        **{**found, "scopes": tuple(found["scopes"])}, family=family, platform=platform(family)
    )
    for one in (made.authorization_url, made.token_url, made.key_set_url, made.registration_url):
        check_address(services, one)
    for one in (url, made.registration_url):
        if not made.platform.answers_for(made.issuer, one):
            raise RegistrationFailed(
                "issuer_mismatch",
                _("The address %(host)s may not speak for %(issuer)s. If your platform stands at "
                  "more than one address, open it under the one that it calls its own; otherwise "
                  "register it by hand.", host=origin_of(one), issuer=made.issuer),
            )  # fmt: skip
    return made


def post_registration(
    services: Services, configuration: Configuration, document: dict[str, Any], token: str | None
) -> tuple[str, str | None]:
    """Register there; client id and, where the platform names one, the deployment id."""
    answer = _called(services, "POST", configuration.registration_url, token, document)
    if not answer.ok:
        raise RegistrationFailed("registration_status", _why(answer))
    try:
        found = _Client().load(_json(answer))
    except ValidationError as error:
        raise RegistrationFailed(
            "registration_malformed", _("Your platform registered Lantern but named no client id.")
        ) from error
    deployment = found["tool"].get("deployment_id")
    named = str(deployment)[:256] if isinstance(deployment, str | int) else ""
    if not 0 < len(named) <= 255 or not is_storable(named) or isinstance(deployment, bool):
        return found["client_id"], None
    return found["client_id"], named


def _called(
    services: Services, method: str, url: str, token: str | None, document: Any = None
) -> Answer:
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        return services.http.request(
            method,
            url,
            headers=headers,
            json=document,
            timeout=(5, 10),
            max_bytes=_MAX_BYTES,
            most_seconds=_SECONDS,
        )
    except RemoteCallFailed as failure:
        raise RegistrationFailed(
            "platform_unreachable",
            _("Lantern cannot reach your platform at %(host)s: %(reason)s.",
              host=origin_of(url), reason=failure.reason),
            detail=type(failure).__name__,
        ) from failure  # fmt: skip


def _json(answer: Answer) -> Any:
    try:
        found = answer.json()
    except (RemoteCallFailed, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RegistrationFailed(
            "no_json", _("Your platform answered with a page where Lantern expected data.")
        )
    return found


def _why(answer: Answer) -> str:
    """The reason in words. Moodle writes short texts, and a whole page for a token it lost."""
    if answer.status in (401, 404):
        return _(
            "Your platform does not take its registration link any more: it works once and for an "
            "hour. Begin again there."
        )
    said = answer.text.strip() if len(answer.body) <= 300 else ""
    if said and said.isprintable() and not said.startswith(("<", "{")):
        return _("Your platform refused: %(said)s", said=said)
    return _("Your platform refused with status %(status)s.", status=answer.status)


def bearer(token: str | None) -> str | None:
    """A registration token that fits a header, else None."""
    if not token or len(token) > _MAX_TOKEN or not token.isascii() or not token.isprintable():
        return None
    return None if " " in token else token
