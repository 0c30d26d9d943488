"""POST /posts.json and reading back: rules of length, external ids, the memo, messages, lists."""

from plugin.practice.forum import auth, proof, request_log, seed
from plugin.practice.forum.forum import Forum
from tests.plugin.practice.forum.conftest import ASK, Api, Time, Town

TITLE = "Welcome to the mentoring programme"
RAW = "Here is what the first week looks like for everybody."


def test_a_topic_with_category_tags_and_external_id(api: Api, town: Town) -> None:
    created = api.post(
        "/posts.json",
        json={
            "title": TITLE,
            "raw": RAW,
            "category": town.category,
            "tags": ["sql"],
            "external_id": "Lantern-1",
        },
    )
    assert created.status_code == 200
    post = created.get_json()
    found = api.get("/t/external_id/lantern-1.json").get_json()
    assert found["id"] == post["topic_id"]
    assert found["external_id"] == "Lantern-1"
    assert [tag["name"] for tag in found["tags"]] == ["sql"]
    assert api.get(f"/posts/{post['id']}.json").get_json()["raw"] == RAW
    again = api.post(
        "/posts.json", json={"title": TITLE + "!", "raw": RAW, "external_id": "lantern-1"}
    )
    assert again.status_code == 422
    assert again.get_json() == {
        "action": "create_post",
        "errors": ["External ID has already been taken"],
    }


def _errors(api: Api, **params: str) -> list[str]:
    answer = api.post("/posts.json", data={"title": TITLE, "raw": RAW, **params})
    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert isinstance(errors, list)
    return errors


def test_lengths_and_entropy(api: Api) -> None:
    assert "Title is too short" in _errors(api, title="Short one")[0]
    assert "Title is too long" in _errors(api, title="Long title " * 30)[0]
    assert "Body is too short" in _errors(api, raw="Too short.")[0]
    assert "Body is limited" in _errors(api, raw="Some words. " * 3000)[0]
    assert "Body seems unclear" in _errors(api, raw="aaaaaaaaaaaaaaaaaaaaaaaaa")[0]
    assert "Title seems unclear" in _errors(api, title="aaaaaaaaaaaaaaaaaaaaaa")[0]
    assert "External ID is invalid" in _errors(api, external_id="https://x/1")[0]


def test_a_title_is_used_once(api: Api) -> None:
    assert _errors(api, title=ASK.upper()) == ["Title has already been used"]


def test_identical_calls_within_120_seconds_get_the_first_answer(
    api: Api, forum: Forum, town: Town, time: Time
) -> None:
    call = {"raw": "An answer that is said once.", "topic_id": town.topic}
    first = api.post("/posts.json", data=call).get_json()
    time.pass_by(seconds=119)
    second = api.post("/posts.json", data=call).get_json()
    assert second == first
    time.pass_by(seconds=2)
    third = api.post("/posts.json", data=call).get_json()
    assert third["id"] != first["id"]
    effects = [call.effect for call in request_log.writes(forum, "/posts%")]
    assert effects == [f"post:{first['id']}", "memo", f"post:{third['id']}"]


def test_a_message_reaches_users_and_groups(api: Api, forum: Forum, town: Town) -> None:
    seed.add_group(forum, "mentors", ["tom.b"])
    sent = api.post(
        "/posts.json",
        json={
            "title": "Hi",
            "raw": "You are a pair now.",
            "archetype": "private_message",
            "target_recipients": "mira_k,mentors",
            "external_id": "pair-1",
        },
    ).get_json()
    topic = api.get(f"/t/{sent['topic_id']}.json").get_json()
    assert topic["archetype"] == "private_message"
    assert topic["category_id"] is None
    assert {user["username"] for user in topic["details"]["allowed_users"]} == {
        "mira_k",
        "lantern",
    }
    as_tom = api.get(f"/t/{sent['topic_id']}.json", headers={"Api-Username": "tom.b"})
    assert as_tom.status_code == 200
    seed.add_user(forum, "else", "Somebody Else", "else@example.edu")
    other = api.get(f"/t/{sent['topic_id']}.json", headers={"Api-Username": "else"})
    assert other.status_code == 403
    anonymous = api.client.get(f"/t/{sent['topic_id']}.json")
    assert anonymous.status_code == 403
    [message] = proof.messages(forum, "mira_k")
    assert message.external_id == "pair-1"
    assert message.author == "lantern"
    listed = api.get("/topics/private-messages-sent/lantern.json").get_json()
    assert [one["id"] for one in listed["topic_list"]["topics"]] == [sent["topic_id"]]


def test_an_unknown_recipient_is_refused(api: Api) -> None:
    errors = _errors(api, archetype="private_message", target_recipients="nobody")
    assert errors == ["You must select a valid user."]


def test_lists_for_reconciliation(api: Api, forum: Forum, town: Town) -> None:
    seed.add_message(forum, "lantern", ["tom.b"], "Hello", "You are a pair now.")
    posts = api.get("/posts.json").get_json()["latest_posts"]
    assert [post["id"] for post in posts] == [town.answer, town.answer - 1]
    older = api.get(f"/posts.json?before={town.answer - 1}").get_json()["latest_posts"]
    assert [post["post_number"] for post in older] == [1]
    [topic] = api.get("/latest.json").get_json()["topic_list"]["topics"]
    assert topic["id"] == town.topic
    assert topic["has_accepted_answer"] is False
    of_category = api.get(f"/c/help/databases/{town.category}.json").get_json()
    assert [one["id"] for one in of_category["topic_list"]["topics"]] == [town.topic]


def test_an_accepted_answer_shows_in_the_topic(api: Api, forum: Forum, town: Town) -> None:
    answer = api.post("/solution/accept.json", data={"id": town.answer})
    assert answer.status_code == 200
    topic = api.get(f"/t/{town.topic}.json").get_json()
    assert topic["accepted_answer"]["username"] == "tom.b"
    assert topic["post_stream"]["posts"][1]["accepted_answer"] is True


def test_editing_and_deleting(api: Api, town: Town) -> None:
    edited = api(
        "PUT", f"/posts/{town.answer}.json", json={"post": {"raw": "Now with a unique index."}}
    )
    assert edited.get_json()["post"]["version"] == 2
    assert api("DELETE", f"/posts/{town.answer}.json").status_code == 200
    as_tom = {"Api-Username": "tom.b"}
    assert api.get(f"/posts/{town.answer}.json", headers=as_tom).status_code == 404


def test_keys_users_and_scopes(api: Api, forum: Forum) -> None:
    wrong = api.get("/latest.json", headers={"Api-Key": "wrong"})
    assert wrong.status_code == 403
    assert wrong.get_json()["error_type"] == "invalid_access"
    assert api.get("/latest.json", headers={"Api-Username": "nobody"}).status_code == 403
    bound = auth.add_api_key(forum, username="lantern", scopes=["badges:list"])
    assert api.get("/admin/badges.json", headers={"Api-Key": bound}).status_code == 200
    assert api.post("/posts.json", headers={"Api-Key": bound}).status_code == 403
    as_other = {"Api-Key": bound, "Api-Username": "tom.b"}
    assert api.get("/admin/badges.json", headers=as_other).status_code == 403
    assert api.client.post("/posts.json").status_code == 403


def test_a_user_by_id_and_by_external_id(api: Api, forum: Forum, town: Town) -> None:
    seed.link_external(forum, "lantern", "our-uuid")
    for name, value in (("Api-User-Id", str(town.bot)), ("Api-User-External-Id", "our-uuid")):
        headers = {"Api-Key": api.headers["Api-Key"], name: value}
        me = api.client.get("/session/current.json", headers=headers).get_json()
        assert me["current_user"]["username"] == "lantern"
