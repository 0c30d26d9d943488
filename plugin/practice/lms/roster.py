"""Names and Role Provisioning Services 2.0.

Everybody Active, `limit` and `from` paging, `role` short or full, `rlid` adds a message array; how
roles are written and how long a page is says the profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from plugin.practice.lms import queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.profiles.profile import MEMBERSHIP
from plugin.practice.lms.records import Member, Privacy, Tool

MESSAGE_TYPE = "https://purl.imsglobal.org/spec/lti/claim/message_type"


@dataclass(frozen=True)
class Page:
    body: dict[str, Any]
    next_url: str | None


def memberships(
    platform: Platform,
    tool: Tool,
    course_id: int,
    *,
    role: str = "",
    query: Mapping[str, str] | None = None,
    resource_link: str = "",
) -> Page:
    """A page of the list; ``query`` is the request's, read by the profile's way of paging."""
    profile, query = platform.profile, query or {}
    with platform.store.reading() as db:
        course = queries.course(db, course_id)
        if course is None or tool not in queries.course_tools(db, course_id):
            raise Refusal("this tool is not in the course", status=404)
        if resource_link:
            activity = queries.activity(db, profile.link_number(resource_link))
            if activity is None or (activity.course_id, activity.tool_id) != (course_id, tool.id):
                raise Refusal("rlid names no activity of this tool in the course", status=403)
        members = queries.members(db, course_id)
        privacy = queries.privacy(db, course_id, tool)
    wanted = role.removeprefix(MEMBERSHIP)
    if wanted == role and role and not profile.roster_takes_short_roles:
        raise Refusal("role must be the full name of a context role")
    roles = profile.roster_roles
    members = [
        member
        for member in members
        if not wanted or wanted in {one.removeprefix(MEMBERSHIP) for one in roles[member.role]}
    ]
    start, size = profile.first_row(query), profile.page_size(query) or _configured_page(platform)
    if size and profile.roster_most:
        size = min(size, profile.roster_most)
    shown = members[start : start + size] if size else members[start:]
    url = platform.memberships_url(course_id, tool)
    next_url = None
    if size and start + size < len(members):
        asked = {"role": role, "rlid": resource_link, **profile.next_query(start + size, size)}
        next_url = f"{url}?{urlencode({k: v for k, v in asked.items() if v})}"
    body = {
        "id": url,
        "context": {
            "id": profile.context_id(course.id),
            "label": course.label,
            "title": course.title,
        },
        "members": [_member(platform, m, privacy, bool(resource_link)) for m in shown],
    }
    return Page(body, next_url)


def set_page_size(platform: Platform, size: int | None) -> None:
    """Page the roster even when the tool asks for no limit (as Canvas does)."""
    platform.store.set_setting("roster_page", str(size or 0))


def _configured_page(platform: Platform) -> int | None:
    try:
        return int(platform.store.setting("roster_page")) or None
    except KeyError:
        return platform.profile.roster_page


def _member(
    platform: Platform, member: Member, privacy: Privacy, with_message: bool
) -> dict[str, Any]:
    user = member.user
    found: dict[str, Any] = {
        "status": "Active",
        "roles": list(platform.profile.roster_roles[member.role]),
    }
    if with_message:
        found["message"] = [{MESSAGE_TYPE: "LtiResourceLinkRequest"}]
    found |= {"user_id": platform.profile.subject(user.id), "lis_person_sourcedid": user.sourced_id}
    if privacy.names:
        found |= {
            "name": user.name,
            "given_name": user.given_name,
            "family_name": user.family_name,
            "ext_user_username": user.username,
        }
    if privacy.email and user.email:
        found["email"] = user.email
    return found
