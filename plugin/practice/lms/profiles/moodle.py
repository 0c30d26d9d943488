"""Moodle 4.3 and 4.5 as measured: small numbers for ids, a launch that works once, no storage."""

from __future__ import annotations

import json
from typing import Any

from plugin.practice.lms.profiles.profile import MEMBERSHIP, Paths, Profile, Registration
from plugin.practice.lms.records import Role, Tool, User


class Moodle(Profile):
    """A Moodle assistant launches as Instructor and stands in the roster as Learner, since another
    capability is asked."""

    name = "moodle"
    product_family_code = "moodle"
    version = "2024100706"
    paths = Paths(
        authorization="/mod/lti/auth.php",
        token="/mod/lti/token.php",  # noqa: S106 - an address
        key_set="/mod/lti/certs.php",
        memberships="/mod/lti/services.php/CourseSection/<int:course_id>/bindings/<int:tool_id>/memberships",
        line_items="/mod/lti/services.php/<int:course_id>/lineitems",
        line_item="/mod/lti/services.php/<int:course_id>/lineitems/<int:item_id>/lineitem",
        selection="/mod/lti/contentitem_return.php",
        returned="/mod/lti/return.php",
        tool_query="type_id",
    )
    registration = Registration(
        configuration_path="/mod/lti/openid-configuration.php",
        registration_path="/mod/lti/openid-registration.php",
        names_deployment=True,
        asks_update=True,
        configuration_needs_token=False,
        names_audience=False,
        placements=("ContentArea",),
    )
    # Over http its cookie says nothing and browsers take that for Lax.
    cookie_same_site = "Lax"
    reposts_without_cookie = True
    obeys_frame_resize = False
    id_token_seconds = 60
    token_content_type = "text/html; charset=utf-8"  # noqa: S105 - a media type
    context_types = ("CourseSection",)
    memberships_url_in_custom = True
    launch_roles = {
        Role.INSTRUCTOR: (f"{MEMBERSHIP}Instructor",),
        Role.ASSISTANT: (f"{MEMBERSHIP}Instructor",),
        Role.LEARNER: (f"{MEMBERSHIP}Learner",),
        Role.OBSERVER: (f"{MEMBERSHIP}Learner",),
        Role.TEST_USER: (f"{MEMBERSHIP}Learner",),
    }
    roster_roles = {
        Role.INSTRUCTOR: ("Instructor",),
        Role.ASSISTANT: ("Learner",),
        Role.LEARNER: ("Learner",),
        Role.OBSERVER: ("Learner",),
        Role.TEST_USER: ("Learner",),
    }
    broken_line_item_paging = True
    new_maximum_rescales = True
    whole_seconds = True
    erases_when_not_final = True

    def message_hint(self, launch_id: str, activity_id: int | None) -> str:
        """JSON with quotes, which a careless tool fails to send back as it came."""
        hint: dict[str, object] = {"cmid": activity_id or 0, "launchid": launch_id}
        return json.dumps(hint, separators=(",", ":"))

    def launch_of(self, hint: str) -> str:
        return str(json.loads(hint)["launchid"])

    def person_claims(self, user: User, launch: Any, names: bool) -> dict[str, Any]:
        extension = {"lms": "moodle-2"}
        if names:
            extension = {"user_username": user.username, **extension}
        return {"https://purl.imsglobal.org/spec/lti/claim/ext": extension}

    def selection_settings(self, tool: Tool) -> dict[str, Any]:
        """No ``data``, no ``accept_lineitem``; several items at once."""
        return {
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["frame", "iframe", "window"],
            "accept_copy_advice": False,
            "accept_multiple": True,
            "accept_unsigned": False,
            "auto_create": False,
            "can_confirm": False,
            "title": tool.name,
            "text": "",
        }


MOODLE = Moodle()
