"""The shape of LTI claims: types and lengths, for lti.claims only.

Unknown claims are left out (platforms add their own). A field here answers None where the platform
sent nothing, so that the reader needs no second kind of missing.
"""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from lti.verification import is_storable
from plugin.kernel.urls import is_host

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/"

MAX_ID, MAX_URL, MAX_TITLE, MAX_NAME, MAX_CUSTOM = 255, 2048, 300, 200, 4096
MAX_ITEMS = 100
# Where we ask for `$Context.id.history`: the courses that this one was copied from.
HISTORY_PARAMETER = "context_history"
_DIRECTION_CONTROLS = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def shown(text: str, limit: int) -> str:
    """Text for a page: no control or direction-override characters, one line, cut at the limit."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in kept if c not in _DIRECTION_CONTROLS).split())[:limit]


def is_missing(value: object) -> bool:
    """Whether a value stands for "not given": platforms send variables they lack verbatim."""
    return value is None or (isinstance(value, str) and (not value.strip() or value[0] == "$"))


def storable(text: str) -> None:
    """No NUL and no half of a surrogate pair: databases refuse both."""
    if not is_storable(text):
        raise ValidationError("no text")


class Id(fields.String):
    """An identifier: a string of 1 to 255 characters, never converted from another type."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=[validate.Length(min=1, max=MAX_ID), storable], **options)


class Shown(fields.Field[str | None]):
    """Text that is only shown. What is no text counts as missing, what is long is cut."""

    def __init__(self, limit: int, **options: Any) -> None:
        super().__init__(allow_none=True, load_default=None, **options)
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str) or is_missing(value):
            return None
        return shown(value, self.limit) or None


class HttpUrl(fields.String):
    """An absolute http or https address without user name; nothing else may become a link."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        url: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            parts = urlsplit(url)
            usable = (
                parts.scheme in ("http", "https")
                and is_host(parts.hostname)
                and "@" not in parts.netloc
                and parts.port != 0  # one that is no number raises
            )
        except ValueError:
            usable = False
        if not usable or len(url) > MAX_URL or not url.isprintable() or " " in url:
            raise ValidationError("no http address")
        return url


class OptionalUrl(HttpUrl):
    """An address that may be missing, which Moodle writes as ``false`` or an empty text too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_none=True, load_default=None, **options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kw: Any) -> Any:
        return super().deserialize(None if value in (False, "") else value, attr, data, **kw)


class LaxUrl(HttpUrl):
    """An address that we can do without: an unusable one counts as missing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_none=True, load_default=None, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            return None


class Part(Schema):
    class Meta:
        unknown = EXCLUDE


def _names(**options: Any) -> fields.List[Any]:
    return fields.List(
        fields.String(validate=[validate.Length(max=MAX_ID), storable]),
        validate=validate.Length(max=MAX_ITEMS),
        **options,
    )


def _part(part: type[Schema], claim: str) -> fields.Nested:
    return fields.Nested(part, data_key=claim, load_default=None, allow_none=True)


class ContextPart(Part):
    id = Id(required=True)
    label = Shown(MAX_TITLE)
    title = Shown(MAX_TITLE)
    types = _names(data_key="type", load_default=())

    @post_load
    def _tuple(self, found: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**found, "types": tuple(found["types"])}


class ResourceLinkPart(Part):
    id = Id(required=True)
    title = Shown(MAX_TITLE)


class AgsPart(Part):
    scopes = _names(data_key="scope", load_default=())
    lineitems = OptionalUrl()
    lineitem = OptionalUrl()

    @post_load
    def _tuple(self, found: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**found, "scopes": tuple(found["scopes"])}


class NrpsPart(Part):
    memberships_url = HttpUrl(required=True, data_key="context_memberships_url")


class NoticesPart(Part):
    """Of the notification service what we can use; anything else in it is left alone."""

    url = LaxUrl(data_key="platform_notification_service_url")
    types = fields.Raw(data_key="notice_types_supported", load_default=None, allow_none=True)


class ForUserPart(Part):
    user_id = Id(required=True)


class PlatformPart(Part):
    family = Shown(100, data_key="product_family_code")
    version = Shown(100)
    name = Shown(MAX_NAME)
    description = Shown(MAX_NAME)


class PresentationPart(Part):
    document_target = Shown(20)
    return_url = LaxUrl()
    locale = Shown(35)


class DeepLinkingPart(Part):
    return_url = HttpUrl(required=True, data_key="deep_link_return_url")
    accept_types = _names(required=True)
    accept_multiple = fields.Boolean(load_default=False)
    accept_lineitem = fields.Boolean(load_default=True)
    data = fields.String(
        load_default=None, allow_none=True, validate=[validate.Length(max=16_384), storable]
    )

    @post_load
    def _tuple(self, found: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**found, "accept_types": tuple(found["accept_types"])}


class Custom(fields.Field[dict[str, str]]):
    """Custom parameters: text by name. Numbers and booleans become text, missing ones drop out."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, str]:
        if not isinstance(value, dict) or len(value) > MAX_ITEMS:
            raise ValidationError("no object of parameters")
        found = {}
        for name, one in value.items():
            if isinstance(one, dict | list) or len(name) > MAX_ID:
                continue
            text = one if isinstance(one, str) else ("" if one is None else str(one))
            if name == HISTORY_PARAMETER:  # thousands of course ids, the nearest first
                text = text[:MAX_CUSTOM]
            if not is_missing(text) and len(text) <= MAX_CUSTOM and is_storable(text):
                found[name] = text
        return found


class LaunchSchema(Part):
    """Every claim that Lantern reads, and no other."""

    issuer = Id(required=True, data_key="iss")
    subject = Id(required=True, data_key="sub")
    deployment_id = Id(required=True, data_key=LTI + "deployment_id")
    message_type = Id(required=True, data_key=LTI + "message_type")
    version = fields.String(
        required=True, data_key=LTI + "version", validate=validate.Equal("1.3.0")
    )
    roles = _names(required=True, data_key=LTI + "roles")
    target_link_uri = HttpUrl(data_key=LTI + "target_link_uri", load_default=None)
    context = _part(ContextPart, LTI + "context")
    resource_link = _part(ResourceLinkPart, LTI + "resource_link")
    ags = _part(AgsPart, AGS + "endpoint")
    nrps = _part(NrpsPart, NRPS + "namesroleservice")
    deep_linking = _part(DeepLinkingPart, DL + "deep_linking_settings")
    for_user = _part(ForUserPart, LTI + "for_user")
    notices = _part(NoticesPart, LTI + "platformnotificationservice")
    platform = _part(PlatformPart, LTI + "tool_platform")
    presentation = _part(PresentationPart, LTI + "launch_presentation")
    custom = Custom(data_key=LTI + "custom", load_default=dict)
    name = Shown(MAX_NAME)
    given_name = Shown(MAX_NAME)
    family_name = Shown(MAX_NAME)
    email = Shown(254)
    locale = Shown(35)
