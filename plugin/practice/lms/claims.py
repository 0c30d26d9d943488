"""The claims of an id_token, in the shape in which Moodle and Canvas send them.

Left out: the LTI 1.1 basic outcomes claim, because the service behind it is not played.
"""

from __future__ import annotations

import secrets
from typing import Any

from plugin.practice.lms import queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import NAME, Platform
from plugin.practice.lms.records import Activity, Course, Launch, LineItem, Privacy, Tool, User
from plugin.practice.lms.scopes import GRADE_SCOPES
from plugin.practice.lms.variables import Values, substitute

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def id_token(platform: Platform, tool: Tool, launch: Launch, nonce: str) -> dict[str, Any]:
    with platform.store.reading() as db:
        user = queries.user(db, launch.user_id)
        course = queries.course(db, launch.course_id)
        privacy = queries.privacy(db, launch.course_id, tool)
        activity = queries.activity(db, launch.activity_id) if launch.activity_id else None
        item = queries.line_item_of(db, launch.activity_id) if launch.activity_id else None
        origins = queries.origins(db, launch.course_id)
    if user is None or course is None or (launch.activity_id and activity is None):
        raise Refusal("what this launch points at is gone")
    now, profile = platform.clock.timestamp(), platform.profile
    url = activity.url if activity else tool.deep_linking_url
    body: dict[str, Any] = {
        "nonce": nonce,
        "iat": now,
        "exp": now + profile.id_token_seconds,
        "iss": platform.issuer,
        "aud": tool.client_id,
        f"{LTI}deployment_id": tool.deployment_id,
        f"{LTI}target_link_uri": url,
        "sub": profile.launch_subject(launch),
        f"{LTI}lis": {
            "person_sourcedid": user.sourced_id,
            "course_section_sourcedid": course.sourced_id,
        },
        f"{LTI}roles": list(profile.launch_roles[launch.role]),
        f"{LTI}context": {
            "id": profile.context_id(course.id),
            "label": course.label,
            "title": course.title,
            "type": list(profile.context_types),
        },
        f"{LTI}message_type": launch.kind,
        f"{LTI}version": "1.3.0",
        **_person(user, privacy),
        **profile.person_claims(user, launch, privacy.names),
        **profile.launch_claims(launch, course, platform.base_url),
        **_platform(platform),
        **_services(platform, tool, course, item),
    }
    custom = {**tool.custom, **(activity.custom if activity else {})}
    values = Values(profile, user, course, launch.role, activity, privacy, origins)
    sent = {name: substitute(value, values) for name, value in custom.items()}
    if profile.memberships_url_in_custom:
        sent["context_memberships_url"] = platform.memberships_url(course.id, tool)
    body[f"{LTI}custom"] = sent
    if activity:
        body.update(_resource_link(platform, user, course, activity, launch.target))
    else:
        body.update(_selection(platform, tool, launch, user))
    return body


def _person(user: User, privacy: Privacy) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if privacy.names:
        found |= {
            "given_name": user.given_name,
            "family_name": user.family_name,
            "name": user.name,
        }
    if privacy.email and user.email:
        found["email"] = user.email
    return found


def _platform(platform: Platform) -> dict[str, Any]:
    return {
        f"{LTI}tool_platform": {
            "product_family_code": platform.profile.product_family_code,
            "version": platform.profile.version,
            "guid": platform.store.setting("guid"),
            "name": NAME,
            "description": "A platform to practise with",
        }
    }


def _services(
    platform: Platform, tool: Tool, course: Course, item: LineItem | None
) -> dict[str, Any]:
    endpoint: dict[str, Any] = {
        "scope": list(GRADE_SCOPES),
        "lineitems": platform.line_items_url(course.id, tool),
    }
    if item is not None:
        endpoint["lineitem"] = platform.line_item_url(item)
    return {
        AGS: endpoint,
        NRPS: {
            "context_memberships_url": platform.memberships_url(course.id, tool),
            "service_versions": ["1.0", "2.0"],
        },
    }


def _resource_link(
    platform: Platform, user: User, course: Course, activity: Activity, target: str
) -> dict[str, Any]:
    return {
        f"{LTI}resource_link": {
            "title": activity.title,
            "description": activity.text,
            "id": platform.profile.link_id(activity.id),
        },
        f"{LTI}launch_presentation": {
            "locale": user.locale,
            "document_target": target,
            "return_url": platform.return_url(course.id, activity.id),
        },
    }


def _selection(platform: Platform, tool: Tool, launch: Launch, user: User) -> dict[str, Any]:
    key = secrets.token_urlsafe(16)
    with platform.store.writing() as db:
        db.execute(
            "INSERT INTO selection VALUES (?, ?, ?, ?, ?, NULL)",
            (key, tool.id, launch.course_id, launch.user_id, platform.clock.timestamp()),
        )
    return {
        f"{LTI}launch_presentation": {"locale": user.locale},
        DL_SETTINGS: {
            **platform.profile.selection_settings(tool),
            "deep_link_return_url": platform.selection_url(launch.course_id, tool, key),
        },
    }
