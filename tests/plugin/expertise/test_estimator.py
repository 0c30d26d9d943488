"""The estimator: what it must never get wrong, checked on hand-made records."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.expertise.estimator import (
    Outcome,
    choose_half_life,
    estimates,
    half_life_of,
    value_of,
)
from plugin.expertise.wording import in_words
from plugin.kernel.i18n import use_locale

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def answers(who: str, tag: str, good: int, bad: int = 0, *, days_ago: float = 10) -> list[Outcome]:
    at = NOW - timedelta(days=days_ago)
    return [Outcome(who, (tag,), at, 1.0, accepted=True)] * good + [
        Outcome(who, (tag,), at, 0.1)
    ] * bad


def lower(found: dict[object, object], who: str) -> float:
    each = found[who]
    assert isinstance(each, tuple)
    return float(each[0].lower)


def test_forty_good_answers_beat_one_lucky_one() -> None:
    record = answers("often", "sql", 36, 4) + answers("once", "sql", 1)
    found = estimates(record, now=NOW)
    assert lower(found, "often") > lower(found, "once")
    assert found["once"][0].mean < 0.97
    assert found["once"][0].deviation > found["often"][0].deviation


def test_what_was_long_ago_counts_less() -> None:
    record = (
        answers("lately", "sql", 8, 2, days_ago=5)
        + answers("lately", "sql", 2, 8, days_ago=700)
        + answers("once good", "sql", 2, 8, days_ago=5)
        + answers("once good", "sql", 8, 2, days_ago=700)
    )
    found = estimates(record, now=NOW, half_life=timedelta(days=120))
    assert lower(found, "lately") > lower(found, "once good")


def test_somebody_good_elsewhere_begins_above_the_mean_of_the_tag() -> None:
    record = (
        answers("broad", "python", 30)
        + answers("plain", "python", 15, 15)
        + answers("broad", "sql", 1)
        + answers("plain", "sql", 1)
    )
    found = estimates(record, now=NOW)
    by_tag = {who: {one.tag: one.mean for one in each} for who, each in found.items()}
    assert by_tag["broad"]["sql"] > by_tag["plain"]["sql"]


def test_a_popular_thread_does_not_make_an_answer_good() -> None:
    popular = value_of(accepted=False, likes=10, thread_likes=100, answers=4)
    modest = value_of(accepted=False, likes=2, thread_likes=4, answers=2)
    assert popular < modest < value_of(accepted=True, likes=0, thread_likes=9, answers=3)


@given(
    st.lists(
        st.builds(
            Outcome,
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from([("x",), ("y",), ("x", "y"), ()]),
            st.integers(0, 900).map(lambda days: NOW - timedelta(days=days)),
            st.floats(0, 1),
        ),
        max_size=30,
    )
)
def test_estimates_are_probabilities_and_order_does_not_matter(record: list[Outcome]) -> None:
    found = estimates(record, now=NOW, half_life=timedelta(days=90))
    for each in found.values():
        for one in each:
            assert 0 < one.mean < 1
            assert 0 < one.deviation < 0.5
    again = estimates(record[::-1], now=NOW, half_life=timedelta(days=90))
    assert {who: [one.tag for one in each] for who, each in found.items()} == {
        who: [one.tag for one in each] for who, each in again.items()
    }
    for who, each in found.items():
        assert [one.mean for one in each] == pytest.approx([one.mean for one in again[who]])


def test_the_half_life_that_foretells_best_is_taken() -> None:
    """Somebody turned from bad to good half-way: a short memory is right."""
    record = [
        Outcome("a", ("x",), NOW - timedelta(days=1000 - day), float(day > 500))
        for day in range(1000)
    ]
    assert choose_half_life(record) < half_life_of(record)
    assert choose_half_life(record[:10]) == half_life_of(record[:10])


def test_the_words_are_plain_and_in_the_readers_language() -> None:
    record = answers("tom", "SQL", 6, 5, days_ago=21)
    [one] = estimates(record, now=NOW)["tom"]
    assert in_words(one, NOW) == "11 answers on SQL, 6 accepted, last 3 weeks ago"
    with use_locale("de"):
        assert in_words(one, NOW).startswith("11 Antworten zu SQL, 6 angenommen, zuletzt")
