"""Groups and members through the practice forum; letting people in and out once."""

import json
from dataclasses import replace
from typing import Any

import pytest
import responses

from discourse_hooks.client import ForumApi, ForumRefused
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from plugin.events.wants import MemberWanted, MessageWanted, SpaceWanted
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.practice.forum import proof, request_log, seed
from plugin.practice.forum.people import delete_account
from tests.discourse_hooks.conftest import Practice, admit
from tests.discourse_hooks.test_wants import not_done, reports, some_message, want


def group_wanted(*persons: people.PersonView) -> SpaceWanted:
    message_id, params = some_message()
    return SpaceWanted(
        key="group:1",
        kind="group",
        person_ids=tuple(one.id for one in persons),
        message=message_id,
        params=params,
    )


def members(practice: Practice) -> list[str]:
    """User names in the groups that Lantern made."""
    with practice.forum.store.reading() as db:
        rows = db.execute(
            "SELECT a.username FROM group_user m JOIN team t ON t.id = m.group_id"
            " JOIN account a ON a.id = m.user_id WHERE t.name LIKE 'ln-%' ORDER BY a.username"
        )
        return [row["username"] for row in rows]


@pytest.mark.parametrize("kind", ["drop", "429-html", "5xx"])
def test_a_group_is_made_once_with_everybody_in_it(practice: Practice, kind: str) -> None:
    tom = admit(practice.services, practice, "tom.b")
    mira = admit(practice.services, practice, "mira_k")
    practice.forum.faults.add(kind, path="/admin/groups*", when="after", times=1)
    practice.forum.faults.add(kind, path="/groups/*", when="after", times=2)
    want(practice, group_wanted(tom, mira))
    practice.work(6)
    assert members(practice) == ["mira_k", "tom.b"]
    assert reports(practice.services, "group:1")[-1][0] == "wants.fulfilled.v1"


def test_a_member_comes_and_goes(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    ana = admit(practice.services, practice, "ana")
    want(practice, group_wanted(tom))
    come = MemberWanted(key="member:1", space_key="group:1", person_id=ana.id)
    want(practice, come, come)
    assert members(practice) == ["ana", "tom.b"]
    leave = MemberWanted(key="member:2", space_key="group:1", person_id=ana.id, present=False)
    want(practice, leave, leave)
    assert members(practice) == ["tom.b"]
    assert {name for name, _ in reports(practice.services, "member:2")} == {"wants.fulfilled.v1"}


def test_a_member_waits_for_the_space_but_not_for_ever(practice: Practice) -> None:
    ana = admit(practice.services, practice, "ana")
    want(practice, MemberWanted(key="member:1", space_key="nothing", person_id=ana.id))
    assert not_done(practice.services) == ["the space is not made yet"]
    practice.work(30)
    assert reports(practice.services, "member:1")[-1][0] == "wants.refused.v1"


def test_somebody_without_an_account_is_no_member(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    with practice.services.units.community(practice.connection.community_id) as uow:
        other = people.admit(uow, issuer="https://lms.example.org", subject="9", kind="lti")
        uow.commit()
    want(practice, group_wanted(tom))
    want(practice, MemberWanted(key="member:1", space_key="group:1", person_id=other.id))
    assert reports(practice.services, "member:1")[-1][0] == "wants.refused.v1"
    gone = MessageWanted(key="m:1", person_id=other.id, channel="forum", message="", body="x")
    mail = MessageWanted(key="m:2", person_id=other.id, channel="mail", message="", body="x")
    want(practice, gone, mail)
    assert [name for name, _ in reports(practice.services, "m:1")] == ["wants.refused.v1"]
    assert reports(practice.services, "m:2") == []  # another adapter's channel
    assert proof.messages(practice.forum) == []


def test_an_account_that_is_gone_is_told(practice: Practice) -> None:
    tom = admit(practice.services, practice, "tom.b")
    delete_account(practice.forum, seed.user_id(practice.forum, "tom.b"))
    message = MessageWanted(key="m:1", person_id=tom.id, channel="forum", message="", body="x")
    want(practice, message)
    [(name, reason)] = reports(practice.services, "m:1")
    assert name == "wants.refused.v1"
    assert "no longer exists" in reason
    assert request_log.writes(practice.forum, "/posts%") == []


# What the practice forum does not have is answered here as Discourse's own documents show it.

BASE = "http://127.0.0.1:9"


@pytest.fixture
def api(services: Services, forum: Forum) -> ForumApi:
    return ForumApi(Transport(services, replace(forum, base_url=BASE)))


def topic(numbers: list[int], **more: Any) -> dict[str, Any]:
    posts = [{"id": 100 + n, "post_number": n, "user_id": 3, "username": "tom.b"} for n in numbers]
    return {"id": 7, "archetype": "regular", "post_stream": {"posts": posts}, **more}


@responses.activate
def test_an_accepted_answer_far_down_the_topic_is_fetched(api: ForumApi) -> None:
    chosen = {"accepted_answer": {"post_number": 57}}
    responses.get(f"{BASE}/t/7.json", json=topic([1, 2, 3], **chosen))
    responses.get(f"{BASE}/t/7/57.json", json=topic([55, 56, 57], **chosen))
    found = api.topic(7)
    assert found is not None
    post = found.post(57)
    assert post is not None
    assert post.id == 157


@responses.activate
def test_an_external_id_may_be_answered_by_a_redirect(api: ForumApi) -> None:
    place = f"{BASE}/t/a-word-with-you/402.json"
    responses.get(f"{BASE}/t/external_id/ln-1.json", status=301, headers={"Location": place})
    assert api.topic_by_external_id("ln-1") == 402


@responses.activate
def test_a_message_made_meanwhile_is_found_after_the_422(api: ForumApi) -> None:
    looked_up = f"{BASE}/t/external_id/ln-1.json"
    responses.get(looked_up, status=404)
    responses.get(looked_up, json={"id": 402})
    responses.post(
        f"{BASE}/posts.json", status=422, json={"errors": ["External has already been taken"]}
    )
    made = api.ensure_message("ln-1", title="A word", raw="Some words here.", recipients=("ana",))
    assert made == 402


@responses.activate
def test_a_text_that_the_forum_does_not_like_is_its_last_word(api: ForumApi) -> None:
    responses.get(f"{BASE}/t/external_id/ln-1.json", status=404)
    responses.post(f"{BASE}/posts.json", status=422, json={"errors": ["Body is too short"]})
    with pytest.raises(ForumRefused, match="too short"):
        api.ensure_message("ln-1", title="A word", raw="x", recipients=("ana",))


@responses.activate
def test_people_are_let_into_a_message_and_out_of_it(api: ForumApi) -> None:
    invited = responses.post(f"{BASE}/t/402/invite.json", json={"user": {"id": 3}})
    removed = responses.put(f"{BASE}/t/402/remove-allowed-user.json", status=404, json={})
    api.invite_to_message(402, "ana")
    api.remove_from_message(402, "ana")  # not in it: as good as removed
    assert invited.call_count == removed.call_count == 1
    responses.post(f"{BASE}/t/403/invite.json", status=404, body=json.dumps({}))
    with pytest.raises(ForumRefused):
        api.invite_to_message(403, "ana")


@responses.activate
def test_holders_come_in_pages(api: ForumApi) -> None:
    first = [{"id": n, "badge_id": 5, "user_id": n} for n in range(96)]
    last = [{"id": 200, "badge_id": 5, "user_id": 200}]
    path = f"{BASE}/user_badges.json"
    for offset, rows in ((0, first), (96, last), (97, [])):
        query = {"badge_id": "5", "offset": str(offset)}
        matcher = responses.matchers.query_param_matcher(query)
        responses.get(path, json={"user_badge_info": {"user_badges": rows}}, match=[matcher])
    assert len(api.badge_holders(5)) == 97
