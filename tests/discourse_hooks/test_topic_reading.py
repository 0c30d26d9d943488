"""What one read of a topic tells: who helped, who is new, what is asked, where it stands."""

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discourse_hooks import operating, processing, requests
from discourse_hooks.models import ForumAccount, InboxMessage, InboxState, LikeSeen
from plugin.events.wants import StateWanted
from plugin.expertise import public as expertise
from plugin.kernel.errors import Invalid
from plugin.people import public as people
from plugin.practice.forum import request_log, seed
from plugin.practice.forum.people import change_account
from plugin.practice.forum.revisions import delete_post, edit_topic
from plugin.practice.forum.topics import close_topic
from tests.discourse_hooks.conftest import Practice, admit
from tests.discourse_hooks.test_contributions import counted, events_named

SIGN = "newcomers.sign_of_life.v1"
OPENED, CHANGED = "requests.request.opened.v1", "requests.request.changed.v1"


@pytest.fixture
def town(hooked: Practice) -> Practice:
    """Mira and Tom have been there for years, Nia came today."""
    now = hooked.clock.now()
    seed.add_user(hooked.forum, "nia", "Nia", "nia@example.org", trust_level=0, created_at=now)
    return hooked


def ask(town: Practice, who: str, title: str, *, tags: tuple[str, ...] = ()) -> int:
    at = town.clock.now()
    text = "Where do I put the enrolment date, please?"
    return seed.add_topic(town.forum, who, title, text, tags=tags, created_at=at)


def reply(town: Practice, who: str, topic: int) -> int:
    at = town.clock.now() + timedelta(seconds=1)
    return seed.reply(town.forum, who, topic, "Put it on the join table, like so.", created_at=at)


def signs(town: Practice) -> list[str]:
    return [event.payload["what"] for event in events_named(town, SIGN)]


def kinds(town: Practice, username: str) -> list[str]:
    return sorted(one.kind for one in counted(town, username))


def test_the_first_reply_to_somebody_new_counts_with_its_source(town: Practice) -> None:
    topic = ask(town, "nia", "My first question about tables")
    reply(town, "tom.b", topic)
    reply(town, "mira_k", topic)
    town.deliver()
    [one] = counted(town, "tom.b")
    assert (one.kind, one.source_url) == (
        expertise.FIRST_REPLY,
        f"{town.connection.base_url}/t/-/{topic}/2",
    )
    assert kinds(town, "mira_k") == []
    other = ask(town, "mira_k", "An old hand asks about tables")
    reply(town, "tom.b", other)
    town.deliver()
    assert kinds(town, "tom.b") == [expertise.FIRST_REPLY]


def test_a_first_reply_that_is_deleted_makes_the_next_one_first(town: Practice) -> None:
    topic = ask(town, "nia", "My first question about tables")
    first = reply(town, "tom.b", topic)
    reply(town, "mira_k", topic)
    town.deliver()
    delete_post(town.forum, first, by_author=False)
    town.deliver()
    assert kinds(town, "tom.b") == []
    assert kinds(town, "mira_k") == [expertise.FIRST_REPLY]


def test_what_counts_does_not_change_when_the_newcomer_is_promoted(town: Practice) -> None:
    topic = ask(town, "nia", "My first question about tables")
    reply(town, "tom.b", topic)
    town.deliver()
    change_account(town.forum, seed.user_id(town.forum, "nia"), trust_level=1)
    reply(town, "mira_k", topic)
    town.deliver()
    assert kinds(town, "tom.b") == [expertise.FIRST_REPLY]


def test_a_like_of_somebody_new_counts_and_an_old_hand_costs_one_call(town: Practice) -> None:
    topic = ask(town, "mira_k", "An old hand asks about tables")
    post = reply(town, "tom.b", topic)
    seed.like(town.forum, "nia", post)
    seed.like(town.forum, "ana", post)
    town.deliver()
    assert kinds(town, "tom.b") == [expertise.NEWCOMER_LIKE]
    again = reply(town, "tom.b", topic)
    seed.like(town.forum, "ana", again)
    town.deliver()
    profiles = [c.path for c in request_log.calls(town.forum) if c.path == "/u/ana.json"]
    assert len(profiles) == 1
    with town.services.units.reading(town.connection.community_id) as uow:
        assert uow.session.scalars(sa.select(LikeSeen)).all() == []


def test_answers_of_a_solved_topic_are_weighed(town: Practice) -> None:
    topic = ask(town, "mira_k", "An old hand asks about tables", tags=("sql",))
    good, other = reply(town, "tom.b", topic), reply(town, "ana", topic)
    seed.like(town.forum, "mira_k", other)
    town.deliver()
    assert kinds(town, "ana") == []  # nothing is known before somebody says what helped
    seed.accept(town.forum, "mira_k", good)
    town.deliver()
    assert kinds(town, "tom.b") == [expertise.ACCEPTED_ANSWER]
    assert kinds(town, "ana") == [expertise.ANSWER]
    recorded = events_named(town, "expertise.contribution.recorded.v1")
    assert [event.payload["kind"] for event in recorded] == [expertise.ACCEPTED_ANSWER]
    tom = admit(town.services, town, "tom.b")
    with town.services.units.reading(town.connection.community_id) as uow:
        [one] = expertise.estimates_of(uow, tom.id)
        assert (one.tag, one.answers, one.accepted) == ("sql", 1, 1)
        assert "1 answer on sql, 1 accepted" in expertise.in_words(one, uow.now())
        found = expertise.suggestions(uow, issuer=town.connection.base_url)
        assert [each.name for each in found] == ["tom.b", "ana"]


def test_whoever_opted_out_is_not_counted_and_not_read_again_and_again(town: Practice) -> None:
    tom = admit(town.services, town, "tom.b")
    with town.services.units.community(town.connection.community_id) as uow:
        expertise.opt_out(uow, tom.id)
        uow.commit()
    topic = ask(town, "mira_k", "An old hand asks about tables")
    seed.accept(town.forum, "mira_k", reply(town, "tom.b", topic))
    town.deliver()
    assert kinds(town, "tom.b") == []
    assert events_named(town, "expertise.contribution.recorded.v1") == []
    with town.services.units.reading(town.connection.community_id) as uow:
        prefix = f"{town.connection.base_url}/t/-/{topic}/"
        assert expertise.sources_under(uow, expertise.ACCEPTED_ANSWER, prefix)
        assert expertise.suggestions(uow, issuer=town.connection.base_url) == []
    with town.services.units.community(town.connection.community_id) as uow:
        expertise.opt_in(uow, tom.id)
        uow.commit()
    town.work(1)
    assert kinds(town, "tom.b") == [expertise.ACCEPTED_ANSWER]
    [event] = events_named(town, "expertise.contribution.recorded.v1")
    assert event.payload["person_id"] == str(tom.id)


def test_each_sign_of_life_is_told_once(town: Practice) -> None:
    topic = ask(town, "nia", "My first question about tables")
    answer = reply(town, "tom.b", topic)
    town.deliver()
    assert signs(town) == ["topic"]
    seed.accept(town.forum, "nia", answer)
    seed.like(town.forum, "nia", answer)
    ask(town, "nia", "My second question about tables")
    town.deliver()
    assert sorted(signs(town)) == ["like", "thanked", "topic"]


def test_an_account_alone_and_an_old_one_are_no_sign_of_life(town: Practice) -> None:
    seed.add_user(town.forum, "silent", "Silent", "s@example.org", created_at=town.clock.now())
    ask(town, "mira_k", "An old hand asks about tables")
    town.deliver()
    assert signs(town) == []


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=True))
def test_any_order_and_repetition_ends_the_same(town: Practice, chance: Random) -> None:
    """A day's events in any order, some twice: the same signs and contributions.

    How many events there are differs between examples, as some come only once; so a seed is drawn
    and not the order itself.
    """
    topic = ask(town, "nia", f"Question {len(signs(town))} {chance.random()} about tables")
    answer = reply(town, "tom.b", topic)
    seed.like(town.forum, "nia", answer)
    seed.accept(town.forum, "nia", answer)
    assert town.forum.sender.wait_idle()
    with town.services.units.system() as uow:
        rows = list(uow.session.scalars(sa.select(InboxMessage)))
        waiting = [row for row in rows if row.state is InboxState.WAITING]
        chance.shuffle(waiting)
        for place, row in enumerate(waiting):
            row.next_attempt_at = uow.now() + timedelta(milliseconds=place)
        uow.commit()
    town.clock.advance(seconds=1)
    while processing.process_inbox(town.services):
        pass
    town.work()
    again = chance.choices([row.id for row in waiting], k=chance.randint(0, 3))
    with town.services.units.system() as uow:
        operating.replay(uow, again)
        uow.commit()
    town.work()
    assert kinds(town, "tom.b").count(expertise.ACCEPTED_ANSWER) >= 1
    assert sorted(set(signs(town))) == sorted(signs(town)) == ["like", "thanked", "topic"]


@pytest.fixture
def asking(town: Practice) -> Practice:
    """Topics tagged ``need-help`` ask for help, those in a category for a review."""
    requests.add_rule(town.services, town.connection, "help", tag="Need-Help")
    category = seed.add_category(town.forum, "Reviews")
    requests.add_rule(town.services, town.connection, "review", category_id=category)
    return town


def tags_of(town: Practice, topic: int) -> set[str]:
    with town.forum.store.reading() as db:
        rows = db.execute(
            "SELECT t.name FROM topic_tag l JOIN tag t ON t.id = l.tag_id WHERE l.topic_id = ?",
            (topic,),
        )
        return {row["name"] for row in rows}


def test_a_tagged_topic_becomes_a_request_once_and_shows_its_state(asking: Practice) -> None:
    topic = ask(asking, "mira_k", "Please help with my tables", tags=("need-help", "sql"))
    asking.deliver()
    [event] = events_named(asking, OPENED)
    assert (event.payload["kind"], event.payload["tags"]) == ("help", ["need-help", "sql"])
    assert event.payload["title"] == "Please help with my tables"
    assert tags_of(asking, topic) == {"need-help", "sql", "help-waiting"}
    with asking.services.units.community(asking.connection.community_id) as uow:
        request = event.payload["request"]
        uow.record(StateWanted(key="taken:1", request=request, state="taken"))
        uow.commit()
    asking.work()
    asking.deliver()
    assert tags_of(asking, topic) == {"need-help", "sql", "help-taken"}
    seed.accept(asking.forum, "mira_k", reply(asking, "tom.b", topic))
    asking.deliver()
    asking.deliver()
    assert [e.payload["state"] for e in events_named(asking, CHANGED)] == ["answered"]
    assert tags_of(asking, topic) == {"need-help", "sql", "help-answered"}
    writes = [c for c in request_log.writes(asking.forum) if c.method == "PUT"]
    assert len(writes) == 3  # one a state: our own change coming back writes nothing


def test_a_category_makes_review_requests_and_closing_ends_them(asking: Practice) -> None:
    with asking.forum.store.reading() as db:
        category = db.execute("SELECT id FROM category WHERE name = 'Reviews'").fetchone()["id"]
    topic = seed.add_topic(
        asking.forum,
        "mira_k",
        "Would somebody review this schema?",
        "It is in the first post, as text.",
        category=category,
        created_at=asking.clock.now(),
    )
    asking.deliver()
    assert [e.payload["kind"] for e in events_named(asking, OPENED)] == ["review"]
    close_topic(asking.forum, topic)
    asking.deliver()
    assert [e.payload["state"] for e in events_named(asking, CHANGED)] == ["closed"]
    asking.deliver()
    assert tags_of(asking, topic) == set()


def test_a_request_is_withdrawn_with_its_tag_and_comes_back(asking: Practice) -> None:
    topic = ask(asking, "mira_k", "Please help with my tables", tags=("need-help",))
    asking.deliver()
    edit_topic(asking.forum, topic, tags=())
    asking.deliver()
    edit_topic(asking.forum, topic, tags=("need-help",))
    asking.deliver()
    states = [e.payload["state"] for e in events_named(asking, CHANGED)]
    assert states == ["withdrawn", "open"]
    assert len(events_named(asking, OPENED)) == 1


def test_an_old_topic_is_no_request(asking: Practice) -> None:
    at = asking.clock.now() - timedelta(days=400)
    text = "Where did I put the enrolment date?"
    seed.add_topic(
        asking.forum, "ana", "A question from long ago", text, tags=["need-help"], created_at=at
    )
    asking.deliver()
    assert events_named(asking, OPENED) == []


def test_our_own_tags_and_half_a_rule_are_refused(asking: Practice) -> None:
    for wrong in ({"tag": "help-taken"}, {}, {"tag": "x", "category_id": 3}):
        with pytest.raises(Invalid):
            requests.add_rule(asking.services, asking.connection, "help", **wrong)  # type: ignore[arg-type]


def test_nothing_is_kept_of_members_who_did_nothing(town: Practice) -> None:
    ask(town, "nia", "My first question about tables")
    town.deliver()
    with town.services.units.reading(town.connection.community_id) as uow:
        accounts = uow.session.scalars(sa.select(ForumAccount.user_id)).all()
        assert list(accounts) == [seed.user_id(town.forum, "nia")]
        subject = str(seed.user_id(town.forum, "tom.b"))
        assert people.find_identity(uow, town.connection.base_url, subject) is None
