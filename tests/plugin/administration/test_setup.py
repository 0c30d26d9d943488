"""First start: the one-time link founds the community and lets its first administrator in."""

import json

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from plugin.administration.commands import cli
from plugin.administration.setup import first_start_link
from plugin.app import Composition
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web.public import open_ones
from tests.plugin.web.test_mail_door import last_code, mails
from tests.support.clock import FixedClock
from tests.support.signed_in import Browser

ANSWERS = {
    "organisation": "Northern Lights",
    "locale": "en",
    "time_zone": "Europe/Oslo",
    "name": "Ingrid Berg",
    "email": "ingrid@example.org",
    "safety_email": "safety@example.org",
}


def path_of(link: str | None) -> str:
    assert link is not None
    return link.removeprefix("http://localhost")


def signed_in_browser(client: FlaskClient) -> Browser:
    cookie = client.get_cookie("lantern")
    assert cookie is not None
    return Browser(client, {"lantern": cookie.value})


def test_the_four_steps(app: Flask, services: Services) -> None:
    client = app.test_client()
    path = path_of(first_start_link(services))
    assert "Four short steps" in client.get(path).get_data(as_text=True)
    arrival = client.post(path, data=ANSWERS).headers["Location"]
    assert client.get(arrival).headers["Location"] == "/admin/setup/address"
    assert "will work" in client.get("/admin/setup/address").get_data(as_text=True)
    browser = signed_in_browser(client)
    waiting = browser.post("/admin/setup/mail").headers["Location"]
    done = browser.post(waiting, {"code": last_code(services)})
    assert done.headers["Location"] == "/admin/setup/connect"
    assert browser.get("/admin/setup/connect").status_code == 200
    with services.units.system_reading() as uow:
        made = people.communities(uow)[0]
    with services.units.reading(made.id) as uow:
        ingrid = people.person_by_email(uow, "ingrid@example.org")
        assert ingrid is not None
        assert people.has_right(uow, ingrid.id, "administrator")
        assert people.staff(uow, "safety_contact") == []
        assert open_ones(uow, made.id)[0].email == "safety@example.org"
    assert made.name == "Northern Lights"


def test_the_safety_contacts_invitation_is_mailed(app: Flask, services: Services) -> None:
    client = app.test_client()
    client.post(path_of(first_start_link(services)), data=ANSWERS)
    assert [m["To"] for m in mails(services)] == ["safety@example.org"]
    assert "/invite/" in mails(services)[0].get_content()


def test_the_first_link_used_ends_all_of_them(app: Flask, services: Services) -> None:
    first = path_of(first_start_link(services))
    second = path_of(first_start_link(services))
    client = app.test_client()
    assert client.get(first).status_code == 200
    assert client.post(second, data=ANSWERS).status_code == 303
    for used in (first, second):
        assert app.test_client().get(used).status_code == 404
        assert app.test_client().post(used, data=ANSWERS).status_code == 404
    assert first_start_link(services) is None


def test_the_link_runs_out(app: Flask, services: Services, clock: FixedClock) -> None:
    path = path_of(first_start_link(services))
    clock.advance(days=8)
    assert app.test_client().get(path).status_code == 404


def test_wrong_answers_found_nothing(app: Flask, services: Services) -> None:
    path = path_of(first_start_link(services))
    answer = app.test_client().post(path, data={**ANSWERS, "email": "ingrid"})
    assert answer.status_code == 422
    assert first_start_link(services) is not None


def invoke(composition: Composition, *words: str) -> dict[str, str]:
    made = CliRunner().invoke(
        cli, [*words, "--json"], obj={"composition": lambda: composition}, catch_exceptions=False
    )
    assert made.exit_code == 0, made.output
    told: dict[str, str] = json.loads(made.stdout)
    return told


def test_admin_invite_prints_the_set_up_link_first(composition: Composition) -> None:
    assert invoke(composition, "invite")["kind"] == "setup"


def test_admin_invite_prints_a_way_in(
    app: Flask, composition: Composition, community: people.Community
) -> None:
    told = invoke(composition, "invite", "--email", "new@example.org")
    assert told["right"] == "administrator"
    page = app.test_client().get(path_of(told["url"]))
    assert "look after Lantern" in page.get_data(as_text=True)
