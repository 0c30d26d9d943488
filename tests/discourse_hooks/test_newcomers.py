"""Newcomers from the forum's first sign of life to the end, with the forum's own rows as proof."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from discourse_hooks import connections, linking
from plugin.events.newcomers import SignOfLife
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.newcomers import public as newcomers
from plugin.newcomers.jobs import look_around
from plugin.newcomers.models import Newcomer, Stage, Welcome
from plugin.newcomers.public import Wishes
from plugin.newcomers.services import arrive, look_after
from plugin.notifications import public as notifications
from plugin.notifications.models import Notice
from plugin.people import public as people
from plugin.practice.forum import proof, seed
from plugin.workload import public as workload
from tests.discourse_hooks.conftest import Practice, admit
from tests.discourse_hooks.test_contributions import events_named


def wishes(**changed: Any) -> Wishes:
    facts: dict[str, Any] = {
        "on": True,
        "within_hours": 48,
        "most_each": 2,
        "task": "",
        "groups": False,
        "facilitator_id": None,
        "call_every_days": 28,
        **changed,
    }
    return Wishes(**facts)


class Place:
    """A forum whose newcomers are welcomed; Tom is a coordinator, nobody is a contact yet."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.coordinator = admit(practice.services, practice, "mira_k")
        with practice.services.units.community(practice.connection.community_id) as uow:
            self.id = linking.place(uow, practice.connection).id
            people.grant_right(uow, self.coordinator.id, people.COORDINATOR, self.id)
            uow.commit()
        self.set_up()

    def set_up(self, **changed: Any) -> None:
        with self.unit() as uow:
            newcomers.set_up(uow, self.id, wishes(**changed), actor=self.coordinator.id)
            uow.commit()

    def unit(self) -> Any:
        practice = self.practice
        return practice.services.units.community(practice.connection.community_id)

    def contact(self, username: str) -> people.PersonView:
        person = admit(self.practice.services, self.practice, username)
        with self.unit() as uow:
            linking.enter(uow, self.practice.connection, person.id)
            newcomers.become_contact(uow, self.id, person.id)
            uow.commit()
        return person

    def join(self, username: str, **facts: Any) -> None:
        """A new account, and nothing more."""
        at, mail = self.practice.clock.now(), f"{username}@example.org"
        seed.add_user(self.practice.forum, username, username, mail, created_at=at, **facts)

    def post(self, username: str) -> int:
        text = "Hello, I have a question about tables."
        title = f"A question of {username} number {next(self.practice.numbers)}"
        return seed.add_topic(
            self.practice.forum, username, title, text, created_at=self.practice.clock.now()
        )

    def rows(self) -> list[Newcomer]:
        with self.unit() as uow:
            return list(uow.session.scalars(sa.select(Newcomer).order_by(Newcomer.id)))

    def told(self, message: str) -> list[Notice]:
        with self.unit() as uow:
            return list(uow.session.scalars(sa.select(Notice).where(Notice.message == message)))

    def round(self) -> None:
        look_around(self.practice.services)
        self.practice.work(2)


@pytest.fixture
def place(hooked: Practice) -> Place:
    return Place(hooked)


def test_only_a_sign_of_life_brings_a_contact_and_one_message(place: Place) -> None:
    tom = place.contact("tom.b")
    place.join("nia")
    place.practice.deliver()
    assert place.rows() == []
    place.post("nia")
    place.practice.deliver()
    [row] = place.rows()
    assert (row.stage, row.contact_id) == (Stage.ACCOMPANIED, tom.id)
    [message] = proof.messages(place.practice.forum, "nia")
    assert set(message.people) == {"lantern", "nia", "tom.b"}
    assert "@tom.b" in message.raw
    assert "say hello" in message.raw  # one safe first task
    assert "/notices" in message.raw  # and the way out
    with place.unit() as uow:
        assert workload.capacity(uow, tom.id).standing == 15


def test_what_a_course_calls_a_contact_stays_out_of_the_forum(place: Place) -> None:
    place.contact("tom.b")  # the course calls him "Tom.B"
    with place.unit() as uow:
        person = people.identities_by_person(uow, [], "discourse")
        assert person == {}
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    [message] = proof.messages(place.practice.forum, "nia")
    assert "Tom.B" not in message.raw + message.title


def test_without_a_contact_the_coordinator_is_told_in_time_and_only_once(place: Place) -> None:
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    place.round()
    assert place.told("newcomers.nobody_in_time") == []
    place.practice.clock.advance(hours=49)
    place.round()
    place.round()
    [notice] = place.told("newcomers.nobody_in_time")
    assert notice.person_id == place.coordinator.id
    assert len(place.told("newcomers.welcome_alone")) == 1
    place.contact("ana")
    place.round()
    [row] = place.rows()
    assert row.stage is Stage.ACCOMPANIED


def test_an_open_call_goes_out_once_in_a_window(place: Place) -> None:
    member = admit(place.practice.services, place.practice, "ana")
    with place.unit() as uow:
        linking.enter(uow, place.practice.connection, member.id)
        uow.commit()
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    for _again in range(3):
        place.round()
    [notice] = place.told("newcomers.call")
    assert notice.person_id == member.id
    place.practice.clock.advance(days=29)
    place.round()
    assert len(place.told("newcomers.call")) == 2


def test_the_checklist_ticks_itself_and_ends_with_a_graduation(place: Place) -> None:
    tom = place.contact("tom.b")
    place.join("nia")
    own, other = place.post("nia"), place.post("mira_k")
    text = "Put it on the join table, like so."
    now = place.practice.clock.now()
    answer = seed.reply(place.practice.forum, "tom.b", own, text, created_at=now)
    seed.reply(place.practice.forum, "nia", other, "I would like to know as well.", created_at=now)
    seed.like(place.practice.forum, "nia", answer)
    seed.accept(place.practice.forum, "nia", answer)
    place.practice.deliver()
    [row] = place.rows()
    assert sorted(row.steps) == ["like", "reply", "thanked", "topic"]
    assert row.stage is Stage.GRADUATED
    assert len(place.told("newcomers.graduated")) == 1
    [event] = events_named(place.practice, "newcomers.newcomer.graduated.v1")
    assert event.payload["steps"] == 4
    with place.unit() as uow:
        assert workload.capacity(uow, tom.id).standing == 0


def test_after_four_weeks_it_ends_as_well(place: Place) -> None:
    place.contact("tom.b")
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    place.practice.clock.advance(days=29)
    place.round()
    [row] = place.rows()
    assert row.stage is Stage.GRADUATED


def test_newcomers_of_past_weeks_meet_in_one_group_with_a_facilitator(place: Place) -> None:
    place.set_up(groups=True, most_each=5)
    place.contact("tom.b")
    for name in ("nia", "olu", "pia"):
        place.join(name)
        place.post(name)
    place.practice.deliver()
    place.round()
    groups = [one for one in proof.messages(place.practice.forum) if "meet each other" in one.title]
    assert groups == []  # the week is not over
    with place.unit() as uow:
        pia = people.find_identity(
            uow,
            place.practice.connection.base_url,
            str(seed.user_id(place.practice.forum, "pia")),
        )
        assert pia is not None
        assert pia.person_id is not None
        notifications.set_preference(uow, pia.person_id, "welcome", "forum", "off")
        uow.commit()
    place.practice.clock.advance(days=7)
    place.round()
    place.round()
    place.practice.deliver()
    groups = [one for one in proof.messages(place.practice.forum) if "meet each other" in one.title]
    assert len(groups) == 1
    with place.practice.forum.store.reading() as db:
        rows = db.execute(
            "SELECT a.username FROM group_user m JOIN team t ON t.id = m.group_id"
            " JOIN account a ON a.id = m.user_id WHERE t.name LIKE 'ln-g%' ORDER BY a.username"
        )
        assert [row["username"] for row in rows] == ["nia", "olu", "tom.b"]  # who chose not to: not


def test_the_same_signs_again_change_nothing_and_nobody_is_overbooked(place: Place) -> None:
    place.set_up(most_each=1)
    place.contact("tom.b")
    for name in ("nia", "olu"):
        place.join(name)
        place.post(name)
    place.practice.deliver()
    with place.practice.services.units.system() as uow:
        for row in uow.session.scalars(
            sa.select(Delivery).where(Delivery.subscriber == "newcomers.sign_of_life")
        ):
            row.state, row.next_attempt_at = DeliveryState.WAITING, uow.now()
        uow.commit()
    place.practice.work()
    assert sorted(row.stage.value for row in place.rows()) == ["accompanied", "waiting"]
    assert proof.repeated_messages(place.practice.forum) == []
    assert len(proof.messages(place.practice.forum)) == 1


def test_a_quiet_forum_is_told_nothing_and_people_hear_elsewhere(place: Place) -> None:
    with place.practice.services.units.system() as uow:
        connections.set_quiet(uow, place.practice.connection.handle, quiet=True)
        uow.commit()
    tom = place.contact("tom.b")
    with place.unit() as uow:
        people.confirm_email(uow, tom.id, "tom@mail.example.org")
        uow.commit()
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    assert proof.messages(place.practice.forum) == []
    [notice] = place.told("newcomers.contact")
    assert notice.person_id == tom.id


def test_switched_off_and_old_accounts_begin_nothing(place: Place) -> None:
    place.set_up(on=False)
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    assert place.rows() == []
    with place.unit() as uow:
        assert uow.session.scalars(sa.select(Welcome)).one().on is False


def test_a_contact_who_leaves_gives_their_newcomers_back(place: Place) -> None:
    tom = place.contact("tom.b")
    place.join("nia")
    place.post("nia")
    place.practice.deliver()
    with place.unit() as uow:
        linking.unlink(uow, place.practice.connection, tom.id)
        uow.commit()
    place.practice.work()
    [row] = place.rows()
    assert (row.stage, row.contact_id) == (Stage.WAITING, None)
    with place.unit() as uow:
        assert workload.capacity(uow, tom.id).standing == 0


def test_an_event_for_a_place_that_nobody_welcomes_in_is_dropped(hooked: Practice) -> None:
    with hooked.services.units.community(hooked.connection.community_id) as uow:
        context = linking.place(uow, hooked.connection)
        identity = people.identity_for(uow, hooked.connection.base_url, "77", "discourse", "x")
        now = uow.now()
        event = SignOfLife(
            context_id=context.id,
            identity_id=identity.id,
            what="topic",
            joined_at=now - timedelta(days=1),
            at=now,
            source_url="https://forum.example.org/t/-/1/1",
        )
        arrive.sign_of_life(uow, event)
        look_after.look_after(uow, context.id)
        assert uow.session.scalars(sa.select(Newcomer)).all() == []
