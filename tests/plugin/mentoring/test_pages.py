"""The main path through the pages: start, join, match, publish, accept by mail, meet."""

import re
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.dispatch import drain
from plugin.mentoring.models import Side
from plugin.notifications.models import Notice
from plugin.people import public as people
from tests.plugin.mentoring.village import Village
from tests.support.signed_in import Browser, sign_in

ABOUT = {
    "title": "Learning together",
    "purpose": "Nobody learns alone.",
    "scope": "This course.",
    "outcome": "Everybody knows the next step.",
    "learners": "120",
    "mentors": "15",
    "mentor_minutes": "120",
    "minutes_per_week": "30",
}
ANSWERS = {
    "side": "learn",
    "skills": "SQL, joins",
    "when": ["0-18", "1-18"],
    "time_zone": "Europe/Berlin",
    "languages": ["en", "de"],
    "sentence": "I am new here.",
}


def browser(app: Flask, village: Village, actor: people.Actor) -> Browser:
    return sign_in(
        app.test_client(),
        village.services,
        village.community.id,
        actor.person_id,
        [(context_id, role) for context_id, role in actor.roles],
    )


def base(village: Village) -> str:
    return f"/c/{village.context.handle}/mentoring"


def home(village: Village) -> str:
    return f"{base(village)}/{village.programme.handle}"


def mails(village: Village) -> list[str]:
    folder = Path(village.services.settings.data_folder) / "mail"
    texts = []
    for file in sorted(folder.glob("*.eml")):
        message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        body = message.get_body(("plain",))
        assert body is not None
        texts.append(f"To: {message['To']}\nSubject: {message['Subject']}\n{body.get_content()}")
    return texts


def test_starting_shows_the_forecast_before_anything_is_decided(
    app: Flask, village: Village
) -> None:
    teacher = browser(app, village, village.teacher)
    shown = teacher.get(f"{base(village)}/new")
    assert shown.status_code == 200
    assert "forecast" in shown.text
    looked = teacher.post(f"{base(village)}/new", {**ABOUT, "step": "forecast"})
    assert looked.status_code == 200
    words = " ".join(re.sub(r"<[^>]+>", " ", looked.text).split())
    assert (
        "15 mentors × 120 min a week carry 60 pairs of 30 min; 60 people would wait; "
        "or 15 groups of 8." in words
    )
    started = teacher.post(f"{base(village)}/new", {**ABOUT, "step": "start"})
    assert started.status_code == 303
    assert teacher.get(started.location).status_code == 200


def test_with_nobody_known_the_forecast_begins_with_a_guess_and_says_so(
    app: Flask, village: Village
) -> None:
    teacher = browser(app, village, village.teacher)
    shown = teacher.get(f"{base(village)}/new").text
    assert 'value="12"' in shown
    assert "Nobody is known" in shown
    assert "this number is a guess" in shown
    assert "With this little time" not in shown
    nobody = teacher.post(f"{base(village)}/new", {**ABOUT, "learners": "0", "step": "forecast"})
    assert "Without learners there is nobody to match." in nobody.text
    assert "With this little time" not in nobody.text
    village.enrol("Ada")
    assert "this number is a guess" not in teacher.get(f"{base(village)}/new").text


@pytest.mark.parametrize("missing", ["purpose", "scope", "outcome", "title"])
def test_a_programme_needs_its_words(app: Flask, village: Village, missing: str) -> None:
    teacher = browser(app, village, village.teacher)
    answer = teacher.post(f"{base(village)}/new", {**ABOUT, missing: "", "step": "start"})
    assert answer.status_code == 422
    assert "Please answer this." in answer.text


def test_learners_join_on_one_page(app: Flask, village: Village) -> None:
    learner = browser(app, village, village.enrol("Lee"))
    assert learner.get(base(village) + "/").status_code == 303
    assert "You have not joined yet" in learner.get(home(village)).text
    page = learner.get(f"{home(village)}/join").text
    assert "4. One sentence" in page
    assert "We keep the dates we make" in page
    wrong = learner.post(f"{home(village)}/join", {**ANSWERS, "when": []})
    assert wrong.status_code == 422
    assert "Choose at least one time of the week." in wrong.text
    done = learner.post(f"{home(village)}/join", ANSWERS)
    assert done.status_code == 303
    assert "You are in" in learner.get(done.location).text
    with village.services.units.reading(village.community.id) as uow:
        for kind in ("mentoring.intake", "mentoring.agreement"):
            assert people.has_consented(uow, village.id("Lee"), kind, "1")
    again = learner.get(f"{home(village)}/join").text
    assert "I am new here." in again
    assert "SQL, joins" in again


def test_a_mentor_finds_the_time_they_gave(app: Flask, village: Village) -> None:
    mentor = browser(app, village, village.enrol("Mara"))
    assert 'value="60"' in mentor.get(f"{home(village)}/join").text
    offer = {**ANSWERS, "side": "offer", "minutes_per_week": "15"}
    wrong = mentor.post(f"{home(village)}/join", offer)
    assert wrong.status_code == 422
    assert "A pair takes 30 minutes a week" in wrong.text
    done = mentor.post(f"{home(village)}/join", {**offer, "minutes_per_week": "90"})
    assert done.status_code == 303
    assert 'value="90"' in mentor.get(f"{home(village)}/join").text


def test_staff_see_how_far_everybody_is(app: Flask, village: Village) -> None:
    village.enrol("Ada", present=False)
    village.enrol("Eva")
    browser(app, village, village.enrol("Ben")).get(f"{home(village)}/join")
    village.join("Cleo", Side.LEARN)
    village.enrol("Dan", mail=False)
    village.join("Dan", Side.OFFER)
    teacher = browser(app, village, village.teacher)
    shown = teacher.get(home(village)).text
    assert "Has not opened Lantern (1)" in shown
    assert "Opened, has not answered yet (2)" in shown
    assert "/join" in shown
    assert teacher.get(f"{home(village)}/join.svg").mimetype == "image/svg+xml"
    only = teacher.get(f"{home(village)}?state=begun").text
    assert "Ben" in only
    assert "Eva" in only
    assert "Ada" not in only
    assert "Cleo" not in only


def test_others_see_no_staff_pages(app: Flask, village: Village) -> None:
    lee = browser(app, village, village.join("Lee", Side.LEARN))
    for path in ("/matchings", "/join.svg"):
        assert lee.get(home(village) + path).status_code == 403
    assert lee.post(f"{home(village)}/matchings").status_code == 403
    assert lee.post(f"{home(village)}/remind").status_code == 403
    assert lee.get(f"{base(village)}/new").status_code == 403


def test_one_reminder_to_all(app: Flask, village: Village) -> None:
    village.enrol("Ada")
    village.join("Cleo", Side.LEARN)
    teacher = browser(app, village, village.teacher)
    assert teacher.post(f"{home(village)}/remind").status_code == 303
    assert teacher.post(f"{home(village)}/remind").status_code == 409
    drain(village.services)
    with village.services.units.reading(village.community.id) as uow:
        told = uow.session.scalars(
            sa.select(Notice.person_id).where(Notice.message == "mentoring.join_reminder")
        ).all()
    assert told == [village.id("Ada")]
    assert "Remind everybody" not in teacher.get(home(village)).text


def test_an_invited_mentor_gets_a_link_and_no_password(app: Flask, village: Village) -> None:
    teacher = browser(app, village, village.teacher)
    wrong = teacher.post(f"{home(village)}/invite", {"addresses": "nobody"})
    assert wrong.status_code == 422
    teacher.post(f"{home(village)}/invite", {"addresses": "zoe@example.org\nzoe@example.org"})
    drain(village.services)
    (mail,) = mails(village)
    assert "zoe@example.org" in mail
    assert "/invite/" in mail
    assert "zoe@example.org" in teacher.get(home(village)).text
    link = re.search(r"http://localhost(/invite/\S+)", mail)
    assert link is not None
    assert app.test_client().get(link.group(1)).status_code == 200


def test_from_matching_to_the_first_meeting(app: Flask, village: Village) -> None:
    mara = village.join("Mara", Side.OFFER)
    lee = village.join("Lee", Side.LEARN)
    village.join("Ben", Side.LEARN, languages=("fr",))
    teacher = browser(app, village, village.teacher)
    asked = teacher.post(f"{home(village)}/matchings")
    assert asked.status_code == 303
    assert "http-equiv" in teacher.get(asked.location).text
    drain(village.services)
    draft = teacher.get(asked.location).text
    assert "No better overall matching exists." in draft
    assert "Lee wants to learn SQL, and Mara offers it." in draft
    assert "No mentor with time speaks the same language." in draft
    assert mails(village) == []
    _compare(teacher, asked.location, lee, app, village)
    assert teacher.post(f"{asked.location}/publish").status_code == 303
    drain(village.services)
    assert "Published" in teacher.get(asked.location).text

    to_mentor = next(text for text in mails(village) if "mara@example.org" in text)
    link = re.search(r"Accept:\s+http://localhost(/l/\S+)", to_mentor)
    assert link is not None
    visitor = app.test_client()
    assert "Accept Lee as your mentee" in visitor.get(link.group(1)).text
    assert "waiting for the mentor" in teacher.get(asked.location).text
    visitor.post(link.group(1))
    assert "running" in teacher.get(asked.location).text
    drain(village.services)
    assert any("Mara said yes" in text for text in mails(village))
    _meet(app, village, lee, mara)


def _compare(
    teacher: Browser, matching: str, lee: people.Actor, app: Flask, village: Village
) -> None:
    """Why this mentor, why nobody: for the coordinator alone."""
    shown = teacher.get(matching).text
    with_mentor, without = re.findall(r'href="([^"]+/learners/[^"]+)"', shown)
    assert "chosen by the matching" in teacher.get(with_mentor).text
    assert "These two have no language in common." in teacher.get(without).text
    assert teacher.get(f"{with_mentor}x").status_code == 404
    assert browser(app, village, lee).get(with_mentor).status_code == 403


def test_a_mentor_declines_by_mail_and_the_link_is_used_up(app: Flask, village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    teacher = browser(app, village, village.teacher)
    draft = teacher.post(f"{home(village)}/matchings").location
    drain(village.services)
    teacher.post(f"{draft}/publish")
    drain(village.services)
    (mail,) = [text for text in mails(village) if "mara@example.org" in text]
    links = re.findall(r"(?:Accept|Decline):\s+http://localhost(/l/\S+)", mail)
    assert len(links) == 2
    visitor = app.test_client()
    assert "Decline Lee?" in visitor.get(links[1]).text
    assert "declined" not in teacher.get(draft).text
    visitor.post(links[1])
    assert "declined" in teacher.get(draft).text
    assert visitor.post(links[1]).status_code == 409
    assert visitor.post(links[0]).status_code == 409
    drain(village.services)
    assert any("this pair will not start" in text for text in mails(village))


def test_a_draft_is_changed_thrown_away_and_run_anew(app: Flask, village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    teacher = browser(app, village, village.teacher)
    draft = teacher.post(f"{home(village)}/matchings").location
    drain(village.services)
    shown = teacher.get(draft).text
    mentee = re.search(r'name="mentee" value="(\w+)"', shown)
    assert mentee is not None
    teacher.post(f"{draft}/edit", {"mentee": mentee.group(1), "mentor": ""})
    shown = teacher.get(draft).text
    assert "Taken out by hand." in shown
    assert "Publish" not in shown
    again = teacher.post(f"{home(village)}/matchings").location
    drain(village.services)
    assert "Publish 1 pair" in teacher.get(again).text
    assert teacher.post(f"{again}/discard").status_code == 303
    listed = teacher.get(f"{home(village)}/matchings").text
    assert "No matching yet" in listed


def test_publishing_and_taking_back(app: Flask, village: Village) -> None:
    village.join("Mara", Side.OFFER)
    lee = browser(app, village, village.join("Lee", Side.LEARN))
    teacher = browser(app, village, village.teacher)
    draft = teacher.post(f"{home(village)}/matchings").location
    drain(village.services)
    teacher.post(f"{draft}/publish")
    assert "Reserving the mentors" in teacher.get(draft).text
    assert "You are in" in lee.get(home(village)).text
    drain(village.services)
    assert "Mara" in lee.get(home(village)).text
    assert teacher.post(f"{draft}/undo").status_code == 303
    drain(village.services)
    assert "taken back" in teacher.get(draft).text
    assert "You are in" in lee.get(home(village)).text


def test_a_closed_programme_takes_nobody_in(app: Flask, village: Village) -> None:
    teacher = browser(app, village, village.teacher)
    assert "Close the programme" in teacher.get(f"{home(village)}/about").text
    teacher.post(f"{home(village)}/close")
    lee = browser(app, village, village.enrol("Lee"))
    assert "It takes nobody in any more." in lee.get(f"{home(village)}/join").text
    assert lee.post(f"{home(village)}/join", ANSWERS).status_code == 422
    assert teacher.post(f"{home(village)}/matchings").status_code == 422


def _meet(app: Flask, village: Village, lee: people.Actor, mara: people.Actor) -> None:
    learner, mentor = browser(app, village, lee), browser(app, village, mara)
    page = re.search(r'href="(/c/[^"]+/pairs/[^"]+)"', learner.get(home(village)).text)
    assert page is not None
    pair = page.group(1)
    assert "Only you two can read this page." in learner.get(pair).text
    outsider = browser(app, village, village.teacher)
    assert outsider.get(pair).status_code == 403
    learner.post(f"{pair}/goal", {"text": "Write joins without help", "evidence": "Exercise 7"})
    learner.post(f"{pair}/promise", {"promise": "Read chapter 3"})
    past = {"starts": "2020-01-01T10:00", "time_zone": "Europe/Berlin", "minutes": "30"}
    assert learner.post(f"{pair}/meeting", past).status_code == 422
    soon = {**past, "starts": "2026-11-24T18:00", "place": "https://meet.example/x"}
    assert learner.post(f"{pair}/meeting", soon).status_code == 303
    shown = mentor.get(pair).text
    assert "Write joins without help" in shown
    assert "Read chapter 3" in shown
    file = re.search(r'href="([^"]+\.ics)"', shown)
    meeting = re.search(r'action="([^"]+/meeting/[^"]+)"', shown)
    assert file is not None
    assert meeting is not None
    assert mentor.post(meeting.group(1), {"answer": "agree"}).status_code == 303
    calendar = mentor.get(file.group(1))
    assert calendar.mimetype == "text/calendar"
    assert "DTSTART;TZID=Europe/Berlin:20261124T180000" in calendar.text
    assert "STATUS:CONFIRMED" in calendar.text
    assert "Agreed" in learner.get(pair).text
