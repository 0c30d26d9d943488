"""Accepted answers over real webhooks: counted once, taken back, whatever happens on the way."""

import hashlib
import itertools
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discourse_hooks import inbox, operating, processing, reconciliation, signature, touched
from discourse_hooks.inbox import Arrival, Received
from discourse_hooks.models import BadgeLink, ForumSpace, InboxMessage, InboxState, Touched
from discourse_hooks.touched import Touch
from plugin.events.wants import BadgeWanted
from plugin.expertise import public as expertise
from plugin.kernel.outbox import OutboxMessage
from plugin.people import public as people
from plugin.practice.forum import proof, request_log, seed
from plugin.practice.forum.badges import revoke_badge
from plugin.practice.forum.revisions import delete_post
from tests.discourse_hooks.conftest import SECRET, Practice, admit


def counted(practice: Practice, username: str) -> list[expertise.Contribution]:
    """What stands for an account."""
    with practice.services.units.reading(practice.connection.community_id) as uow:
        subject = str(seed.user_id(practice.forum, username))
        identity = people.find_identity(uow, practice.connection.base_url, subject)
        return expertise.contributions_of_identities(uow, [identity.id]) if identity else []


def events_named(practice: Practice, name: str) -> list[OutboxMessage]:
    with practice.services.units.system_reading() as uow:
        return list(uow.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.name == name)))


def test_an_accepted_answer_becomes_a_contribution(hooked: Practice) -> None:
    topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    [one] = counted(hooked, "tom.b")
    assert one.kind == "accepted_answer"
    assert one.source_url == f"{hooked.connection.base_url}/t/-/{topic}/2"
    [event] = events_named(hooked, "expertise.contribution.recorded.v1")
    assert event.payload["person_id"] is None


def test_the_webhooks_of_one_topic_are_one_read(hooked: Practice) -> None:
    topic, reply = hooked.solved_topic()
    for _again in range(3):
        seed.accept(hooked.forum, "mira_k", reply)
        seed.unaccept(hooked.forum, "mira_k", reply)
    seed.accept(hooked.forum, "mira_k", reply)
    assert hooked.forum.sender.wait_idle()
    while processing.process_inbox(hooked.services):
        pass
    hooked.work(1)
    reads = [c for c in request_log.calls(hooked.forum) if c.path == f"/t/{topic}.json"]
    assert len(reads) == 1
    assert len(counted(hooked, "tom.b")) == 1


def test_an_answer_taken_back_counts_no_more(hooked: Practice) -> None:
    _topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    seed.unaccept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    assert counted(hooked, "tom.b") == []
    assert len(events_named(hooked, "expertise.contribution.withdrawn.v1")) == 1
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.clock.advance(hours=4)
    hooked.deliver()
    assert len(counted(hooked, "tom.b")) == 1


def test_a_deleted_answer_counts_no_more(hooked: Practice) -> None:
    _topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    delete_post(hooked.forum, reply, by_author=False)
    hooked.deliver()
    assert counted(hooked, "tom.b") == []


def test_a_person_gets_what_the_account_did_before(hooked: Practice) -> None:
    _topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    tom = admit(hooked.services, hooked, "tom.b")
    hooked.work()
    persons = [
        e.payload["person_id"] for e in events_named(hooked, "expertise.contribution.recorded.v1")
    ]
    assert persons == [None, str(tom.id)]
    with hooked.services.units.reading(hooked.connection.community_id) as uow:
        assert len(expertise.contributions(uow, tom.id)) == 1


def test_the_grant_that_lantern_caused_ends_at_the_door(hooked: Practice) -> None:
    topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    tom = admit(hooked.services, hooked, "tom.b")
    with hooked.services.units.community(hooked.connection.community_id) as uow:
        uow.record(
            BadgeWanted(
                key="badge:tom",
                person_id=tom.id,
                badge_name="Helper",
                description="Helped.",
                reason_url=f"{hooked.connection.base_url}/t/-/{topic}/2",
            )
        )
        uow.commit()
    hooked.work()
    hooked.deliver()
    assert proof.Grant("Helper", "tom.b", 1) in proof.grants(hooked.forum)
    assert proof.repeated_grants(hooked.forum) == []
    with hooked.services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(InboxMessage).where(InboxMessage.event_name == "user_badge_granted")
        ).all()
        marks = uow.session.scalars(sa.select(Touched).where(Touched.kind == "held_badges")).all()
    assert len(rows) == len(proof.grants(hooked.forum))
    assert {(r.state, r.outcome) for r in rows} == {(InboxState.IGNORED, "caused by Lantern")}
    assert marks == []


def test_nothing_private_is_kept(hooked: Practice) -> None:
    seed.add_message(hooked.forum, "mira_k", ["tom.b"], "Something private", "A private word here")
    assert hooked.forum.sender.wait_idle()
    with hooked.services.units.system_reading() as uow:
        bodies = uow.session.scalars(sa.select(InboxMessage.body)).all()
    assert all(b"private word" not in (body or b"") for body in bodies)


def test_what_was_lost_is_found_by_reconciliation(hooked: Practice) -> None:
    hooked.forum.webhook_faults.configure(lose=1.0)
    _topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    hooked.clock.advance(hours=1)
    reconciliation.reconcile(hooked.services, hooked.connection)
    hooked.work()
    assert len(counted(hooked, "tom.b")) == 1
    seed.unaccept(hooked.forum, "mira_k", reply)
    hooked.clock.advance(hours=1)
    reconciliation.reconcile(hooked.services, hooked.connection)
    hooked.work()
    assert counted(hooked, "tom.b") == []


@pytest.mark.parametrize("kind", ["429-html", "5xx", "drop"])
def test_reading_survives_a_forum_that_fails(hooked: Practice, kind: str) -> None:
    _topic, reply = hooked.solved_topic()
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.forum.faults.add(kind, path="/t/*", times=3)
    hooked.deliver()
    hooked.work(20)
    assert len(counted(hooked, "tom.b")) == 1


_names = itertools.count()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_order_repetition_and_loss_ends_in_the_same_contributions(
    practice: Practice, data: st.DataObject
) -> None:
    """A day's events, shuffled, doubled and partly lost, then reconciliation: the forum's truth."""
    marker = next(_names)
    topics = [practice.solved_topic() for _ in range(3)]
    steps = data.draw(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=8))
    bodies = []
    for number, (which, accepted) in enumerate(steps):
        topic, reply = topics[which]
        (seed.accept if accepted else seed.unaccept)(practice.forum, "mira_k", reply)
        name = "accepted_solution" if accepted else "unaccepted_solution"
        bodies.append((name, _body(topic, reply, marker * 1000 + number)))
    sent = data.draw(st.lists(st.sampled_from(bodies), max_size=16))
    _take_in(practice, sent, marker, data.draw(st.booleans()))
    practice.clock.advance(hours=1)
    for _page in range(2):
        reconciliation.reconcile(practice.services, practice.connection)
        practice.work(4)
    expected = {
        f"{practice.connection.base_url}/t/-/{topic}/2"
        for which, (topic, _reply) in enumerate(topics)
        if _last(steps, which)
    }
    prefixes = {f"{practice.connection.base_url}/t/-/{topic}/" for topic, _reply in topics}
    found = {c.source_url for c in counted(practice, "tom.b")}
    assert {url for url in found if any(url.startswith(p) for p in prefixes)} == expected


def _last(steps: Sequence[tuple[int, bool]], which: int) -> bool:
    return next((accepted for topic, accepted in reversed(steps) if topic == which), False)


def _body(topic: int, post: int, number: int) -> bytes:
    return (
        f'{{"solved":{{"id":{post},"topic_id":{topic},"post_number":2,"post_type":1,'
        f'"user_id":3,"username":"tom.b","topic_archetype":"regular","score":{number}}}}}'
    ).encode()


def _take_in(
    practice: Practice, sent: Sequence[tuple[str, bytes]], marker: int, between: bool
) -> None:
    for number, (name, body) in enumerate(sent):
        arrival = Arrival(
            body=body,
            signature=signature.signature(SECRET, body),
            event_id=hashlib.sha256(f"{marker}:{number}".encode()).hexdigest()[:40],
            event_type="solved",
            event_name=name,
        )
        outcome = inbox.receive(practice.services.units, practice.connection, arrival)
        assert outcome in {Received.STORED, Received.REPEATED}
        if between:
            practice.work(1)
    practice.work(3)


def test_an_event_during_the_read_is_not_missed(practice: Practice) -> None:
    services, connection = practice.services, practice.connection
    with services.units.system() as uow:
        touched.mark(uow, connection.id, [Touch("topic", "7")])
        uow.commit()
    with services.units.system() as uow:
        [claimed] = touched.claim(uow, limit=5)
        uow.commit()
    with services.units.system() as uow:
        touched.mark(uow, connection.id, [Touch("topic", "7")])
        uow.commit()
    with services.units.system() as uow:
        assert touched.answered(uow, claimed)
        uow.commit()
    with services.units.system() as uow:
        [again] = touched.claim(uow, limit=5)
        assert again.asked == 2
        assert not touched.answered(uow, claimed)  # the first claim has lapsed to the second


def test_a_badge_that_staff_took_away_is_looked_up(hooked: Practice) -> None:
    tom = admit(hooked.services, hooked, "tom.b")
    with hooked.services.units.community(hooked.connection.community_id) as uow:
        uow.record(
            BadgeWanted(key="b", person_id=tom.id, badge_name="Helper", description="Helped.")
        )
        uow.commit()
    hooked.deliver()
    with hooked.forum.store.reading() as db:
        grant = db.execute("SELECT id FROM user_badge").fetchone()["id"]
    revoke_badge(hooked.forum, grant)
    hooked.deliver()
    with hooked.services.units.reading(hooked.connection.community_id) as uow:
        assert uow.session.scalars(sa.select(BadgeLink)).one().removed_there
    assert proof.grants(hooked.forum) == []


def test_what_the_key_may_not_read_is_parked_and_comes_back(hooked: Practice) -> None:
    _topic, reply = hooked.solved_topic()
    with hooked.forum.store.transaction() as db:
        db.execute("UPDATE api_key SET scopes = '[\"users:show\"]'")
    seed.accept(hooked.forum, "mira_k", reply)
    hooked.deliver()
    with hooked.services.units.system_reading() as uow:
        [mark] = uow.session.scalars(sa.select(Touched).where(Touched.parked))
        assert "scopes" in mark.last_error
    with hooked.forum.store.transaction() as db:
        db.execute("UPDATE api_key SET scopes = NULL")
    with hooked.services.units.system() as uow:
        assert operating.read_again(uow, hooked.connection.id) == 1
        uow.commit()
    hooked.work()
    assert len(counted(hooked, "tom.b")) == 1


def test_events_of_our_own_topics_end_at_once(hooked: Practice) -> None:
    """A topic that Lantern made is no source of contributions."""
    topic, reply = hooked.solved_topic()
    with hooked.services.units.community(hooked.connection.community_id) as uow:
        uow.session.add(
            ForumSpace(
                connection_id=hooked.connection.id,
                want_key="k",
                external_id="e",
                kind="message",
                remote_id=topic,
            )
        )
        uow.commit()
    seed.like(hooked.forum, "mira_k", reply)
    seed.accept(hooked.forum, "mira_k", reply)
    assert hooked.forum.sender.wait_idle()
    while processing.process_inbox(hooked.services):
        pass
    with hooked.services.units.system_reading() as uow:
        rows = uow.session.scalars(
            sa.select(InboxMessage).where(
                InboxMessage.event_type.in_(["solved", "like", "post", "topic"])
            )
        ).all()
        assert {row.outcome for row in rows} == {"caused by Lantern"}
        assert uow.session.scalars(sa.select(Touched)).all() == []
