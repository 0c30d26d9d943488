"""The Canvas profile where it differs from Moodle: addresses, ids, roles, login, its own cookie."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import jwt
import pytest

from plugin.practice.lms import seed
from plugin.practice.lms.launches import Form
from plugin.practice.lms.profiles import CANVAS, MOODLE
from plugin.practice.lms.records import Role, Tool
from plugin.practice.lms.server import RunningLms, running_lms
from plugin.practice.lms.visitor import PostedForm, Visitor

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
TOOL = "https://tool.example"
BACK = f"{TOOL}/launch"


@pytest.fixture
def canvas(tmp_path: Path) -> Iterator[RunningLms]:
    with running_lms(tmp_path / "canvas.sqlite3", profile="canvas") as lms:
        yield lms


@pytest.fixture
def tool(canvas: RunningLms) -> Tool:
    return seed.register_tool(
        canvas.store,
        name="Tool",
        login_url=f"{TOOL}/login",
        launch_url=BACK,
        redirect_uris=[BACK],
        key_set_url=f"{TOOL}/jwks",
        deep_linking_url=BACK,
        custom={"zone": "$Person.address.timezone", "role": "$Canvas.membership.roles"},
    )


def place(lms: RunningLms, tool: Tool, role: Role) -> tuple[Visitor, PostedForm]:
    """Somebody in that role at the login initiation of an activity."""
    course = seed.add_course(lms.store, label="DB1", title="Databases")
    user = seed.add_user(lms.store, username=role.value.lower(), given_name=role.value)
    seed.enrol(lms.store, course.id, user.id, role)
    activity = seed.add_activity(lms.store, course.id, tool.id, title="Essay", score_maximum=10)
    visitor = Visitor(lms.base_url, user.id)
    return visitor, visitor.open_activity(activity.id)


def asked(lms: RunningLms, login: PostedForm) -> str:
    """The address that a tool would send the browser to."""
    from urllib.parse import urlencode

    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login.fields["client_id"],
        "redirect_uri": BACK,
        "login_hint": login.fields["login_hint"],
        "lti_message_hint": login.fields["lti_message_hint"],
        "state": "s1",
        "nonce": "n1",
    }
    return f"{lms.platform.authorization_url}?{urlencode(query)}"


def claims(form: PostedForm | Form) -> dict[str, object]:
    found: dict[str, object] = jwt.decode(
        form.fields["id_token"], options={"verify_signature": False}
    )
    return found


def test_login_and_launch_carry_what_only_canvas_sends(canvas: RunningLms, tool: Tool) -> None:
    visitor, login = place(canvas, tool, Role.LEARNER)
    assert login.fields["lti_storage_target"] == "post_message_forwarding"
    assert login.fields["deployment_id"] == login.fields["lti_deployment_id"] == "1"
    assert login.fields["canvas_environment"] == "production"
    answer = visitor.follow(asked(canvas, login))
    assert answer.fields["lti_storage_target"] == "post_message_forwarding"
    found = claims(answer)
    assert str(UUID(str(found["sub"]))) == login.fields["login_hint"]
    assert int(str(found["exp"])) - int(str(found["iat"])) == 3600
    assert found[f"{LTI}custom"] == {"zone": "UTC", "role": "StudentEnrollment"}
    platform = found[f"{LTI}tool_platform"]
    assert isinstance(platform, dict)
    assert platform["product_family_code"] == "canvas"


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        (Role.ASSISTANT, "membership/Instructor#TeachingAssistant"),
        (Role.OBSERVER, "membership#Mentor"),
        (Role.LEARNER, "institution/person#Student"),
    ],
)
def test_roles_come_in_layers(canvas: RunningLms, tool: Tool, role: Role, wanted: str) -> None:
    visitor, login = place(canvas, tool, role)
    roles = claims(visitor.follow(asked(canvas, login)))[f"{LTI}roles"]
    assert isinstance(roles, list)
    assert any(one.endswith(wanted) for one in roles)
    assert any(one.endswith("system/person#User") for one in roles)


def test_student_view_is_a_test_user_with_an_account_of_its_own(
    canvas: RunningLms, tool: Tool
) -> None:
    visitor, login = place(canvas, tool, Role.INSTRUCTOR)
    visitor.post("/course/1/switch-role", {})
    login = visitor.open_activity(1)
    found = claims(visitor.follow(asked(canvas, login)))
    assert str(found["sub"]) != login.fields["login_hint"]
    roles = found[f"{LTI}roles"]
    assert isinstance(roles, list)
    assert any(one.endswith("lti/system/person#TestUser") for one in roles)


def test_its_addresses_have_no_query_and_its_ids_lead_back(canvas: RunningLms, tool: Tool) -> None:
    assert canvas.platform.line_items_url(7, tool).endswith("/api/lti/courses/7/line_items")
    for profile in (CANVAS, MOODLE):
        assert profile.user_number(profile.subject(42)) == 42
        assert profile.link_number(profile.link_id(7)) == 7
        assert profile.user_number("nobody") == 0
    assert CANVAS.user_number(CANVAS.link_id(7)) == 0


def test_a_store_keeps_the_profile_that_it_was_made_with(canvas: RunningLms) -> None:
    with running_lms(canvas.store.path) as again:
        assert again.platform.profile is CANVAS
