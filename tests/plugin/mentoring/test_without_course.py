"""A programme with no LMS and no forum: a place of its own, and people who come by a link."""

import re

from flask import Flask

from plugin.people import public as people
from tests.plugin.mentoring.test_pages import ABOUT, ANSWERS
from tests.plugin.mentoring.village import Village
from tests.support.signed_in import sign_in


def test_an_administrator_starts_one_and_learners_come_by_link(
    app: Flask, village: Village
) -> None:
    services = village.services
    with services.units.community(village.community.id) as uow:
        boss = people.admit_by_email(uow, "boss@example.org", display_name="Bo")
        people.grant_right(uow, boss.id, people.ADMINISTRATOR)
        uow.commit()
    browser = sign_in(app.test_client(), services, village.community.id, boss.id)
    assert browser.get("/mentoring/").status_code == 200
    assert browser.post("/mentoring/", {"place": ""}).status_code == 422
    opened = browser.post("/mentoring/", {"place": "Newcomers"})
    assert opened.status_code == 303
    started = browser.post(opened.location, {**ABOUT, "step": "start"})
    assert started.status_code == 303
    programme = started.location
    made = browser.post(f"{programme}/link")
    assert made.status_code == 303
    link = re.search(r"http://localhost(/invite/[\w-]+)", browser.get(made.location).text)
    assert link is not None
    guest = app.test_client()
    assert guest.get(link.group(1)).status_code == 200

    with services.units.community(village.community.id) as uow:
        lee = people.admit_by_email(uow, "lee@example.org", display_name="Lee")
        context = people.context_by_handle(uow, programme.split("/")[2])
        people.enrol(uow, lee.id, context.id, people.LEARNER, "invite")
        uow.commit()
    learner = sign_in(
        app.test_client(),
        services,
        village.community.id,
        lee.id,
        [(context.id, people.LEARNER)],
    )
    assert learner.post(f"{programme}/join", ANSWERS).status_code == 303
    assert "Lee" in browser.get(programme).text
    assert learner.get("/mentoring/").status_code == 403


def test_a_course_needs_no_such_link(app: Flask, village: Village) -> None:
    teacher = sign_in(
        app.test_client(),
        village.services,
        village.community.id,
        village.teacher.person_id,
        list(village.teacher.roles),
    )
    path = f"/c/{village.context.handle}/mentoring/{village.programme.handle}/link"
    assert teacher.post(path).status_code == 422
