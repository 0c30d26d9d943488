"""Combined rules, what is missing of them, and the form that makes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.credentials import rule_forms, rules, wording
from plugin.credentials.errors import CredentialError

DAY = datetime(2026, 1, 1, tzinfo=UTC)
WORK = rules.RubricLevel(level=2, reviews=3, mentor_reviews=1, rubric="r")
HELP = rules.Contributions(kind="review_given", count=2)
SAID = rules.Decision(by="mentor")
BASE = rules.Holds(achievement="base")


def work(**changes: object) -> rules.ReviewedWork:
    facts: dict[str, object] = {
        "id": uuid4(),
        "submission": "s",
        "rubric": "r",
        "levels": {"a": 2, "b": 3},
        "reviews": 3,
        "mentor_reviews": 1,
        "at": DAY,
    }
    return rules.ReviewedWork(**facts | changes)  # type: ignore[arg-type]


def given_review(day: int = 0) -> rules.Contribution:
    return rules.Contribution(id=uuid4(), kind="review_given", at=DAY + timedelta(days=day))


def said(by: str = "mentor") -> rules.Decided:
    return rules.Decided(id=uuid4(), achievement="this", by=by, at=DAY)


def held(handle: str = "base") -> rules.Earned:
    return rules.Earned(id=uuid4(), achievement=handle, at=DAY)


def test_all_of_needs_every_part_and_rests_on_the_evidence_of_each() -> None:
    rule = rules.AllOf(parts=(WORK, SAID, BASE))
    evidence: list[rules.Evidence] = [work(), said(), held()]

    found = rules.grounds(rule, evidence)

    assert found is not None
    assert set(found.evidence_ids) == {item.id for item in evidence}
    for missing in evidence:
        assert rules.grounds(rule, [item for item in evidence if item is not missing]) is None


def test_any_of_takes_the_first_way_that_is_met() -> None:
    rule = rules.AnyOf(parts=(WORK, HELP))
    first, second = given_review(1), given_review(2)

    assert rules.grounds(rule, [second, first]) == rules.Grounds(
        "review_given:2", (first.id, second.id)
    )
    whole = work()
    assert rules.grounds(rule, [second, first, whole]) == rules.Grounds("work:s", (whole.id,))


def test_reviews_alone_can_be_asked_for_with_mentors_among_them() -> None:
    rule = rules.RubricLevel(level=0, reviews=2, mentor_reviews=2)

    assert rules.grounds(rule, [work(levels={"a": 0}, reviews=2, mentor_reviews=1)]) is None
    assert rules.grounds(rule, [work(levels={"a": 0}, reviews=2, mentor_reviews=2)]) is not None


def test_staff_may_say_what_a_mentor_may_say_and_not_the_other_way_round() -> None:
    assert rules.grounds(SAID, [said("staff")]) is not None
    assert rules.grounds(rules.Decision(by="staff"), [said("mentor")]) is None


def test_the_gap_names_rows_reviews_and_mentors() -> None:
    (gap,) = rules.gaps(WORK, [work(levels={"a": 1, "b": 3}, reviews=2, mentor_reviews=0)])

    words = wording.gap(gap, rows={"a": "Purpose: clear to somebody else"})
    assert not gap.closed
    assert gap.rows == {"a": 1}
    assert "Purpose: clear to somebody else" in words
    assert "waits for 1 more review" in words
    assert "has to be a mentor’s" in words


def test_of_alternatives_the_nearest_gap_is_shown() -> None:
    rule = rules.AnyOf(parts=(rules.Contributions(kind="mentored_pair", count=5), HELP))

    (gap,) = rules.gaps(rule, [given_review()])

    assert gap.rule == HELP
    assert wording.gap(gap) == "1 more: Reviews written for others."


@given(
    st.lists(st.sampled_from(["work", "review", "said", "held"]), max_size=6),
    st.sampled_from([rules.AllOf, rules.AnyOf]),
)
def test_nothing_is_missing_exactly_when_there_are_grounds(
    kinds: list[str], group: type[rules.AllOf | rules.AnyOf]
) -> None:
    rule = group(parts=(WORK, HELP, SAID, BASE))
    make = {"work": work, "review": given_review, "said": said, "held": held}
    evidence: list[rules.Evidence] = [make[kind]() for kind in kinds]  # type: ignore[operator]

    met = all(gap.closed for gap in rules.gaps(rule, evidence))

    assert met == (rules.grounds(rule, evidence) is not None)


@pytest.mark.parametrize(
    "rule",
    [SAID, BASE, rules.AllOf(parts=(WORK, HELP)), rules.AnyOf(parts=(SAID, BASE, WORK))],
)
def test_a_rule_survives_storage_and_the_form(rule: rules.Rule) -> None:
    assert rules.from_json(rules.to_json(rule)) == rule
    back = rule_forms.rule_of(rule_forms.values_of(rule))
    assert back is not None
    assert set(rules.conditions(back)) == set(rules.conditions(rule))
    assert isinstance(back, rules.AnyOf) == isinstance(rule, rules.AnyOf)


@pytest.mark.parametrize(
    "stored",
    [
        {"rule": "all_of", "parts": []},
        {"rule": "all_of", "parts": "x"},
        {"rule": "any_of", "parts": [{"rule": "decision"}] * 13},
        {"rule": "decision", "by": "moon"},
        {"rule": "rubric_level", "level": 1, "reviews": 1, "mentor_reviews": 2},
        {
            "rule": "all_of",
            "parts": [
                {"rule": "all_of", "parts": [{"rule": "all_of", "parts": [{"rule": "decision"}]}]}
            ],
        },
    ],
)
def test_what_can_never_be_met_or_is_too_deep_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(CredentialError):
        rules.from_json(stored)


def test_criteria_say_every_condition() -> None:
    names = wording.Names({"base": "Basics"}, {("r", 2): ("Clear work", ["Purpose: “met”"])})
    words = wording.criteria(rules.AllOf(parts=(WORK, HELP, SAID, BASE)), names)

    for part in ("3 people", "1 of them is a mentor", "Purpose: “met”", "2 reviews", "“Basics”"):
        assert part in words
    assert "One of these is enough" in wording.criteria(rules.AnyOf(parts=(SAID, BASE)), names)
