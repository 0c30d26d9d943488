"""The other ways to prove an account, taking a link back, races, accounts that go away."""

import re
import threading
from html import unescape
from urllib.parse import urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from discourse_hooks import linking
from discourse_hooks.models import LinkProof
from discourse_hooks.sso import ForumAccount
from plugin.kernel.errors import Conflict
from plugin.people import public as people
from plugin.practice.forum import proof, seed
from plugin.practice.forum.people import change_account, delete_account
from tests.discourse_hooks.conftest import Practice, admit
from tests.discourse_hooks.test_doors import (
    confirm,
    door,
    identity,
    learner,
    linked,
    through_the_forum,
)
from tests.support.signed_in import Browser, sign_in

__all__ = ["learner"]


@pytest.fixture
def browser(client: FlaskClient, practice: Practice, learner: people.PersonView) -> Browser:
    """The learner, signed in."""
    return sign_in(client, practice.services, practice.connection.community_id, learner.id)


def another(app: Flask, practice: Practice, subject: str) -> tuple[Browser, people.PersonView]:
    """A second person of the course, in a browser of their own."""
    with practice.services.units.community(practice.connection.community_id) as uow:
        person = people.admit(uow, issuer="https://lms.example.org", subject=subject, kind="lti")
        uow.commit()
    community = practice.connection.community_id
    return sign_in(app.test_client(), practice.services, community, person.id), person


def ask_for_code(browser: Browser, practice: Practice, username: str) -> str:
    """Ask; return the page that waits."""
    answer = browser.post(door(practice, "link/code"), {"username": username})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def code_in(practice: Practice, username: str) -> str:
    """What stands in the newest private message."""
    message = proof.messages(practice.forum, username)[-1]
    found = re.search(r"\*\*(\d{8})\*\*", message.raw)
    assert found is not None
    return found.group(1)


def test_a_code_by_private_message_links(browser: Browser, practice: Practice) -> None:
    page = ask_for_code(browser, practice, "@tom.b")
    shown = browser.get(page).get_data(as_text=True)
    assert "Tomasz Bauer" in shown
    assert "@tom.b" in shown
    assert browser.post(page, {"code": "1234"}).status_code == 422
    typed = code_in(practice, "tom.b")
    proved = browser.post(page, {"code": f" {typed[:4]} {typed[4:]}"}).headers["Location"]
    assert identity(practice, "tom.b") is None  # nothing counts before both were named
    assert browser.post(proved).status_code == 303
    known = identity(practice, "tom.b")
    assert known is not None
    assert known.person_id is not None
    assert browser.post(proved).status_code == 403  # used up


def test_five_wrong_codes_end_it(browser: Browser, practice: Practice) -> None:
    page = ask_for_code(browser, practice, "tom.b")
    for _again in range(5):
        browser.post(page, {"code": "00000000"})
    browser.post(page, {"code": code_in(practice, "tom.b")})
    assert browser.get(page.replace("/code/", "/proved/")).status_code == 303
    assert browser.post(page.replace("/code/", "/proved/")).status_code == 403
    assert identity(practice, "tom.b") is None


def test_a_code_is_good_for_ten_minutes_one_session_and_so_many_an_hour(
    app: Flask, browser: Browser, practice: Practice
) -> None:
    page = ask_for_code(browser, practice, "tom.b")
    other, _person = another(app, practice, "18")
    typed = code_in(practice, "tom.b")
    assert other.post(page, {"code": typed}).status_code == 403
    practice.clock.advance(minutes=11)
    assert browser.post(page, {"code": typed}).status_code == 403
    for _again in range(4):
        ask_for_code(browser, practice, "tom.b")
    assert browser.post(door(practice, "link/code"), {"username": "ana"}).status_code == 429
    assert other.post(door(practice, "link/code"), {"username": "tom.b"}).status_code == 429


def test_wrong_names_quiet_forums_and_faults_are_explained(
    browser: Browser, practice: Practice
) -> None:
    answer = browser.post(door(practice, "link/code"), {"username": "nobody.at.all"})
    assert answer.status_code == 422
    assert "There is no such user" in answer.get_data(as_text=True)
    answer = browser.post(door(practice, "link/code"), {"username": ""})
    assert "Enter the user name" in answer.get_data(as_text=True)
    practice.forum.faults.add("5xx", path="/posts.json", times=1)
    assert browser.post(door(practice, "link/code"), {"username": "tom.b"}).status_code == 503


def test_an_equal_address_only_suggests_whom_to_write_to(
    browser: Browser, practice: Practice, learner: people.PersonView
) -> None:
    with practice.services.units.community(practice.connection.community_id) as uow:
        people.confirm_email(uow, learner.id, "tom.b@example.org")
        uow.commit()
    assert identity(practice, "tom.b") is None
    ask_for_code(browser, practice, "")
    assert len(code_in(practice, "tom.b")) == 8
    assert identity(practice, "tom.b") is None


def key_from_the_forum(practice: Practice, consent_url: str, username: str) -> str:
    """Log in there, allow it, copy what is shown."""
    base = practice.connection.base_url
    with requests.Session() as tab:
        token = re.search(r'name="token" value="([^"]+)"', tab.get(f"{base}/login", timeout=5).text)
        assert token is not None
        fields = {"username": username, "token": token.group(1)}
        tab.post(f"{base}/login", data=fields, allow_redirects=False, timeout=5)
        shown = tab.get(consent_url, timeout=5).text
        inputs = re.findall(r'name="([a-z_]+)" value="([^"]*)"', shown)
        fields = {name: unescape(value) for name, value in inputs}
        answer = tab.post(f"{base}/user-api-key", data=fields, timeout=5).text
    found = re.search(r"<textarea[^>]*>([^<]+)</textarea>", answer)
    assert found is not None
    return found.group(1)


def test_a_key_of_the_user_links_and_is_given_back(browser: Browser, practice: Practice) -> None:
    page = str(browser.post(door(practice, "link/key")).headers["Location"])
    shown = browser.get(page).get_data(as_text=True)
    url = unescape(re.search(r'href="([^"]+/user-api-key/new[^"]+)"', shown).group(1))  # type: ignore[union-attr]
    assert browser.post(page, {"payload": "bm90IGl0"}).status_code == 422
    payload = key_from_the_forum(practice, url, "ana")
    answer = browser.post(page, {"payload": payload})
    proved = str(answer.headers["Location"])
    assert "@ana" in browser.get(proved).get_data(as_text=True)
    assert identity(practice, "ana") is None
    assert browser.post(proved).status_code == 303
    assert identity(practice, "ana") is not None
    with practice.forum.store.reading() as db:
        assert db.execute("SELECT count(*) FROM user_api_key").fetchone()[0] == 0


def test_a_key_made_for_another_page_proves_nothing(
    app: Flask, browser: Browser, practice: Practice
) -> None:
    """The nonce is of the page that waits: a victim's payload is of no use to somebody else."""
    other, _person = another(app, practice, "18")
    pages = [
        str(one.post(door(practice, "link/key")).headers["Location"]) for one in (browser, other)
    ]
    shown = other.get(pages[1]).get_data(as_text=True)
    url = unescape(re.search(r'href="([^"]+/user-api-key/new[^"]+)"', shown).group(1))  # type: ignore[union-attr]
    payload = key_from_the_forum(practice, url, "ana")
    assert browser.post(pages[0], {"payload": payload}).status_code == 422
    assert identity(practice, "ana") is None


def test_a_link_is_taken_back_unless_it_is_the_only_way_in(
    app: Flask, client: FlaskClient, browser: Browser, practice: Practice
) -> None:
    confirm(client, practice, linked(client, practice, "tom.b"))
    assert browser.post(door(practice, "unlink")).status_code == 303
    known = identity(practice, "tom.b")
    assert known is not None
    assert known.person_id is None
    assert browser.post(door(practice, "unlink")).status_code == 409
    second, person = another(app, practice, "18")
    assert confirm(second.client, practice, linked(second.client, practice, "tom.b")) == 303
    with practice.services.units.community(practice.connection.community_id) as uow:
        for account in people.identities_of(uow, person.id):
            if account.kind == "lti":
                people.unlink(uow, account.id)
        uow.commit()
    answer = second.post(door(practice, "unlink"))
    assert answer.status_code == 409
    assert "only way you have to come in" in answer.get_data(as_text=True)


def test_an_answer_is_bound_to_the_session_that_began(
    client: FlaskClient, browser: Browser, practice: Practice, learner: people.PersonView
) -> None:
    """The same person in the same browser, but signed in anew: begin again."""
    there = client.get(door(practice, "link") + "?go=1").headers["Location"]
    back = through_the_forum(practice, there, "tom.b")
    sign_in(client, practice.services, practice.connection.community_id, learner.id)
    assert client.get(back).status_code == 403


def test_an_account_destroyed_in_the_forum_is_let_go(hooked: Practice) -> None:
    ana = admit(hooked.services, hooked, "ana")
    user_id = seed.user_id(hooked.forum, "ana")
    delete_account(hooked.forum, user_id)
    hooked.deliver()
    with hooked.services.units.reading(hooked.connection.community_id) as uow:
        known = people.find_identity(uow, hooked.connection.base_url, str(user_id))
        assert known is not None
        assert (known.person_id, known.username) == (None, None)
        assert people.person(uow, ana.id).name == "Ana"


def test_an_old_event_of_destruction_destroys_nothing(hooked: Practice) -> None:
    """A body cannot be told from the same one under another name: the forum is asked."""
    admit(hooked.services, hooked, "ana")
    user_id = seed.user_id(hooked.forum, "ana")
    change_account(hooked.forum, user_id, username="anon1234", name="anon1234")
    with hooked.forum.store.transaction() as db:
        db.execute("UPDATE web_hook_job SET event_name = 'user_destroyed'")
    hooked.deliver()
    with hooked.services.units.reading(hooked.connection.community_id) as uow:
        known = people.find_identity(uow, hooked.connection.base_url, str(user_id))
        assert known is not None
        assert known.person_id is not None
        assert known.username == "anon1234"  # anonymised: the old name is remembered nowhere


def race(practice: Practice, *links: tuple[people.PersonView, int]) -> list[str]:
    """Several links at the same moment; what became of each."""
    registry = practice.services.extra["people"]
    start, said = threading.Barrier(len(links)), []

    def run(person: people.PersonView, user_id: int) -> None:
        account = ForumAccount("", str(user_id), f"user{user_id}", "")
        start.wait()
        try:
            with practice.services.units.community(practice.connection.community_id) as uow:
                linking.link(uow, registry, practice.connection, account, person.id)
                uow.commit()
            said.append("linked")
        except (Conflict, IntegrityError):
            said.append("refused")

    threads = [threading.Thread(target=run, args=one) for one in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


def test_races_for_one_account_and_by_one_person_have_one_winner(
    app: Flask, practice: Practice
) -> None:
    persons = [another(app, practice, f"race-{number}")[1] for number in range(4)]
    assert race(practice, *[(one, 900) for one in persons]).count("linked") == 1
    fresh = another(app, practice, "race-9")[1]
    assert race(practice, *[(fresh, 901 + number) for number in range(4)]).count("linked") == 1
    with practice.services.units.reading(practice.connection.community_id) as uow:
        of_forum = [i for i in people.identities_of(uow, fresh.id) if i.kind == "discourse"]
        assert len(of_forum) == 1
        assert uow.session.scalars(sa.select(LinkProof)).all() == []


def test_no_code_and_no_key_is_in_the_database(browser: Browser, practice: Practice) -> None:
    page = ask_for_code(browser, practice, "tom.b")
    key = browser.post(door(practice, "link/key")).headers["Location"]
    secrets = [urlsplit(page).path.rsplit("/", 1)[1], key.rsplit("/", 1)[1]]
    with practice.services.units.reading(practice.connection.community_id) as uow:
        rows = uow.session.execute(sa.text("SELECT * FROM discourse_hooks_link_proof")).all()
    kept = " ".join(str(row) for row in rows)
    assert code_in(practice, "tom.b") not in kept
    assert not any(secret in kept for secret in secrets)
    assert "PRIVATE KEY" not in kept
