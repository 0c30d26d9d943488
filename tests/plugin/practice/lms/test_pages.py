"""The pages that a person clicks through."""

import pytest

from plugin.practice.lms import queries
from plugin.practice.lms.visitor import NoForm
from tests.plugin.practice.lms.conftest import Place


def test_every_page_opens_for_a_teacher(place: Place) -> None:
    visitor = place.visitor(place.tessa)
    course = f"/course/{place.course.id}"
    for path in (
        "/",
        "/people",
        "/people?q=ada",
        course,
        f"{course}/people",
        f"{course}/grades",
        f"{course}/tools",
        f"{course}/select/{place.registration.id}",
        f"/activity/{place.activity.id}",
        "/practice/tools",
        "/practice/log",
        "/practice/log?area=login&refused=on",
        "/practice/faults",
        "/mod/lti/return.php?course=1&lti_errormsg=Too+late",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert "<style" not in answer.text
        assert " style=" not in answer.text


def test_a_learner_sees_the_course_but_no_teachers_pages(place: Place) -> None:
    visitor = place.visitor(place.ada)
    page = visitor.get(f"/course/{place.course.id}").text
    assert "Mentoring" in page
    assert "Choose content" not in page
    for path in (f"/course/{place.course.id}/tools", f"/course/{place.course.id}/select/1"):
        assert visitor.get(path).status_code == 403
    assert visitor.post(f"/course/{place.course.id}/switch-role", {}).status_code == 403


def test_a_visitor_without_a_name_chooses_one_and_comes_back(place: Place) -> None:
    visitor = place.visitor(place.ada)
    visitor.post("/sign-out", {})
    page = visitor.get(f"/activity/{place.activity.id}")
    assert "Who are you?" in page.text
    fields = {"user_id": str(place.ben.id), "next": f"/activity/{place.activity.id}"}
    assert "<iframe" in visitor.post("/sign-in", fields).text
    away = visitor.post("/sign-in", {**fields, "next": "//evil.example/"})
    assert away.url == f"{place.lms.base_url}/"
    assert visitor.post("/sign-in", {"user_id": "999"}).status_code == 404


def test_a_teacher_adds_and_duplicates_an_activity_by_hand(place: Place) -> None:
    visitor = place.visitor(place.tessa)
    course = f"/course/{place.course.id}"
    fields = {"tool_id": str(place.registration.id), "title": "Reviews", "score_maximum": "20"}
    page = visitor.post(f"{course}/activities", {**fields, "new_window": "on"}).text
    assert "opens in a new window" in page
    visitor.post(f"{course}/activities/{place.activity.id}/duplicate", {})
    with place.lms.store.reading() as db:
        titles = [activity.title for activity in queries.activities(db, place.course.id)]
        items = queries.line_items(db, place.course.id)
    assert titles == ["Mentoring", "Reviews", "Mentoring (copy)"]
    assert [item.score_maximum for item in items] == [10, 20, 10]
    assert visitor.post(f"{course}/activities", {**fields, "title": " "}).status_code == 400
    wrong = visitor.post(f"{course}/activities", {**fields, "score_maximum": "much"})
    assert wrong.status_code == 400


def test_what_a_tool_may_know_is_set_for_each_course(place: Place) -> None:
    visitor = place.visitor(place.tessa)
    visitor.post(f"/course/{place.course.id}/tools/{place.registration.id}", {"share_names": "on"})
    with place.lms.store.reading() as db:
        privacy = queries.privacy(db, place.course.id, place.registration)
    assert (privacy.names, privacy.email) == (True, False)


def test_a_tool_is_registered_on_the_desk(place: Place) -> None:
    visitor = place.visitor(place.tessa)
    fields = {
        "name": "Second",
        "login_url": "https://tool.example/login",
        "launch_url": "https://tool.example/launch",
        "redirect_uris": "https://tool.example/launch\nhttps://tool.example/other",
        "key_set_url": "https://tool.example/keys",
        "custom": "a=b=c\n\nid = $User.id",
        "share_names": "on",
    }
    assert "Second" in visitor.post("/practice/tools", fields).text
    with place.lms.store.reading() as db:
        tool = queries.tools(db)[-1]
    assert len(tool.redirect_uris) == 2
    assert tool.custom == {"a": "b=c", "id": "$User.id"}
    assert (len(tool.client_id), tool.share_email, tool.deep_linking_url) == (15, False, None)
    for change in ({"login_url": "tool"}, {"redirect_uris": ""}, {"name": ""}):
        assert visitor.post("/practice/tools", {**fields, **change}).status_code == 400


def test_the_desk_breaks_and_mends_services(place: Place) -> None:
    visitor = place.visitor(place.tessa)
    page = visitor.post("/practice/faults", {"area": "token", "mode": "503", "count": "2"}).text
    assert "broken: 503, 2 more" in page
    assert "broken" not in visitor.post("/practice/faults", {"area": "token", "mode": "off"}).text
    assert visitor.post("/practice/faults", {"area": "x", "mode": "503"}).status_code == 400
    for path, fields in (
        ("/practice/keys", {"drop_old": "on"}),
        ("/practice/tokens/expire", {}),
        ("/practice/clock", {"offset": "-60"}),
        ("/practice/roster-page", {"size": "5"}),
    ):
        assert visitor.post(path, fields).status_code == 200
    assert place.lms.store.clock_offset().total_seconds() == -60
    assert visitor.post("/practice/clock", {"offset": "soon"}).status_code == 400


def test_the_log_shows_verdicts_and_no_whole_secrets(place: Place) -> None:
    visitor = place.visitor(place.ada)
    login = visitor.open_activity(place.activity.id)
    place.tool.changes = {"redirect_uri": "http://localhost/elsewhere"}
    with pytest.raises(NoForm):
        visitor.follow(place.tool.authorization_url(login.fields))
    assertion = place.tool.assertion()
    place.tool.ask_token("https://unknown", client_assertion=assertion)
    page = visitor.get("/practice/log").text
    assert "is not one of the registered" in page
    assert "no scope that this platform knows" in page
    assert assertion not in page
    assert assertion[:20] in page
