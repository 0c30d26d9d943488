"""What may differ between platforms, with the plain behaviour of the specifications.

A profile is one value of a subclass: it holds no state and reads no table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.practice.lms.records import Course, Launch, Role, Tool, User

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
MEMBERSHIP = f"{LIS}membership#"


@dataclass(frozen=True)
class Paths:
    """Flask rules of one platform. Services carry ``tool_query`` where the platform has one."""

    authorization: str
    token: str
    key_set: str
    memberships: str
    line_items: str
    line_item: str
    selection: str
    returned: str
    notices: str | None = None
    tool_query: str = ""

    def build(self, rule: str, **values: object) -> str:
        """A rule with its numbers filled in."""
        for name, value in values.items():
            rule = rule.replace(f"<int:{name}>", str(value))
        return rule


@dataclass(frozen=True)
class Registration:
    """How a platform takes tools that register themselves."""

    configuration_path: str
    registration_path: str
    names_deployment: bool
    asks_update: bool
    configuration_needs_token: bool
    names_audience: bool
    placements: tuple[str, ...]


class Profile:
    """One platform. Attributes are facts, methods are what it makes of a value of ours."""

    name: str
    product_family_code: str
    version: str
    paths: Paths
    registration: Registration

    # The browser: its own cookie, storage for tools, what it hears from a frame.
    cookie_same_site = "None"
    reposts_without_cookie = False
    storage_target: str | None = None
    obeys_frame_resize = True

    # Messages and tokens.
    id_token_seconds = 3600
    access_token_seconds = 3600
    token_content_type = "application/json; charset=utf-8"  # noqa: S105 - a media type
    context_types: tuple[str, ...] = (f"{LIS}course#CourseOffering",)
    launch_roles: Mapping[Role, tuple[str, ...]]
    roster_roles: Mapping[Role, tuple[str, ...]]
    memberships_url_in_custom = False
    # As what a teacher comes who looks at the course as a student.
    student_view = Role.LEARNER

    # The roster: so many people a page unless the tool asks for fewer, and never more than these.
    roster_page: int | None = None
    roster_most: int | None = None
    roster_takes_short_roles = True

    # The gradebook. A page of None lists everything at once.
    line_item_page: int | None = None
    broken_line_item_paging = False
    result_page: int | None = None
    new_maximum_rescales = False
    coupled_delete_status = 403
    # A score of another time, of somebody who is no learner, without its maximum.
    late_status = 409
    whole_seconds = False
    refused_status = 400
    final_progress = frozenset({"FullyGraded"})
    erases_when_not_final = False
    takes_submissions = False

    def subject(self, user_id: int) -> str:
        """``sub`` of a person; NRPS and AGS use the same."""
        return str(user_id)

    def user_number(self, subject: str) -> int:
        """The person behind a subject; 0 for what is none."""
        return _number(subject)

    def link_id(self, activity_id: int) -> str:
        return str(activity_id)

    def link_number(self, link: str) -> int:
        return _number(link)

    def context_id(self, course_id: int) -> str:
        return str(course_id)

    def launch_subject(self, launch: Launch) -> str:
        return self.subject(launch.user_id)

    def message_hint(self, launch_id: str, activity_id: int | None) -> str:
        """The opaque text that must come back; ``launch_of`` reads it again."""
        raise NotImplementedError

    def launch_of(self, hint: str) -> str:
        """Raises ValueError, TypeError or KeyError when the hint was changed."""
        raise NotImplementedError

    def next_query(self, start: int, size: int) -> dict[str, str]:
        """How the next page of a list is asked for; ``first_row`` reads it again."""
        return {"limit": str(size), "from": str(start)}

    def first_row(self, query: Mapping[str, str]) -> int:
        return _number(query.get("from", "0"))

    def page_size(self, query: Mapping[str, str]) -> int | None:
        return _number(query.get("limit", "")) or None

    def login_fields(self, tool: Tool) -> dict[str, str]:
        """What the login initiation carries besides the fields of the specification."""
        return {}

    def answer_fields(self) -> dict[str, str]:
        """What the launch form carries besides ``state`` and ``id_token``."""
        return {"lti_storage_target": self.storage_target} if self.storage_target else {}

    def person_claims(self, user: User, launch: Launch, names: bool) -> dict[str, Any]:
        """Claims about the person that only this platform sends."""
        return {}

    def launch_claims(self, launch: Launch, course: Course, base_url: str) -> dict[str, Any]:
        """Claims about the launch that only this platform sends."""
        return {}

    def selection_settings(self, tool: Tool) -> dict[str, Any]:
        """Deep linking settings without the return URL."""
        raise NotImplementedError

    def variables(self, user: User, course: Course, role: Role) -> dict[str, str]:
        """Substitution variables that only this platform knows."""
        return {}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
