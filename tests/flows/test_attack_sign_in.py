"""Attacks on the ways in: somebody else's session, guessed members, unproved addresses."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import session_store
from plugin.web.addresses import remember
from plugin.web.mail_codes import CALLS_AN_HOUR, TRIES
from plugin.web.public import invite
from tests.plugin.mentoring.village import Village, found
from tests.support.signed_in import Browser, sign_in


@pytest.fixture
def village(services: Services, community: people.Community) -> Village:
    return found(services, community)


def code_of(village: Village, name: str) -> str:
    """A one-time code that signs in as somebody, as their own launch gives it to them."""
    with village.services.units.system() as uow:
        _token, session_id = session_store.open_session(
            uow, community_id=village.community.id, person_id=village.id(name)
        )
        code = session_store.open_arrival(uow, session_id, "/profile")
        uow.commit()
    return code


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
def test_a_foreign_page_signs_nobody_in_with_its_own_code(
    app: Flask, village: Village, origin: str
) -> None:
    """Login CSRF: the reader would write into the attacker's account and think it theirs."""
    village.enrol("Mallory")
    code = code_of(village, "Mallory")
    reader = app.test_client()
    answer = reader.post("/session/open", data={"code": code}, headers={"Origin": origin})
    assert answer.status_code == 200
    assert "Mallory" in answer.get_data(as_text=True)
    assert reader.get("/profile").status_code == 401
    # whoever reads the name and uses the button comes in
    own = reader.post("/session/open", data={"code": code}, headers={"Origin": "http://localhost"})
    assert own.headers["Location"] == "/profile"
    assert reader.get("/profile").status_code == 200


def test_a_link_to_somebody_elses_arrival_names_them(app: Flask, village: Village) -> None:
    village.enrol("Mallory")
    page = app.test_client().get(f"/session/arrive/{code_of(village, 'Mallory')}")
    assert "Mallory" in page.get_data(as_text=True)


def wrong_codes(app: Flask, email: str) -> list[str]:
    """Ask for a code and answer wrongly until there are no tries left; what each page says."""
    client = app.test_client()
    client.set_cookie("lantern-visit", "somebody")
    visitor = Browser(client, {"lantern-visit": "somebody"})
    waiting = visitor.post("/sign-in/mail", {"email": email, "next": "/"}).headers["Location"]
    pages = []
    for _try in range(TRIES + 1):
        text = visitor.post(waiting, {"code": "12 34 5x6"}).get_data(as_text=True)
        pages.append(re.sub(r'(name="csrf_token" value=|reference).*', "", text))
    return pages


def test_a_wrong_code_does_not_tell_whether_the_address_is_known(
    app: Flask, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.web.mail_codes.secrets.randbelow", lambda _most: 999_999)
    lea = village.enrol("Lea")
    with village.services.units.community(village.community.id) as uow:
        remember(uow, "lea@example.org", lea.person_id)
        uow.commit()
    assert wrong_codes(app, "lea@example.org") == wrong_codes(app, "nobody@example.org")


def test_an_invitation_for_an_address_asks_a_member_to_prove_it(
    app: Flask, village: Village
) -> None:
    """An LMS that lets people write any address into their profile gives no staff right."""
    mallory = village.enrol("Mallory", mail=False)
    with village.services.units.community(village.community.id) as uow:
        people.admit(
            uow,
            issuer="https://lms.example",
            subject="Mallory",
            kind="lti",
            email="dean@example.org",
        )
        path = invite(
            uow,
            community_id=village.community.id,
            right=people.ADMINISTRATOR,
            email="dean@example.org",
        )
        uow.commit()
    browser = sign_in(app.test_client(), village.services, village.community.id, mallory.person_id)
    answer = browser.post(path, {"accept": "yes"})
    assert "/sign-in/code/" in answer.headers["Location"]
    with village.services.units.reading(village.community.id) as uow:
        assert not people.has_right(uow, mallory.person_id, people.ADMINISTRATOR)
    subject = newest_subject(village)
    digits = re.search(r"\d{6}", subject)
    assert digits is not None
    proved = browser.post(answer.headers["Location"], {"code": digits[0]})
    assert proved.headers["Location"] == path
    browser.post(path, {"accept": "yes"})
    with village.services.units.reading(village.community.id) as uow:
        assert people.has_right(uow, mallory.person_id, people.ADMINISTRATOR)


def newest_subject(village: Village) -> str:
    folder = village.services.settings.data_folder / "mail"
    newest = max(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return newest.read_text().partition("Subject: ")[2].splitlines()[0]


def test_nobody_sends_codes_to_any_number_of_strangers(app: Flask, village: Village) -> None:
    mallory = village.enrol("Mallory")
    browser = sign_in(app.test_client(), village.services, village.community.id, mallory.person_id)
    answers = [
        browser.post("/profile/address", {"email": f"stranger{n}@example.org"}).status_code
        for n in range(CALLS_AN_HOUR + 2)
    ]
    assert answers == [303] * CALLS_AN_HOUR + [429, 429]


def test_a_session_ends_with_signing_out(app: Flask, village: Village) -> None:
    lea = village.enrol("Lea")
    browser = sign_in(app.test_client(), village.services, village.community.id, lea.person_id)
    assert browser.post("/sign-out").status_code == 303
    with village.services.units.system_reading() as uow:
        assert uow.session.execute(sa.text("SELECT count(*) FROM web_session")).scalar() == 0
