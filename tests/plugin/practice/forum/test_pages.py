"""A person's way through the pages: log in, ask, answer, like, accept, message, profile."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from plugin.practice.forum import events, seed
from plugin.practice.forum.forum import Forum
from tests.plugin.practice.forum.conftest import ANSWER, Receiver, Town

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def send(browser: FlaskClient, page: str, action: str, **data: str) -> TestResponse:
    """Posts a form as the page shows it."""
    match = _TOKEN.search(browser.get(page).text)
    assert match is not None
    return browser.post(action, data={"token": match[1], **data})


def log_in(browser: FlaskClient, username: str) -> TestResponse:
    return send(browser, "/login", "/login", username=username)


def test_a_question_is_asked_answered_liked_and_accepted(
    browser: FlaskClient, forum: Forum, receiver: Receiver, town: Town
) -> None:
    events.add_webhook(forum, receiver.url, "a-secret-of-enough-length", wildcard=True)
    log_in(browser, "mira_k")
    asked = send(
        browser,
        "/new-topic",
        "/new-topic",
        title="Which index helps with a join?",
        raw="My query joins three tables and takes long.",
        category=str(town.category),
        tags="sql, joins",
    )
    assert asked.status_code == 303
    topic = browser.get(asked.location).text
    assert "Which index helps with a join?" in topic
    assert "joins" in topic
    log_in(browser, "tom.b")
    topic_id = town.topic + 1
    replied = send(browser, f"/t/{topic_id}", f"/t/{topic_id}/reply", raw=ANSWER)
    assert replied.status_code == 303
    answer = int(forum_last_post(forum))
    log_in(browser, "mira_k")
    send(browser, f"/t/{topic_id}", f"/p/{answer}/like")
    send(browser, f"/t/{topic_id}", f"/p/{answer}/accept")
    assert "Accepted answer" in browser.get(f"/t/{topic_id}").text
    forum.sender.run_due()
    wanted = ["topic_created", "post_created", "post_created", "post_liked", "accepted_solution"]
    assert [event for event in receiver.events() if not event.startswith("user_")] == wanted
    log_in(browser, "tom.b")
    notices = browser.get("/u/tom.b/notifications").text
    assert "Accepted answer" in notices
    assert "Like" in notices


def forum_last_post(forum: Forum) -> int:
    with forum.store.reading() as db:
        return int(db.execute("SELECT max(id) FROM post").fetchone()[0])


def test_a_message_is_seen_by_its_people_only(browser: FlaskClient, forum: Forum) -> None:
    log_in(browser, "mira_k")
    sent = send(
        browser, "/new-message", "/new-message", recipients="tom.b", title="Hi", raw="Hello there."
    )
    assert "Hello there." in browser.get(sent.location).text
    assert "Hi" in browser.get("/u/mira_k/messages").text
    assert browser.get("/u/tom.b/messages").status_code == 403
    seed.add_user(forum, "else", "Somebody Else", "else@example.edu")
    log_in(browser, "else")
    assert browser.get(sent.location).status_code == 404
    assert "Hello there." not in browser.get("/").text


def test_edit_delete_and_close(browser: FlaskClient, town: Town) -> None:
    log_in(browser, "tom.b")
    page = f"/p/{town.answer}/edit"
    assert send(browser, page, page, raw="Now with a unique index.").status_code == 303
    assert "Now with a unique index." in browser.get(f"/t/{town.topic}").text
    assert send(browser, "/", "/p/1/edit", raw="Not mine to edit at all.").status_code == 403
    send(browser, "/", f"/p/{town.answer}/delete")
    assert "(post deleted by author)" in browser.get(f"/t/{town.topic}").text
    log_in(browser, "lantern")
    send(browser, "/", f"/t/{town.topic}/close", closed="1")
    log_in(browser, "mira_k")
    late = send(browser, "/", f"/t/{town.topic}/reply", raw="Too late for this reply.")
    assert late.status_code == 403


def test_mistakes_are_told_in_words(browser: FlaskClient) -> None:
    log_in(browser, "mira_k")
    short = send(browser, "/new-topic", "/new-topic", title="Short", raw="x")
    assert short.status_code == 422
    assert "Title is too short" in short.text


def test_a_form_without_its_token_is_refused(browser: FlaskClient) -> None:
    log_in(browser, "mira_k")
    assert browser.post("/new-topic", data={"title": "x", "raw": "y"}).status_code == 403


def test_badges_show_on_the_profile(browser: FlaskClient, forum: Forum, town: Town) -> None:
    badge = seed.add_badge(forum, "Good helper", description="Answers with care")
    seed.grant(forum, "tom.b", badge, post_id=town.answer)
    profile = browser.get("/u/tom.b").text
    assert "Good helper" in profile
    assert f"/p/{town.answer}" in profile
    assert "Tom Bauer" in browser.get(f"/badges/{badge}").text


def test_text_of_people_is_escaped(browser: FlaskClient, forum: Forum, town: Town) -> None:
    raw = '<script>alert(1)</script> [x](https://a.b/"onx=) https://a.b/"onx='
    seed.reply(forum, "tom.b", town.topic, raw)
    page = browser.get(f"/t/{town.topic}").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert re.search(r"<[^>]*onx", page) is None


@pytest.mark.parametrize(
    "path",
    ["/", "/u", "/badges", "/practice", "/practice/webhooks", "/practice/faults", "/practice/log"],
)
def test_pages_answer_for_everybody(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 200


def test_the_practice_pages_switch_things(
    browser: FlaskClient, forum: Forum, receiver: Receiver
) -> None:
    secret = "a-secret-of-enough-length"
    hooks = "/practice/webhooks"
    send(browser, hooks, hooks, payload_url=receiver.url, secret=secret, events="like")
    send(browser, hooks, f"{hooks}/1/ping")
    forum.sender.run_due()
    assert receiver.events() == ["ping"]
    page = browser.get(f"{hooks}/1").text
    [first] = receiver.received
    send(browser, f"{hooks}/1", f"{hooks}/1/events/{first.id}/redeliver")
    assert "Redeliver" in page
    assert [one.id for one in receiver.received] == [first.id] * 2
    send(browser, hooks, f"{hooks}/retries", on="1")
    assert forum.settings.get("retry_web_hook_events") is True
    faults = "/practice/faults"
    send(browser, faults, faults, kind="422", path="/posts*", times="0", method="POST")
    [rule] = forum.faults.rules()
    assert (rule.kind, rule.times) == ("422", None)
    send(browser, faults, f"{faults}/clear")
    send(browser, faults, f"{faults}/webhooks", seed="3", shuffle="on", lose="0.5")
    assert (forum.webhook_faults.shuffle, forum.webhook_faults.lose) == (True, 0.5)
    send(browser, "/practice", "/practice/keys", username="lantern")
    send(browser, "/practice", "/practice/connect", host="localhost:1", secret="long-enough-secret")
    overview = browser.get("/practice").text
    assert "lantern" in overview
    assert "localhost:1" in overview
