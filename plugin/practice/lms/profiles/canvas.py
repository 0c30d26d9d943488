"""Canvas as its documents and its source describe it: UUIDs, platform storage, roles in layers.

Not measured against a live Canvas. Its issuer is the same for all hosted schools; here it is the
address of the practice LMS, as a self-hosted Canvas may set it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from plugin.practice.lms.profiles.profile import LIS, MEMBERSHIP, Paths, Profile, Registration
from plugin.practice.lms.records import Course, Launch, Role, Tool, User

NOTICE_HANDLERS = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
_PERSON = UUID("5f3c9a1e-7d20-4b6c-8e41-000000000000").int
_LINK = UUID("a41b07c2-93de-4f18-b5a6-000000000000").int
_TEST_STUDENT = UUID("7e57ab1e-57ed-4e47-9c0d-000000000000").int
_LAST = 1 << 48
USER = f"{LIS}system/person#User"
TEST_USER = f"{LIS.replace('lis/v2', 'lti')}system/person#TestUser"


def _uuid(base: int, number: int) -> str:
    return str(UUID(int=base + number))


def _number(base: int, text: str) -> int:
    try:
        number = UUID(text).int - base
    except ValueError:
        return 0
    return number if 0 < number < _LAST else 0


class Canvas(Profile):
    """The Observer is a parent: ``membership#Mentor``, which is no mentor of ours."""

    name = "canvas"
    product_family_code = "canvas"
    version = "cloud"
    paths = Paths(
        authorization="/api/lti/authorize_redirect",
        token="/login/oauth2/token",  # noqa: S106 - an address
        key_set="/api/lti/security/jwks",
        memberships="/api/lti/courses/<int:course_id>/names_and_roles",
        line_items="/api/lti/courses/<int:course_id>/line_items",
        line_item="/api/lti/courses/<int:course_id>/line_items/<int:item_id>",
        selection="/api/lti/deep_linking_response",
        returned="/api/lti/external_tool_redirect",
        notices="/api/lti/notice-handlers/<int:tool_id>",
    )
    registration = Registration(
        configuration_path="/api/lti/security/openid-configuration",
        registration_path="/api/lti/registrations",
        names_deployment=False,
        asks_update=False,
        configuration_needs_token=True,
        names_audience=True,
        placements=("course_navigation", "assignment_selection", "link_selection"),
    )
    storage_target = "post_message_forwarding"
    launch_roles = {
        Role.INSTRUCTOR: (
            f"{LIS}institution/person#Instructor",
            f"{MEMBERSHIP}Instructor",
            USER,
        ),
        Role.ASSISTANT: (
            f"{LIS}institution/person#Instructor",
            f"{MEMBERSHIP}Instructor",
            f"{LIS}membership/Instructor#TeachingAssistant",
            USER,
        ),
        Role.LEARNER: (f"{LIS}institution/person#Student", f"{MEMBERSHIP}Learner", USER),
        Role.OBSERVER: (f"{LIS}institution/person#Observer", f"{MEMBERSHIP}Mentor", USER),
        Role.TEST_USER: (f"{MEMBERSHIP}Learner", TEST_USER, USER),
    }
    roster_roles = {
        Role.INSTRUCTOR: (f"{MEMBERSHIP}Instructor",),
        Role.ASSISTANT: (
            f"{MEMBERSHIP}Instructor",
            f"{LIS}membership/Instructor#TeachingAssistant",
        ),
        Role.LEARNER: (f"{MEMBERSHIP}Learner",),
        Role.OBSERVER: (f"{MEMBERSHIP}Mentor",),
        Role.TEST_USER: (f"{MEMBERSHIP}Learner", TEST_USER),
    }
    student_view = Role.TEST_USER
    roster_page = 50
    roster_most = 50
    roster_takes_short_roles = False
    line_item_page = 10
    result_page = 10
    coupled_delete_status = 401
    late_status = 400
    refused_status = 422
    final_progress = frozenset({"FullyGraded", "PendingManual"})
    takes_submissions = True

    def subject(self, user_id: int) -> str:
        return _uuid(_PERSON, user_id)

    def user_number(self, subject: str) -> int:
        return _number(_PERSON, subject)

    def link_id(self, activity_id: int) -> str:
        return _uuid(_LINK, activity_id)

    def link_number(self, link: str) -> int:
        return _number(_LINK, link)

    def context_id(self, course_id: int) -> str:
        return hashlib.sha256(f"course {course_id}".encode()).hexdigest()[:40]

    def launch_subject(self, launch: Launch) -> str:
        """Student View is another account: one test student for each course."""
        if launch.role is Role.TEST_USER:
            return _uuid(_TEST_STUDENT, launch.course_id)
        return self.subject(launch.user_id)

    def message_hint(self, launch_id: str, activity_id: int | None) -> str:
        raw = json.dumps({"verifier": launch_id, "canvas_domain": "practice"}).encode()
        return base64.urlsafe_b64encode(raw).decode()

    def launch_of(self, hint: str) -> str:
        return str(json.loads(base64.urlsafe_b64decode(hint))["verifier"])

    def next_query(self, start: int, size: int) -> dict[str, str]:
        """A bookmark whose upper and lower case counts; ``limit`` becomes ``per_page``."""
        mark = base64.urlsafe_b64encode(json.dumps([start]).encode()).decode()
        return {"page": f"bookmark:{mark}", "per_page": str(size)}

    def first_row(self, query: Mapping[str, str]) -> int:
        kind, _, mark = query.get("page", "").partition(":")
        if kind != "bookmark":
            return 0
        try:
            return int(json.loads(base64.urlsafe_b64decode(mark))[0])
        except (ValueError, TypeError, LookupError):
            return 0

    def page_size(self, query: Mapping[str, str]) -> int | None:
        asked = query.get("per_page") or query.get("limit") or ""
        return int(asked) or None if asked.isascii() and asked.isdigit() else None

    def login_fields(self, tool: Tool) -> dict[str, str]:
        return {
            "deployment_id": tool.deployment_id,
            "canvas_region": "us-east-1",
            "canvas_environment": "production",
            "lti_storage_target": self.storage_target or "_parent",
        }

    def person_claims(self, user: User, launch: Launch, names: bool) -> dict[str, Any]:
        found: dict[str, Any] = {
            "locale": user.locale,
            "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id": hashlib.sha256(
                f"user {user.id}".encode()
            ).hexdigest()[:40],
        }
        if launch.role is Role.OBSERVER:
            found["https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor"] = []
        return found

    def launch_claims(self, launch: Launch, course: Course, base_url: str) -> dict[str, Any]:
        return {
            "https://www.instructure.com/placement": "assignment_selection"
            if launch.activity_id
            else "link_selection",
            "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice": {
                "service_versions": ["1.0"],
                "platform_notification_service_url": base_url
                + self.paths.build(self.paths.notices or "", tool_id=launch.tool_id),
                "scope": [NOTICE_HANDLERS],
                "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice"],
            },
        }

    def selection_settings(self, tool: Tool) -> dict[str, Any]:
        """The module page's placement: several links at once, created by the teacher's choice."""
        return {
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": False,
            "title": tool.name,
            "text": "",
        }

    def variables(self, user: User, course: Course, role: Role) -> dict[str, str]:
        """`$Canvas.masqueradingUser.userId` stays a literal, as it does unless somebody acts as
        another person."""
        return {
            "Canvas.user.id": str(user.id),
            "Canvas.course.id": str(course.id),
            "Canvas.course.sectionIds": str(course.id),
            "Canvas.course.sectionRestricted": "false",
            "Canvas.membership.roles": _ENROLMENTS[role],
            "Canvas.enrollment.enrollmentState": "active",
            "Message.locale": user.locale,
        }


_ENROLMENTS = {
    Role.INSTRUCTOR: "TeacherEnrollment",
    Role.ASSISTANT: "TaEnrollment",
    Role.LEARNER: "StudentEnrollment",
    Role.OBSERVER: "ObserverEnrollment",
    Role.TEST_USER: "StudentEnrollment",
}
CANVAS = Canvas()
