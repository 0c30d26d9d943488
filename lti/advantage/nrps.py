"""Names and Role Provisioning Services 2.0: the people of a course, page by page.

Pages are followed by the ``Link`` header with its case kept (bookmarks are base64), on the same
host only. How often and how far is the caller's decision. Names and addresses may be withheld.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from lti.advantage.client import ServiceClient, next_page, pinned, unusable
from lti.claim_schemas import LTI, MAX_ID, MAX_NAME, Shown, is_missing
from plugin.kernel.http import RemoteCallFailed

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SECTIONS = "section_ids"  # the custom parameter that holds them, where a platform has any
_MOST_SECTIONS = 50
_MAX_BYTES = 10_000_000  # a platform that gives everybody at once: about 20,000 people

_CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@dataclass(frozen=True)
class MemberView:
    """One person of the course as the platform lists them."""

    subject: str
    roles: tuple[str, ...]
    active: bool
    name: str | None
    email: str | None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Some of the people, and where the next of them are."""

    members: tuple[MemberView, ...]
    next_url: str | None


class _Member(Schema):
    class Meta:
        unknown = EXCLUDE

    subject = fields.String(
        required=True, data_key="user_id", validate=validate.Length(min=1, max=MAX_ID)
    )
    roles = fields.List(fields.String(validate=validate.Length(max=MAX_ID)), load_default=list)
    status = fields.String(load_default="Active", allow_none=True)
    name = Shown(MAX_NAME)
    given_name = Shown(MAX_NAME)
    family_name = Shown(MAX_NAME)
    email = Shown(254)
    message = fields.Raw(load_default=None, allow_none=True)


_MEMBERS = _Member(many=True)


def page(
    client: ServiceClient, url: str, *, query: Mapping[str, str] | None = None, first: str
) -> Page:
    """One page; ``first`` is the address where the list began, whose host is never left."""
    answer = client.call(
        "GET", pinned(url, first), accept=_CONTAINER, params=query, max_bytes=_MAX_BYTES
    )
    if not answer.ok:
        raise unusable(url, answer)
    members = tuple(_members(answer.json(), url))
    return Page(members, next_page(answer.headers.get("Link", ""), url, first))


def _members(document: Any, url: str) -> list[MemberView]:
    listed = document.get("members") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise RemoteCallFailed(url, "the answer holds no members", retryable=False)
    try:
        found = _MEMBERS.load(listed)
    except ValidationError as error:
        raise RemoteCallFailed(url, "a member of another shape", retryable=False) from error
    return [_member(one) for one in found]


def _member(found: dict[str, Any]) -> MemberView:
    joined = " ".join(part for part in (found["given_name"], found["family_name"]) if part)
    return MemberView(
        subject=found["subject"],
        roles=tuple(found["roles"]),
        active=(found["status"] or "Active").lower() == "active",
        name=found["name"] or joined or None,
        email=found["email"],
        sections=_sections(found["message"]),
    )


def _sections(messages: Any) -> tuple[str, ...]:
    """The sections in the custom parameters of a member's messages (NRPS 2.0, 3.2)."""
    for message in messages if isinstance(messages, list) else []:
        custom = message.get(LTI + "custom") if isinstance(message, dict) else None
        told = custom.get(SECTIONS) if isinstance(custom, dict) else None
        if isinstance(told, str) and not is_missing(told):
            return tuple(_names(told))[:_MOST_SECTIONS]
    return ()


def _names(told: str) -> list[str]:
    """Names in a JSON list or separated by commas, as platforms write both."""
    try:
        listed = json.loads(told)
    except ValueError:
        listed = told.split(",")
    several = listed if isinstance(listed, list) else [listed]
    return sorted({str(one).strip()[:MAX_ID] for one in several if str(one).strip()})
