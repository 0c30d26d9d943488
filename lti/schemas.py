"""What a platform's browser redirects and form posts bring, before anything is believed.

OIDC third-party initiated login (Security Framework 1.0, 5.1.1.1) and the authentication response
(5.1.1.3). Extra parameters (canvas_region, canvas_environment …) are left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from lti.errors import BadMessage
from lti.platforms import FAMILIES
from lti.platforms.default import SHARING
from lti.verification import MAX_TOKEN_CHARS, is_storable

_MAX_ID = validate.Length(min=1, max=255)
_MAX_HINT = validate.Length(min=1, max=8192)
_MAX_URL = validate.Length(min=1, max=2048)
_FRAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class LoginRequest:
    """Who wants to start a login, for which place."""

    issuer: str
    login_hint: str
    target_link_uri: str
    client_id: str | None = None
    deployment_id: str | None = None
    message_hint: str | None = None
    storage_target: str | None = None


@dataclass(frozen=True)
class LoginAnswer:
    """What the platform posted back: a token, or the reason why there is none."""

    state: str
    id_token: str | None
    error: str | None


class _Request(Schema):
    class Meta:
        unknown = EXCLUDE


class _Login(_Request):
    issuer = fields.String(required=True, data_key="iss", validate=_MAX_ID)
    login_hint = fields.String(required=True, validate=_MAX_HINT)
    target_link_uri = fields.String(required=True, validate=_MAX_URL)
    client_id = fields.String(load_default=None, validate=_MAX_ID)
    lti_deployment_id = fields.String(load_default=None, validate=_MAX_ID)
    deployment_id = fields.String(load_default=None, validate=_MAX_ID)
    message_hint = fields.String(load_default=None, data_key="lti_message_hint", validate=_MAX_HINT)


class _Answer(_Request):
    state = fields.String(required=True, validate=_MAX_ID)
    id_token = fields.String(load_default=None, validate=validate.Length(max=MAX_TOKEN_CHARS))
    error = fields.String(load_default=None, validate=validate.Length(max=255))


_LOGIN, _ANSWER = _Login(), _Answer()


def login_request(form: Mapping[str, str]) -> LoginRequest:
    """Read a login initiation; BadMessage names what is missing."""
    found = _load(_LOGIN, form)
    old_name, name = found.pop("deployment_id"), found.pop("lti_deployment_id")
    return LoginRequest(
        deployment_id=name or old_name, storage_target=storage_target(form), **found
    )


def storage_target(form: Mapping[str, str]) -> str | None:
    """The frame that keeps data for tools; a name that no frame can have counts as none."""
    name = form.get("lti_storage_target", "")
    return name if _FRAME.fullmatch(name) else None


def login_answer(form: Mapping[str, str]) -> LoginAnswer:
    """Read an authentication response; BadMessage names what is missing."""
    found = LoginAnswer(**_load(_ANSWER, form))
    if not found.id_token and not found.error:
        raise BadMessage("request_malformed", detail="id_token")
    return found


def _load(schema: Schema, form: Mapping[str, str]) -> dict[str, Any]:
    """Load a form; an empty parameter counts as one that was not sent."""
    try:
        found: dict[str, Any] = schema.load({key: value for key, value in form.items() if value})
        odd = [n for n, value in found.items() if isinstance(value, str) and not is_storable(value)]
        if odd:
            raise ValidationError({name: ["control characters"] for name in odd})
    except ValidationError as error:
        names = ", ".join(sorted(str(name) for name in error.messages_dict))
        raise BadMessage("request_malformed", detail=names) from error
    return found


class Register(Schema):
    """The form with which a platform's administrator registers Lantern."""

    openid_configuration = fields.String(required=True, validate=_MAX_URL)
    registration_token = fields.String(validate=_MAX_HINT)
    sharing = fields.String(required=True, validate=validate.OneOf(SHARING))


class Invite(Schema):
    """Which kind of platform a registration link is for."""

    family = fields.String(required=True, validate=validate.OneOf(tuple(FAMILIES)))


class ByHand(Schema):
    """What an administrator copies from a platform's page."""

    name = fields.String(validate=validate.Length(max=200))
    issuer = fields.String(required=True, validate=_MAX_ID)
    client_id = fields.String(required=True, validate=_MAX_ID)
    deployment_id = fields.String(validate=_MAX_ID)
    auth_login_url = fields.String(required=True, validate=_MAX_URL)
    auth_token_url = fields.String(required=True, validate=_MAX_URL)
    key_set_url = fields.String(required=True, validate=_MAX_URL)
    token_audience = fields.String(validate=_MAX_URL)


class Rename(Schema):
    """A name of ours for a platform or a place in it; empty for its own."""

    name = fields.String(load_default="", validate=validate.Length(max=200))


class Approve(Schema):
    """Whether the first place that comes is let in too."""

    first = fields.Boolean(load_default=False)
