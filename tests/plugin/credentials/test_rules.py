"""Rules over evidence: pure, the same whenever they are asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.credentials import rules
from plugin.credentials.errors import CredentialError

DAY = datetime(2026, 1, 1, tzinfo=UTC)
LEVEL = rules.RubricLevel(level=2, reviews=2)
HELP = rules.Contributions(kind="accepted_answer", count=2)


def work(day: int = 0, *, submission: str = "s", **changes: object) -> rules.ReviewedWork:
    facts: dict[str, object] = {
        "id": uuid4(),
        "submission": submission,
        "rubric": "r",
        "levels": {"a": 2, "b": 3},
        "reviews": 2,
        "at": DAY + timedelta(days=day),
    }
    return rules.ReviewedWork(**facts | changes)  # type: ignore[arg-type]


def answer(day: int = 0, kind: str = "accepted_answer") -> rules.Contribution:
    return rules.Contribution(id=uuid4(), kind=kind, at=DAY + timedelta(days=day))


def test_the_earliest_work_that_meets_the_rule_is_the_ground() -> None:
    first, second = work(1, submission="x"), work(2, submission="y")

    assert rules.grounds(LEVEL, [second, first]) == rules.Grounds("work:x", (first.id,))


def test_only_the_newest_state_of_a_submission_counts() -> None:
    good, worse = work(1), work(2, levels={"a": 0, "b": 3})

    assert rules.grounds(LEVEL, [worse, good]) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"levels": {"a": 2, "b": 1}},
        {"levels": {}},
        {"reviews": 1},
    ],
)
def test_less_than_the_rule_asks_is_no_ground(changes: dict[str, object]) -> None:
    assert rules.grounds(LEVEL, [work(**changes)]) is None  # type: ignore[arg-type]


def test_a_rule_may_name_its_rubric_and_ask_for_mentors() -> None:
    strict = rules.RubricLevel(level=2, reviews=2, mentor_reviews=1, rubric="r")

    assert rules.grounds(strict, [work()]) is None
    assert rules.grounds(strict, [work(mentor_reviews=1, rubric="q")]) is None
    assert rules.grounds(strict, [work(mentor_reviews=1)]) is not None


def test_contributions_of_another_kind_do_not_count() -> None:
    assert rules.grounds(HELP, [answer(), answer(kind="like"), work()]) is None


def test_an_older_answer_that_arrives_late_gives_no_new_ground() -> None:
    known = [answer(5), answer(6)]
    before = rules.grounds(HELP, known)
    after = rules.grounds(HELP, [*known, answer(1)])

    assert before is not None
    assert after is not None
    assert before.key == after.key


@given(st.permutations([answer(n) for n in range(4)]))
def test_the_order_of_arrival_does_not_matter(evidence: list[rules.Evidence]) -> None:
    assert rules.grounds(HELP, evidence) == rules.grounds(HELP, list(reversed(evidence)))


@given(st.lists(st.integers(0, 9), max_size=8))
def test_more_evidence_never_takes_contributions_away(days: list[int]) -> None:
    evidence: list[rules.Evidence] = [answer(day) for day in days]
    progress = rules.progress(HELP, evidence)

    assert (rules.grounds(HELP, evidence) is not None) == (progress.have == progress.need)


@pytest.mark.parametrize("rule", [LEVEL, HELP, rules.RubricLevel(level=1, reviews=1, rubric="q")])
def test_a_rule_survives_storage(rule: rules.Rule) -> None:
    assert rules.from_json(rules.to_json(rule)) == rule


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"rule": "magic"},
        {"rule": "contributions", "kind": "x"},
        {"rule": "contributions", "kind": "x", "count": 0},
        {"rule": "rubric_level", "level": 1, "reviews": 0},
        {"rule": "rubric_level", "level": 1, "reviews": 1, "moon": "full"},
    ],
)
def test_what_cannot_be_a_rule_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(CredentialError):
        rules.from_json(stored)


def test_grounds_name_evidence_by_id() -> None:
    found = rules.grounds(HELP, [answer(1), answer(2), answer(3)])

    assert found is not None
    assert all(isinstance(one, UUID) for one in found.evidence_ids)
    assert len(found.evidence_ids) == 2
