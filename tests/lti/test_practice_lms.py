"""The whole way in from the practice LMS, through two real servers."""

import requests
import sqlalchemy as sa

from lti.advantage import tokens
from lti.models import ContextLink, LoginState
from plugin.people import public as people
from plugin.practice.lms import seed
from plugin.practice.lms.call_log import calls
from plugin.practice.lms.faults import Area, Mode, clear_faults, set_fault
from tests.lti.conftest import Campus, browser


def activity(campus: Campus, **more: object) -> int:
    made = seed.add_activity(
        campus.lms.store,
        campus.course.id,
        campus.tool.id,
        title="Mentoring",
        **more,  # type: ignore[arg-type]
    )
    return made.id


def test_a_learner_lands_on_the_start_page_of_the_course(campus: Campus) -> None:
    session = browser()
    answer = campus.launch(campus.ada, activity(campus), session)
    assert answer.status_code == 303
    page = session.get(campus.base_url + answer.headers["Location"], timeout=30)
    assert page.status_code == 200
    with campus.work() as uow:
        context = people.contexts(uow)[0]
        roster = people.members(uow, context.id)
        person = people.person(uow, campus.person_id(campus.ada))
    assert page.url == f"{campus.base_url}/c/{context.handle}/"
    assert context.title == "Biology"
    assert [(member.person.name, member.role) for member in roster] == [("Ada", "learner")]
    assert person.time_zone == "Asia/Kolkata"
    assert campus.lms.base_url in page.headers["Content-Security-Policy"]


def test_reload_and_a_second_tab_work_and_the_link_works_once(campus: Campus) -> None:
    session, number = browser(), activity(campus)
    visitor = campus.visitor(campus.ada)
    login = visitor.open_activity(number)
    sent = session.post(login.action, login.fields, allow_redirects=False, timeout=30)
    form = visitor.follow(sent.headers["Location"])
    first = session.post(form.action, form.fields, allow_redirects=False, timeout=30)
    again = session.post(form.action, form.fields, allow_redirects=False, timeout=30)
    assert first.status_code == 303
    assert again.status_code == 409
    assert "used already" in again.text
    page = session.get(campus.base_url + first.headers["Location"], timeout=30)
    assert session.get(page.url, timeout=30).status_code == 200
    assert campus.launch(campus.ada, number, session).status_code == 303


def test_the_teacher_is_told_apart_and_switching_role_keeps_the_roster(campus: Campus) -> None:
    number = activity(campus)
    campus.launch(campus.tessa, number)
    visitor = campus.visitor(campus.tessa)
    visitor.post(f"/course/{campus.course.id}/switch-role", {})
    session = browser()
    answer = visitor.launch(visitor.open_activity(number), session)
    assert answer.status_code == 303
    with campus.work() as uow:
        context = people.contexts(uow)[0]
        roles = people.memberships_of(uow, campus.person_id(campus.tessa))
    assert roles == [(context.id, "teacher")]


def test_a_deep_linked_page_is_routed_by_its_target(campus: Campus) -> None:
    campus.launch(campus.tessa, activity(campus))
    with campus.work() as uow:
        context = people.contexts(uow)[0]
    path = f"/c/{context.handle}/reviews/"
    linked = seed.add_activity(
        campus.lms.store,
        campus.course.id,
        campus.tool.id,
        title="Linked",
        url=campus.base_url + path,
    )
    session = browser()
    answer = campus.launch(campus.ada, linked.id, session)
    arrived = session.get(
        campus.base_url + answer.headers["Location"], allow_redirects=False, timeout=30
    )
    assert arrived.headers["Location"] == path


def test_a_browser_without_cookies_gets_a_tab_of_its_own_from_the_platforms_page(
    campus: Campus,
) -> None:
    """No cookie comes back; the Origin header of the platform's form stands in for it."""
    number, visitor = activity(campus), campus.visitor(campus.ada)
    login = visitor.open_activity(number)
    sent = browser().post(login.action, login.fields, allow_redirects=False, timeout=30)
    form = visitor.follow(sent.headers["Location"])
    answer = browser().post(
        form.action,
        form.fields,
        allow_redirects=False,
        timeout=30,
        headers={"Origin": campus.lms.base_url},
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    page = answer
    assert "You come in as Ada." in page.text
    assert (
        f"frame-ancestors 'self' {campus.lms.base_url}" in page.headers["Content-Security-Policy"]
    )
    code = page.text.split('name="code" value="')[1].split('"')[0]
    tab = browser()
    opened = tab.post(f"{campus.base_url}/session/open", {"code": code}, timeout=30)
    assert opened.status_code == 200
    assert "/c/" in opened.url


def test_without_cookie_and_from_elsewhere_nobody_is_let_in(campus: Campus) -> None:
    number, visitor = activity(campus), campus.visitor(campus.ada)
    for origin in ("https://evil.example", "null", None):
        login = visitor.open_activity(number)
        sent = browser().post(login.action, login.fields, allow_redirects=False, timeout=30)
        form = visitor.follow(sent.headers["Location"])
        headers = {"Origin": origin} if origin else {}
        answer = browser().post(
            form.action, form.fields, headers=headers, allow_redirects=False, timeout=30
        )
        assert answer.status_code == 403
        assert "cookies" in answer.text


def test_the_platforms_refusal_is_explained(campus: Campus) -> None:
    """Somebody else is signed in on the platform by now: it answers with an OIDC error."""
    visitor = campus.visitor(campus.ada)
    login = visitor.open_activity(activity(campus))
    session = browser()
    sent = session.post(login.action, login.fields, allow_redirects=False, timeout=30)
    visitor.become(campus.ben.id)
    form = visitor.follow(sent.headers["Location"])
    assert "error" in form.fields
    answer = session.post(form.action, form.fields, allow_redirects=False, timeout=30)
    assert answer.status_code in (400, 403)
    assert "Reference" in answer.text


def test_the_first_launch_brings_the_roster(campus: Campus) -> None:
    campus.launch(campus.tessa, activity(campus))
    campus.sweep()
    with campus.work() as uow:
        context = people.contexts(uow)[0]
        members = {m.person.name: (m.role, m.opened) for m in people.members(uow, context.id)}
        link = uow.session.scalars(sa.select(ContextLink)).one()
    assert members["Tessa"] == ("teacher", True)
    assert members["Ada"] == ("learner", False)
    assert members["Ben"] == ("learner", False)
    assert link.roster_at is not None
    assert link.roster_error is None
    assert not [call for call in calls(campus.lms.store) if call.status >= 400]


def test_who_vanishes_from_the_roster_has_left_and_comes_back_by_a_launch(campus: Campus) -> None:
    number = activity(campus)
    campus.launch(campus.tessa, number)
    campus.sweep()
    seed.unenrol(campus.lms.store, campus.course.id, campus.ben.id)
    session = browser()
    answer = campus.launch(campus.tessa, number, session)
    home = session.get(campus.base_url + answer.headers["Location"], timeout=30)
    url = f"{home.url}lti/people"
    page = session.get(url, timeout=30)
    assert "4 people are on the list" in page.text
    asked = session.post(url, {"csrf_token": _csrf(page)}, allow_redirects=False, timeout=30)
    assert asked.status_code == 303
    campus.sweep()
    with campus.work() as uow:
        context = people.contexts(uow)[0]
        names = {member.person.name for member in people.members(uow, context.id)}
    assert names == {"Tessa", "Nora", "Ada"}


def test_logins_are_kept_as_hashes_only_and_tidied_up(campus: Campus) -> None:
    campus.launch(campus.ada, activity(campus))
    with campus.services.units.system_reading() as uow:
        row = uow.session.scalars(sa.select(LoginState)).one()
    assert row.used_at is not None
    assert len(row.state_hash) == len(row.nonce_hash) == len(row.browser_hash) == 64


def test_staff_see_that_a_list_cannot_be_read_and_learners_do_not(campus: Campus) -> None:
    number = activity(campus)
    teacher, learner = browser(), browser()
    set_fault(campus.lms.store, Area.ROSTER, Mode.ERROR)
    home = campus.base_url + campus.launch(campus.tessa, number, teacher).headers["Location"]
    campus.sweep()
    page = teacher.get(home, timeout=30)
    assert "cannot be read" in page.text
    shown = teacher.get(f"{page.url}lti/people", timeout=30).text
    assert "did not give the list" in shown
    assert "HTTP security" not in shown
    clear_faults(campus.lms.store)
    campus.sweep(minutes=1)
    assert "cannot be read" not in teacher.get(page.url, timeout=30).text
    campus.launch(campus.ada, number, learner)
    assert learner.get(f"{page.url}lti/people", timeout=30).status_code == 403


def _csrf(page: requests.Response) -> str:
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]


def test_a_moodle_that_may_not_read_our_keys_is_told_where_to_change_that(campus: Campus) -> None:
    number, teacher = activity(campus), browser()
    home = campus.base_url + campus.launch(campus.tessa, number, teacher).headers["Location"]
    page = teacher.get(home, timeout=30)
    with campus.services.units.community(campus.community.id) as uow:
        link = uow.session.scalars(sa.select(ContextLink)).one()
        link.roster_error = f"{tokens.NO_KEYS}(can the platform read our key set?)"
        uow.commit()
    shown = teacher.get(f"{page.url}lti/people", timeout=30).text
    assert "HTTP security" in shown
    assert f"{campus.base_url}/lti/jwks" in shown


def test_a_list_on_which_everybody_came_counts_no_zero(campus: Campus) -> None:
    number, teacher = activity(campus), browser()
    for user in (campus.nora, campus.ada, campus.ben):
        campus.launch(user, number)
    home = campus.base_url + campus.launch(campus.tessa, number, teacher).headers["Location"]
    shown = teacher.get(f"{teacher.get(home, timeout=30).url}lti/people", timeout=30).text
    assert "4 people are on the list" in shown
    assert "not opened Lantern" not in shown
