"""The door without LMS and forum: invitation, mailed code, returning by mail, limits."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web.public import invite, withdraw
from tests.plugin.web.conftest import Someone
from tests.support.clock import FixedClock
from tests.support.signed_in import Browser, sign_in

VALUE = re.compile(r'name="csrf_token" value="([^"]+)"')


def mails(services: Services) -> list[EmailMessage]:
    folder: Path = services.settings.data_folder / "mail"
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    ]


def last_code(services: Services) -> str:
    found = re.search(r"\d{6}", str(mails(services)[-1]["Subject"]))
    assert found is not None
    return found[0]


def send(client: FlaskClient, path: str, data: dict[str, str]) -> str:
    """Open a page, fill its form in, send it; return where it leads (or the text it shows)."""
    shown = VALUE.search(client.get(path).get_data(as_text=True))
    assert shown is not None
    answer = client.post(path, data={"csrf_token": shown[1], **data})
    return answer.headers.get("Location") or answer.get_data(as_text=True)


@pytest.fixture
def invitation(services: Services, community: people.Community, someone: Someone) -> str:
    with services.units.community(community.id) as uow:
        path = invite(
            uow,
            community_id=community.id,
            context_id=someone.course.id,
            role="learner",
            next_path=f"/c/{someone.course.handle}/",
            uses=2,
            invited_by=someone.person.id,
        )
        uow.commit()
    return path


def test_guest_proves_an_address_and_is_in(
    client: FlaskClient,
    services: Services,
    community: people.Community,
    invitation: str,
    someone: Someone,
) -> None:
    page = client.get(invitation).get_data(as_text=True)
    assert "Amina Diallo" in page
    assert "Statistics" in page
    waiting = send(client, invitation, {"email": "Ola@Example.org", "name": "Ola Nordmann"})
    arrival = send(client, waiting, {"code": last_code(services)})
    assert client.get(arrival).headers["Location"] == f"/c/{someone.course.handle}/"
    assert client.get(f"/c/{someone.course.handle}/").status_code == 200
    with services.units.reading(community.id) as uow:
        names = {member.person.name for member in people.members(uow, someone.course.id)}
        ola = people.person_by_email(uow, "ola@example.org")
    assert "Ola Nordmann" in names
    assert ola is not None
    assert ola.time_zone == "Europe/Berlin"


def test_staff_invitation_gives_its_right_once(
    app: Flask, services: Services, community: people.Community
) -> None:
    with services.units.community(community.id) as uow:
        path = invite(uow, community_id=community.id, right="administrator", uses=50)
        uow.commit()
    first = app.test_client()
    arrival = send(
        first, send(first, path, {"email": "a@example.org"}), {"code": last_code(services)}
    )
    first.get(arrival)
    assert first.get("/admin/").status_code == 200
    second = app.test_client().get(path)
    assert second.status_code == 410
    assert "was used already" in second.get_data(as_text=True)


def test_invitation_for_one_address_takes_no_other(
    client: FlaskClient, services: Services, community: people.Community
) -> None:
    with services.units.community(community.id) as uow:
        path = invite(
            uow, community_id=community.id, right="coordinator", email="right@example.org"
        )
        uow.commit()
    assert "another address" in send(client, path, {"email": "wrong@example.org"})
    assert mails(services) == []


def test_withdrawn_and_old_invitations_open_nothing(
    client: FlaskClient,
    services: Services,
    community: people.Community,
    invitation: str,
    clock: FixedClock,
    someone: Someone,
) -> None:
    from plugin.web.public import open_ones

    clock.advance(days=15)
    assert client.get(invitation).status_code == 410
    clock.advance(days=-15)
    with services.units.community(community.id) as uow:
        withdraw(uow, open_ones(uow, community.id)[0].handle, by=someone.person.id)
        uow.commit()
    assert client.get(invitation).status_code == 410
    assert client.get("/invite/nosuchtoken").status_code == 404


def test_code_is_six_digits_five_tries_ten_minutes(
    client: FlaskClient, services: Services, invitation: str, clock: FixedClock
) -> None:
    waiting = send(client, invitation, {"email": "ola@example.org"})
    right = last_code(services)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    assert "six digits" in send(client, waiting, {"code": "12"})
    for _try in range(4):
        assert "This is not the code" in send(client, waiting, {"code": wrong})
    assert "has run out" in send(client, waiting, {"code": wrong})
    assert "has run out" in send(client, waiting, {"code": right})
    waiting = send(client, invitation, {"email": "ola@example.org"})
    clock.advance(minutes=11)
    assert "has run out" in send(client, waiting, {"code": last_code(services)})


def test_code_may_be_typed_with_a_space_and_works_once(
    client: FlaskClient, services: Services, invitation: str
) -> None:
    waiting = send(client, invitation, {"email": "ola@example.org"})
    code = last_code(services)
    assert send(client, waiting, {"code": f"{code[:3]} {code[3:]}"}).startswith("/session/arrive/")
    assert "has run out" in send(client, waiting, {"code": code})


def test_address_comes_back_by_mail_alone(
    app: Flask, services: Services, invitation: str, someone: Someone
) -> None:
    first = app.test_client()
    waiting = send(first, invitation, {"email": "ola@example.org"})
    first.get(send(first, waiting, {"code": last_code(services)}))
    again = app.test_client()
    waiting = send(again, "/sign-in/mail", {"email": "OLA@example.org", "next": "/your-time"})
    arrival = send(again, waiting, {"code": last_code(services)})
    assert again.get(arrival).headers["Location"] == "/your-time"
    assert again.get(f"/c/{someone.course.handle}/").status_code == 200


def test_unknown_address_looks_the_same_and_gets_no_mail(
    client: FlaskClient, services: Services, community: people.Community
) -> None:
    waiting = send(client, "/sign-in/mail", {"email": "stranger@example.org"})
    assert waiting.startswith("/sign-in/code/")
    assert client.get(waiting).status_code == 200
    assert mails(services) == []


def test_an_address_gets_five_codes_an_hour(
    client: FlaskClient, services: Services, invitation: str
) -> None:
    for _time in range(5):
        send(client, invitation, {"email": "ola@example.org"})
    assert "several codes already" in send(client, invitation, {"email": "ola@example.org"})
    assert len(mails(services)) == 5


def test_signed_in_person_accepts_without_a_code(
    client: FlaskClient, services: Services, community: people.Community, someone: Someone
) -> None:
    with services.units.community(community.id) as uow:
        path = invite(uow, community_id=community.id, right="coordinator")
        uow.commit()
    browser: Browser = sign_in(client, services, community.id, someone.person.id)
    assert "You are signed in as Amina Diallo" in browser.get(path).get_data(as_text=True)
    assert browser.post(path, {"accept": "yes"}).status_code == 303
    with services.units.reading(community.id) as uow:
        assert people.has_right(uow, someone.person.id, "coordinator")


def test_own_address_is_confirmed_by_its_owner_only(
    app: Flask, services: Services, community: people.Community, someone: Someone
) -> None:
    browser = sign_in(app.test_client(), services, community.id, someone.person.id)
    waiting = browser.post("/profile/address", {"email": "amina@example.org"}).headers["Location"]
    assert send(app.test_client(), waiting, {"code": last_code(services)}).count("somebody else")
    waiting = browser.post("/profile/address", {"email": "amina@example.org"}).headers["Location"]
    browser.post(waiting, {"code": last_code(services)})
    with services.units.reading(community.id) as uow:
        assert people.person(uow, someone.person.id).email_confirmed


def test_mail_is_stable_and_marked_as_automatic(
    client: FlaskClient, services: Services, invitation: str
) -> None:
    send(client, invitation, {"email": "ola@example.org"})
    message = mails(services)[-1]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "ola@example.org"
    assert "@localhost>" in str(message["Message-ID"])
    assert "ten minutes" in message.get_content()
