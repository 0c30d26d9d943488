"""Verified claims -> a frozen Launch (LTI 1.3 core, 5; Deep Linking 2.0; AGS 2.0; NRPS 2.0).

Identifiers, roles and service claims are strict: a wrong type or length refuses the launch. What is
only shown (names, titles) is cleaned and cut instead, since a teacher's long title must not lock a
class out. Values that are empty, null or an unsubstituted ``$Variable`` count as missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import ValidationError

from lti.claim_schemas import LaunchSchema
from lti.errors import BadMessage, LaunchRefused
from lti.verification import VerifiedClaims

RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"
CONTEXT_COPY = "LtiContextCopyNotice"
_SCHEMA = LaunchSchema()
MESSAGE_TYPES = frozenset({RESOURCE_LINK, DEEP_LINKING, SUBMISSION_REVIEW})

# Our names for what only some platforms fill in (lti.platforms asks for them).
ACTING_USER, SECTION_IDS, SECTION_RESTRICTED = "acting_user", "section_ids", "section_restricted"
# Time zone names that a platform can be asked for under a name of our choice in `custom`.
TIME_ZONE_PARAMETERS = ("time_zone", "timezone", "zone")


@dataclass(frozen=True)
class ContextClaim:
    id: str
    label: str | None = None
    title: str | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResourceLinkClaim:
    id: str
    title: str | None = None


@dataclass(frozen=True)
class AgsClaim:
    """Where scores go. ``lineitem`` is there only when the link has exactly one."""

    scopes: tuple[str, ...]
    lineitems: str | None = None
    lineitem: str | None = None


@dataclass(frozen=True)
class DeepLinkingClaim:
    return_url: str
    accept_types: tuple[str, ...]
    accept_multiple: bool = False
    accept_lineitem: bool = True
    data: str | None = None


@dataclass(frozen=True)
class PersonClaim:
    """What the platform tells about the person besides `sub`; any of it may be withheld."""

    name: str | None = None
    email: str | None = None
    locale: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class PlatformClaim:
    """Which product sends this; only lti.platforms looks at the family."""

    family: str | None = None
    version: str | None = None
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class PresentationClaim:
    document_target: str | None = None
    return_url: str | None = None


@dataclass(frozen=True)
class Launch:
    """One verified message. No token, nonce or raw claim leaves this module."""

    issuer: str
    subject: str
    deployment_id: str
    message_type: str
    roles: tuple[str, ...]
    target_link_uri: str | None = None
    context: ContextClaim | None = None
    resource_link: ResourceLinkClaim | None = None
    ags: AgsClaim | None = None
    memberships_url: str | None = None
    deep_linking: DeepLinkingClaim | None = None
    for_user: str | None = None
    notices_url: str | None = None  # where a notice of a copied course can be asked for
    person: PersonClaim = field(default_factory=PersonClaim)
    platform: PlatformClaim = field(default_factory=PlatformClaim)
    presentation: PresentationClaim = field(default_factory=PresentationClaim)
    custom: Mapping[str, str] = field(default_factory=dict)

    @property
    def acting(self) -> bool:
        """Somebody else acts as this person in the platform (Canvas: “act as user”)."""
        return self.custom.get(ACTING_USER, "") not in ("", "0")

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that the person is limited to; empty for somebody who is not."""
        if self.custom.get(SECTION_RESTRICTED, "").lower() not in ("true", "1"):
            return ()
        ids = (one.strip() for one in self.custom.get(SECTION_IDS, "").split(","))
        return tuple(sorted({one[:100] for one in ids if one}))[:50]


def parse(claims: VerifiedClaims) -> Launch:
    """The launch in verified claims; BadMessage names the claim that does not fit."""
    try:
        found: dict[str, Any] = _SCHEMA.load(claims)
    except ValidationError as error:
        raise BadMessage("claim_malformed", detail=_names(error)) from error
    kind = found["message_type"]
    if kind not in MESSAGE_TYPES:
        raise LaunchRefused("message_type_unknown")
    if kind != DEEP_LINKING and not found["target_link_uri"]:
        raise LaunchRefused("claim_missing", detail="target_link_uri")
    if kind == RESOURCE_LINK and found["resource_link"] is None:
        raise LaunchRefused("claim_missing", detail="resource_link")
    if kind == DEEP_LINKING and found["deep_linking"] is None:
        raise LaunchRefused("claim_missing", detail="deep_linking_settings")
    if kind == SUBMISSION_REVIEW and found["for_user"] is None:
        raise LaunchRefused("claim_missing", detail="for_user")
    return _launch(found)


def _launch(found: Mapping[str, Any]) -> Launch:
    custom: dict[str, str] = found["custom"]
    presentation, platform = found["presentation"] or {}, found["platform"] or {}
    nrps, for_user = found["nrps"] or {}, found["for_user"] or {}
    return Launch(
        issuer=found["issuer"],
        subject=found["subject"],
        deployment_id=found["deployment_id"],
        message_type=found["message_type"],
        roles=tuple(found["roles"]),
        target_link_uri=found["target_link_uri"],
        context=found["context"] and ContextClaim(**found["context"]),
        resource_link=found["resource_link"] and ResourceLinkClaim(**found["resource_link"]),
        ags=found["ags"] and AgsClaim(**found["ags"]),
        memberships_url=nrps.get("memberships_url"),
        deep_linking=found["deep_linking"] and DeepLinkingClaim(**found["deep_linking"]),
        for_user=for_user.get("user_id"),
        notices_url=_notices_url(found["notices"] or {}),
        person=PersonClaim(
            name=found["name"] or _joined(found["given_name"], found["family_name"]),
            email=found["email"],
            locale=found["locale"] or presentation.get("locale"),
            time_zone=next(
                (zone for key in TIME_ZONE_PARAMETERS if (zone := _zone(custom.get(key)))), None
            ),
        ),
        platform=PlatformClaim(**platform),
        presentation=PresentationClaim(
            document_target=presentation.get("document_target"),
            return_url=presentation.get("return_url"),
        ),
        custom=custom,
    )


def _notices_url(part: Mapping[str, Any]) -> str | None:
    types = part.get("types")
    tells = isinstance(types, list) and CONTEXT_COPY in types
    return part.get("url") if tells else None


@lru_cache(maxsize=1024)
def _zone(name: str | None) -> str | None:
    """That time zone if it is one that we know; platforms send abbreviations and numbers too."""
    try:
        return ZoneInfo(name).key if name and len(name) <= 60 else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _names(error: ValidationError) -> str:
    """The claims at fault without their values: `roles, context.id`."""
    flat: list[str] = []
    for claim, inner in error.messages_dict.items():
        name = str(claim).rsplit("/", 1)[-1]
        if isinstance(inner, dict):
            flat.extend(f"{name}.{key}" for key in inner)
        else:
            flat.append(name)
    return ", ".join(sorted(flat))[:200]
