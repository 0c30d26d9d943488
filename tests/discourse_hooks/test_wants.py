"""Wants through the practice forum, with faults: once in effect, shown by the forum's own rows."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from discourse_hooks import check_words, connections, loop_guard
from discourse_hooks.models import BadgeInWaiting, BadgeLink, ForumSpace
from plugin.events.wants import BadgeWanted, MessageWanted, SpaceWanted
from plugin.kernel.i18n import PSEUDO
from plugin.kernel.messages import Event
from plugin.kernel.outbox import Delivery, DeliveryState, OutboxMessage
from plugin.kernel.services import Services
from plugin.library import public as library
from plugin.people import public as people
from plugin.practice.forum import proof, request_log, seed
from plugin.practice.forum.people import change_account
from tests.discourse_hooks.conftest import Practice, admit

SPOILS = ["429-html", "429-json", "5xx", "drop"]


def want(practice: Practice, *events: Event) -> None:
    """Emit wants as a feature does, and let the worker do its work."""
    with practice.services.units.community(practice.connection.community_id) as uow:
        for event in events:
            uow.record(event)
        uow.commit()
    practice.work()


def badge_wanted(person: people.PersonView, **changed: Any) -> BadgeWanted:
    facts: dict[str, Any] = {
        "key": f"badge:{person.handle}",
        "person_id": person.id,
        "badge_name": "SQL joins",
        "description": "Explained joins so that others understood.",
        **changed,
    }
    return BadgeWanted(**facts)


def message_wanted(person: people.PersonView, **changed: Any) -> MessageWanted:
    facts: dict[str, Any] = {
        "key": f"message:{uuid4()}",
        "person_id": person.id,
        "channel": "forum",
        "message": "",
        "subject": "A review waits for you",
        "body": "Somebody asks for your view on a schema.",
        "url": "/reviews",
        **changed,
    }
    return MessageWanted(**facts)


def reports(services: Services, key: str) -> list[tuple[str, str]]:
    """(event, reference or reason) of what was reported about a want, oldest first."""
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(OutboxMessage)
            .where(OutboxMessage.name.in_(["wants.fulfilled.v1", "wants.refused.v1"]))
            .order_by(OutboxMessage.id)
        )
        return [
            (row.name, row.payload.get("reference") or row.payload.get("reason", ""))
            for row in rows
            if row.payload["key"] == key
        ]


def not_done(services: Services) -> list[str | None]:
    with services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(Delivery).where(
                Delivery.state != DeliveryState.DONE,
                Delivery.subscriber.startswith("discourse_hooks."),
            )
        )
        return [row.last_error for row in rows]


def test_a_badge_is_made_granted_and_reported(practice: Practice) -> None:
    topic, _reply = practice.solved_topic()
    tom = admit(practice.services, practice, "tom.b")
    reason = f"{practice.connection.base_url}/t/-/{topic}/2"
    want(practice, badge_wanted(tom, reason_url=reason))
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "tom.b", 1)]
    [(name, reference)] = reports(practice.services, f"badge:{tom.handle}")
    assert name == "wants.fulfilled.v1"
    assert reference.startswith(practice.connection.base_url)
    with practice.forum.store.reading() as db:
        assert db.execute("SELECT post_id FROM user_badge").fetchone()["post_id"] is not None


@pytest.mark.parametrize(
    ("kind", "when", "path"),
    [
        *[(kind, "after", "/user_badges*") for kind in SPOILS],  # the grant itself
        *[(kind, "after", "/admin/badges*") for kind in ("drop", "429-html")],
        ("5xx", "before", "/user_badges*"),
        ("429-json", "before", "/admin/badges*"),
        ("drop", "before", "/u/*"),
        ("429-html", "before", "/user-badges/*"),
    ],
)
def test_a_badge_is_granted_once_whatever_fails(
    practice: Practice, kind: str, when: str, path: str
) -> None:
    tom = admit(practice.services, practice, "tom.b")
    practice.forum.faults.add(kind, path=path, when=when, times=2)
    want(practice, badge_wanted(tom))
    practice.work(6)
    assert practice.forum.faults.rules()[0].hits in {1, 2}
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "tom.b", 1)]
    assert len(reports(practice.services, f"badge:{tom.handle}")) == 1
    with practice.forum.store.reading() as db:
        assert db.execute("SELECT count(*) FROM badge WHERE name = 'SQL joins'").fetchone()[0] == 1


def test_a_badge_that_is_held_already_is_adopted(practice: Practice) -> None:
    badge = seed.add_badge(practice.forum, "SQL joins")
    held = seed.grant(practice.forum, "tom.b", badge)
    tom = admit(practice.services, practice, "tom.b")
    want(practice, badge_wanted(tom))
    assert proof.repeated_grants(practice.forum) == []
    with practice.services.units.reading(practice.connection.community_id) as uow:
        link = uow.session.scalars(sa.select(BadgeLink)).one()
        assert link.remote_id == held
        assert loop_guard.our_badge(
            uow, practice.connection.id, user_badge_id=held, user_id=1, badge_id=1
        )


def test_a_badge_for_many_grants_is_still_given_once(practice: Practice) -> None:
    seed.add_badge(practice.forum, "SQL joins", multiple_grant=True)
    tom = admit(practice.services, practice, "tom.b")
    practice.forum.faults.add("drop", path="/user_badges.json", when="after", times=3)
    want(practice, badge_wanted(tom))
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "tom.b", 1)]


def test_a_badge_is_taken_back_and_an_older_want_changes_nothing(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    want(practice, badge_wanted(tom))
    with practice.services.units.system_reading() as uow:
        granting = uow.session.scalars(
            sa.select(Delivery).where(Delivery.subscriber == "discourse_hooks.badge")
        ).one()
    practice.clock.advance(minutes=1)
    want(practice, badge_wanted(tom, granted=False))
    assert proof.grants(practice.forum) == []
    with practice.services.units.system() as uow:  # the first want is carried out once more
        row = uow.session.get_one(Delivery, granting.id)
        row.state, row.next_attempt_at = DeliveryState.WAITING, uow.now()
        uow.commit()
    practice.work()
    assert proof.grants(practice.forum) == []


def test_a_badge_waits_for_an_account_and_follows_the_link(practice: Practice) -> None:
    connection = practice.connection
    with practice.services.units.community(connection.community_id) as uow:
        person = people.admit(
            uow, issuer="https://lms.example.org", subject="1", kind="lti", display_name="Ana"
        )
        uow.commit()
    want(practice, badge_wanted(person))
    assert [name for name, _ in reports(practice.services, f"badge:{person.handle}")] == [
        "wants.refused.v1"
    ]
    with practice.services.units.community(connection.community_id) as uow:
        assert uow.session.scalars(sa.select(BadgeInWaiting)).one().person_id == person.id
        subject = str(seed.user_id(practice.forum, "ana"))
        identity = people.identity_for(uow, connection.base_url, subject, "discourse", "ana")
        people.link(uow, identity.id, person.id)
        uow.commit()
    practice.work()
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "ana", 1)]


def test_a_renamed_account_gets_its_badge(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    change_account(practice.forum, seed.user_id(practice.forum, "tom.b"), username="thomas")
    seed.add_user(practice.forum, "tom.b", "Somebody else", "other@example.org")
    want(practice, badge_wanted(tom))
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "thomas", 1)]


def test_a_message_reaches_the_forum(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    wanted = message_wanted(tom)
    want(practice, wanted)
    [message] = proof.messages(practice.forum, "tom.b")
    assert message.title == "A review waits for you"
    assert "http://localhost/reviews" in message.raw
    assert reports(practice.services, wanted.key)[0][0] == "wants.fulfilled.v1"


@pytest.mark.parametrize(
    ("kind", "when"),
    [*[(kind, "after") for kind in (*SPOILS, "hang")], ("5xx", "before"), ("drop", "before")],
)
def test_a_message_is_sent_once_whatever_fails(practice: Practice, kind: str, when: str) -> None:
    tom = admit(practice.services, practice, "tom.b")
    if kind == "hang":
        practice.forum.faults.add(kind, path="/posts.json", when=when, times=1, seconds=0.2)
        practice.forum.faults.add("drop", path="/posts.json", when=when, times=1)
    practice.forum.faults.add(kind, path="/posts.json", when=when, times=2, seconds=0.1)
    practice.forum.faults.add("5xx", path="/t/external_id/*", times=1)
    want(practice, message_wanted(tom))
    practice.work(6)
    assert len(proof.messages(practice.forum)) == 1
    assert not_done(practice.services) == []


def test_a_taken_external_id_is_looked_up_again(practice: Practice) -> None:
    """The forum refuses with 422 what another try has made between our look and our post."""
    tom = admit(practice.services, practice, "tom.b")
    wanted = message_wanted(tom)
    practice.forum.faults.add("drop", path="/posts.json", when="after", times=1)
    want(practice, wanted)
    with practice.services.units.community(practice.connection.community_id) as uow:
        uow.session.execute(sa.delete(ForumSpace))  # our own rows are lost as well
        uow.commit()
    want(practice, wanted)
    assert len(proof.messages(practice.forum)) == 1
    assert len(reports(practice.services, wanted.key)) == 2


def test_a_pair_gets_one_message_in_common(practice: Practice) -> None:
    mira = admit(practice.services, practice, "mira_k")
    tom = admit(practice.services, practice, "tom.b", locale=PSEUDO)
    message_id, params = some_message()
    wanted = SpaceWanted(
        key="pair:1",
        kind="message",
        person_ids=(mira.id, tom.id),
        message=message_id,
        params=params,
        url="/c/x",
    )
    want(practice, wanted, wanted)
    practice.forum.faults.add("429-html", times=1)
    want(practice, wanted)
    [message] = proof.messages(practice.forum)
    assert set(message.people) >= {"mira_k", "tom.b"}
    assert message.raw.count("http://localhost/c/x") == 2  # once in each language


def some_message() -> tuple[str, dict[str, str]]:
    """Any message of the library, with every parameter filled in."""
    message_id = sorted(library.MESSAGES)[0]
    found = library.MESSAGES[message_id]
    texts = [found.subject.source, found.body.source, found.why.source, found.button.source]
    names = re.findall(r"%\((\w+)\)", " ".join(texts))
    return message_id, dict.fromkeys(names, "x")


def test_without_a_common_forum_the_space_is_refused(practice: Practice) -> None:
    mira = admit(practice.services, practice, "mira_k")
    with practice.services.units.community(practice.connection.community_id) as uow:
        other = people.admit(uow, issuer="https://lms.example.org", subject="9", kind="lti")
        uow.commit()
    want(
        practice,
        SpaceWanted(key="pair:2", kind="message", person_ids=(mira.id, other.id), message="x"),
    )
    assert [name for name, _ in reports(practice.services, "pair:2")] == ["wants.refused.v1"]
    assert proof.messages(practice.forum) == []


def test_a_quiet_forum_gets_nothing(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    with practice.services.units.system() as uow:
        connections.set_quiet(uow, practice.connection.handle, quiet=True)
        uow.commit()
    wanted = message_wanted(tom)
    want(practice, wanted, badge_wanted(tom))
    assert request_log.writes(practice.forum) == []
    assert reports(practice.services, wanted.key)[0][0] == "wants.refused.v1"


def _no_staff(practice: Practice) -> None:
    with practice.forum.store.transaction() as db:
        db.execute("UPDATE account SET admin = 0 WHERE username = 'lantern'")


def _narrow_key(practice: Practice) -> None:
    with practice.forum.store.transaction() as db:
        db.execute("UPDATE api_key SET scopes = '[\"users:show\"]'")


@pytest.mark.parametrize("spoil", [_no_staff, _narrow_key])
def test_without_the_right_it_is_parked_for_an_operator(
    practice: Practice, spoil: Callable[[Practice], None]
) -> None:
    tom = admit(practice.services, practice, "tom.b")
    spoil(practice)
    want(practice, badge_wanted(tom))
    [reason] = not_done(practice.services)
    assert reason is not None
    assert "refused" in reason


def test_a_badge_removed_in_the_forum_is_made_anew(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    ana = admit(practice.services, practice, "ana")
    want(practice, badge_wanted(tom))
    with practice.forum.store.transaction() as db:
        db.execute("DELETE FROM user_badge")
        db.execute("DELETE FROM badge")
    want(practice, badge_wanted(ana))
    practice.work(6)
    assert proof.grants(practice.forum) == [proof.Grant("SQL joins", "ana", 1)]


def test_the_scopes_named_on_the_page_suffice(practice: Practice) -> None:
    """No global key is needed for messages, badges, reading and reconciliation."""
    with practice.forum.store.transaction() as db:
        db.execute("UPDATE api_key SET scopes = ?", (json.dumps(list(check_words.SCOPES)),))
    topic, reply = practice.solved_topic()
    tom = admit(practice.services, practice, "tom.b")
    seed.accept(practice.forum, "mira_k", reply)
    reason = f"{practice.connection.base_url}/t/-/{topic}/2"
    want(practice, badge_wanted(tom, reason_url=reason), message_wanted(tom))
    practice.clock.advance(minutes=1)
    want(practice, badge_wanted(tom, granted=False))
    practice.work()
    assert not_done(practice.services) == []
    assert len(proof.messages(practice.forum)) >= 1
    assert proof.Grant("SQL joins", "tom.b", 1) not in proof.grants(practice.forum)
    refused = [c for c in request_log.calls(practice.forum) if c.status == 403]
    assert {c.path for c in refused} <= {"/user_badges.json"}  # the list of holders has no scope
