"""The client against the practice forum: one limiter, what answers mean, calls that may repeat."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discourse_hooks.client import ForumApi, ForumRefused, budget, lengths, results
from discourse_hooks.client.transport import Transport
from discourse_hooks.connections import Forum
from discourse_hooks.models import CallBudget
from plugin.kernel.dispatch import Later
from plugin.kernel.http import HttpClient
from plugin.kernel.services import Services
from plugin.practice.forum import proof, request_log, seed
from tests.discourse_hooks.conftest import Practice
from tests.support.clock import FixedClock


@pytest.fixture
def api(practice: Practice) -> ForumApi:
    return ForumApi(Transport(practice.services, practice.connection))


def test_a_minute_never_sees_more_than_the_share(
    services: Services, forum: Forum, clock: FixedClock
) -> None:
    taken = []
    for second in range(240):
        for _try in range(5):
            if budget.take(services.units, forum.id, per_minute=40, waited_for=True) is None:
                taken.append(second)
        clock.advance(seconds=1)
    busiest = max(sum(1 for t in taken if start <= t < start + 60) for start in range(180))
    assert busiest <= 40 + budget.BURST_WAITED_FOR < 60
    assert len(taken) >= 40 * 4


def test_background_reading_leaves_room_for_what_a_person_waits_for(
    services: Services, forum: Forum
) -> None:
    while budget.take(services.units, forum.id, per_minute=40, waited_for=False) is None:
        pass
    for _call in range(budget.BURST_WAITED_FOR - budget.BURST_BACKGROUND):
        assert budget.take(services.units, forum.id, per_minute=40, waited_for=True) is None
    wait = budget.take(services.units, forum.id, per_minute=40, waited_for=True)
    assert wait is not None
    assert timedelta() < wait < timedelta(seconds=5)


def test_processes_share_the_budget(services: Services, forum: Forum) -> None:
    """The clock stands still, so all of them together get one burst."""
    got: list[bool] = []

    def worker() -> None:
        for _try in range(10):
            wait = budget.take(services.units, forum.id, per_minute=40, waited_for=True)
            got.append(wait is None)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == budget.BURST_WAITED_FOR


def test_retry_after_closes_the_forum_for_everybody(
    practice: Practice, api: ForumApi, clock: FixedClock
) -> None:
    practice.forum.faults.add("429-json", path="/about.json", times=1)
    with pytest.raises(Later) as first:
        api.site_title()
    before = len(request_log.calls(practice.forum))
    with pytest.raises(Later):
        api.site_title()
    assert len(request_log.calls(practice.forum)) == before  # not even asked
    clock.advance(seconds=first.value.after.total_seconds() + 1)
    assert api.site_title() == "Data Forum"


@pytest.mark.parametrize("kind", ["429-html", "429-text", "429-json", "5xx", "drop"])
def test_limits_faults_and_silence_mean_later(practice: Practice, api: ForumApi, kind: str) -> None:
    practice.forum.faults.add(kind, path="/about.json", times=1)
    with pytest.raises(Later) as later:
        api.site_title()
    assert timedelta() < later.value.after <= timedelta(minutes=20)


def test_a_private_address_is_refused_and_not_called(practice: Practice) -> None:
    closed = replace(practice.services, http=HttpClient(allow_loopback=False))
    with pytest.raises(ForumRefused) as refused:
        ForumApi(Transport(closed, practice.connection)).site_title()
    assert "private" in refused.value.reason
    assert request_log.calls(practice.forum) == []


def test_a_wrong_key_is_for_the_operator(practice: Practice) -> None:
    wrong = replace(practice.connection, api_key="nonsense")
    with pytest.raises(ForumRefused) as refused:
        ForumApi(Transport(practice.services, wrong)).site_title()
    assert refused.value.status == 403
    assert "scopes" in refused.value.for_operator()
    assert "nonsense" not in repr(wrong) + str(refused.value)


def test_being_a_member_already_is_a_success(practice: Practice, api: ForumApi) -> None:
    group = api.ensure_group("mentors", "Mentors")
    assert api.ensure_group("mentors", "Mentors") == group
    api.add_member(group.id, "tom.b")
    api.add_member(group.id, "tom.b")
    api.remove_member(group.id, "tom.b")
    api.remove_member(group.id, "tom.b")


def test_the_same_message_twice_is_one(practice: Practice, api: ForumApi) -> None:
    words = {"title": "A word with you", "raw": "This is what it is about, in short."}
    first = api.ensure_message("ln-message-1", **words, recipients=("tom.b",))
    assert api.ensure_message("ln-message-1", **words, recipients=("tom.b",)) == first
    assert len(proof.messages(practice.forum)) == 1


def test_a_message_that_a_moderator_holds_is_told(practice: Practice, api: ForumApi) -> None:
    practice.forum.faults.add("enqueued", path="/posts.json", times=1)
    with pytest.raises(ForumRefused) as refused:
        api.ensure_message("ln-m-2", title="A word", raw="Some words here.", recipients=("ana",))
    assert "moderator" in refused.value.reason


def test_too_long_a_text_is_cut_visibly(practice: Practice, api: ForumApi) -> None:
    raw = "The quick brown fox jumps over the lazy dog. " * 2_000
    title = "Why the quick brown fox jumps over the lazy dog " * 20
    api.ensure_message("ln-message-3", title=title, raw=raw, recipients=("tom.b",))
    [message] = proof.messages(practice.forum)
    assert len(message.title) <= lengths.LONGEST_TITLE
    assert message.raw.endswith("…")
    assert len(message.raw) <= lengths.LONGEST_RAW


@given(text=st.text(max_size=400), limit=st.integers(5, 100))
def test_cut_keeps_to_the_limit(text: str, limit: int) -> None:
    assert len(lengths.cut(text, limit)) <= limit


def test_a_renamed_user_is_found_by_id(practice: Practice, api: ForumApi) -> None:
    tom = str(seed.user_id(practice.forum, "tom.b"))
    assert api.username(tom, "tom.b") == "tom.b"
    assert api.username(tom, "an-old-name") == "tom.b"
    assert api.username(tom, "ana") == "tom.b"  # somebody else has the old name now
    assert api.username("99999", "nobody") is None


def test_accepted_answers_are_read_in_all_three_shapes() -> None:
    post = {"id": 9, "post_number": 2, "user_id": 3, "username": "tom.b"}
    base = {"id": 7, "archetype": "regular", "post_stream": {"posts": [post]}}
    for shape in (
        {"accepted_answer": {"post_number": 2}},
        {"accepted_answers": [{"post_number": 2}, {"post_number": 31}]},
        {"post_stream": {"posts": [{**post, "accepted_answer": True}]}},
    ):
        assert 2 in results.topic_from({**base, **shape}).accepted_numbers
    assert results.topic_from(base).accepted_numbers == frozenset()


def test_the_budget_row_is_one(services: Services, forum: Forum) -> None:
    for _call in range(3):
        budget.take(services.units, forum.id, per_minute=40, waited_for=True)
    with services.units.system_reading() as uow:
        assert uow.session.get(CallBudget, forum.id) is not None
