"""Login initiation, authorization, id_token: the whole way, and each way to get it wrong."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from plugin.practice.lms import seed
from plugin.practice.lms.call_log import calls
from plugin.practice.lms.visitor import NoForm, PostedForm, Visitor, tool_browser
from tests.plugin.practice.lms.conftest import Place
from tests.plugin.practice.lms.strict_tool import LTI

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


def launch(place: Place, visitor: Visitor, target: str = "iframe") -> dict[str, object]:
    login = visitor.open_activity(place.activity.id, target=target)
    with tool_browser() as browser:
        answer = visitor.launch(login, browser)
    assert answer.status_code == 200, answer.text
    return place.tool.launches[-1]


def spoiled(place: Place, **changes: str | None) -> PostedForm:
    place.tool.changes = changes
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    return visitor.follow(place.tool.authorization_url(login.fields))


def test_a_learner_arrives_with_the_claims_that_moodle_sends(place: Place) -> None:
    claims = launch(place, place.visitor(place.ada))
    assert claims["sub"] == str(place.ada.id)
    assert claims["exp"] == claims["iat"] + 60  # type: ignore[operator]
    assert claims["aud"] == place.registration.client_id
    assert (claims["name"], claims["email"]) == ("Ada Test", "ada@example.invalid")
    assert claims[f"{LTI}message_type"] == "LtiResourceLinkRequest"
    assert claims[f"{LTI}roles"] == [LEARNER]
    assert claims[f"{LTI}target_link_uri"] == place.tool.launch_url
    assert claims[f"{LTI}context"] == {
        "id": str(place.course.id),
        "label": "BIO1",
        "title": "Biology",
        "type": ["CourseSection"],
    }
    assert claims[f"{LTI}custom"] == {
        "zone": "Asia/Kolkata",
        "due": "$ResourceLink.submission.endDateTime",
        "context_memberships_url": claims[NRPS]["context_memberships_url"],  # type: ignore[index]
    }
    assert claims[AGS]["lineitem"].endswith(  # type: ignore[index]
        f"/lineitem?type_id={place.registration.id}"
    )


def test_the_login_initiation_is_the_form_that_moodle_posts(place: Place) -> None:
    login = place.visitor(place.ada).open_activity(place.activity.id)
    assert login.action == place.registration.login_url
    assert set(login.fields) == {
        "iss",
        "target_link_uri",
        "login_hint",
        "lti_message_hint",
        "client_id",
        "lti_deployment_id",
    }
    assert json.loads(login.fields["lti_message_hint"])["cmid"] == place.activity.id


def test_teacher_and_assistant_are_instructors_in_a_launch(place: Place) -> None:
    for person in (place.tessa, place.nora):
        assert launch(place, place.visitor(person))[f"{LTI}roles"] == [INSTRUCTOR]


def test_a_teacher_who_switches_role_is_the_same_person_as_a_learner(place: Place) -> None:
    visitor = place.visitor(place.tessa)
    visitor.post(f"/course/{place.course.id}/switch-role", {})
    claims = launch(place, visitor)
    assert (claims["sub"], claims[f"{LTI}roles"]) == (str(place.tessa.id), [LEARNER])


def test_a_new_window_is_told_to_the_tool(place: Place) -> None:
    claims = launch(place, place.visitor(place.ada), target="window")
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "window"  # type: ignore[index]


def test_a_course_can_withhold_names_and_addresses(place: Place) -> None:
    seed.add_tool_to_course(
        place.lms.store,
        place.course.id,
        place.registration.id,
        share_names=False,
        share_email=False,
    )
    claims = launch(place, place.visitor(place.ada))
    assert not {"name", "given_name", "family_name", "email"} & set(claims)
    assert claims["sub"] == str(place.ada.id)


def test_a_launch_is_used_once(place: Place) -> None:
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    url = place.tool.authorization_url(login.fields)
    assert "id_token" in visitor.follow(url).fields
    again = visitor.follow(url)
    assert again.fields["error_description"] == "this launch was used already"
    assert "id_token" not in again.fields


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", "openid profile"),
        ("response_type", "code"),
        ("response_mode", "query"),
        ("prompt", None),
        ("nonce", None),
        ("login_hint", "999"),
        ("lti_message_hint", '{"cmid":1,"launchid":"other"}'),
        ("lti_message_hint", "{"),
    ],
)
def test_a_wrong_request_gets_an_error_at_the_redirect_uri(
    place: Place, name: str, value: str | None
) -> None:
    answer = spoiled(place, **{name: value})
    assert answer.action == place.tool.launch_url
    assert "id_token" not in answer.fields
    assert answer.fields["state"] in place.tool.begun
    logged = calls(place.lms.store, area="authorization")[0]
    assert (logged.accepted, logged.reason) == (False, answer.fields["error_description"])


@pytest.mark.parametrize("tail", ["/", "?x=1", "#x", "/../launch"])
def test_the_redirect_uri_is_compared_byte_by_byte(place: Place, tail: str) -> None:
    with pytest.raises(NoForm, match="redirect_uri"):
        spoiled(place, redirect_uri=place.tool.launch_url + tail)


def test_an_unknown_client_is_sent_nowhere(place: Place) -> None:
    with pytest.raises(NoForm, match="client id"):
        spoiled(place, client_id="nobody")


def test_a_parameter_sent_twice_is_refused(place: Place) -> None:
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    with pytest.raises(NoForm, match="more than once"):
        visitor.follow(place.tool.authorization_url(login.fields) + "&scope=openid")


def test_a_launch_begun_by_one_person_is_not_finished_as_another(place: Place) -> None:
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    visitor.become(place.ben.id)
    answer = visitor.follow(place.tool.authorization_url(login.fields))
    assert answer.fields["error"] == "login_required"


def test_a_launch_is_too_late_after_ten_minutes(place: Place) -> None:
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    place.lms.store.set_clock_offset(601)
    answer = visitor.follow(place.tool.authorization_url(login.fields))
    assert "ten minutes" in answer.fields["error_description"]


def test_a_request_without_our_cookie_is_posted_again_from_our_page(place: Place) -> None:
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    url = place.tool.authorization_url(login.fields)
    stranger = place.visitor(place.ada)
    stranger.session.cookies.clear()
    again = stranger.follow(url)
    assert again.action == place.lms.platform.authorization_url
    assert again.fields["state"] == parse_qs(urlsplit(url).query)["state"][0]
    answer = visitor.post(again.action, again.fields)
    assert 'name="id_token"' in answer.text
    refused = stranger.post(again.action, again.fields)
    assert "login_required" in refused.text


def test_only_people_of_the_course_launch(place: Place) -> None:
    stranger = seed.add_user(place.lms.store, username="zoe", given_name="Zoe")
    with pytest.raises(NoForm, match="not enrolled"):
        place.visitor(stranger).open_activity(place.activity.id)


def test_two_line_items_on_a_link_leave_the_launch_without_one(place: Place) -> None:
    with place.lms.store.writing() as db:
        seed.insert_line_item(
            db,
            place.course.id,
            place.registration.id,
            label="Second",
            score_maximum=5,
            tag="",
            resource_id="",
            activity_id=place.activity.id,
            coupled=False,
        )
    assert "lineitem" not in launch(place, place.visitor(place.ada))[AGS]  # type: ignore[operator]


def test_a_duplicate_keeps_custom_tag_and_resource_but_not_the_link(place: Place) -> None:
    copy = seed.duplicate_activity(place.lms.store, place.activity.id)
    assert copy.id != place.activity.id
    assert copy.custom == place.activity.custom
    login = place.visitor(place.ada).open_activity(copy.id)
    assert login.fields["target_link_uri"] == place.activity.url
