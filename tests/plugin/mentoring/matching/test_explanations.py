"""Why somebody was left over: the named cause is the one that stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.mentoring.matching import Candidate, Offer, Policy, Problem, Wish, propose
from tests.plugin.mentoring.matching.instances import instance

EVENING = frozenset({36, 37, 38, 39})
LEARNER = Candidate(
    key="learner", languages=frozenset({"en"}), slots=EVENING, wants=(Wish("sql"),), stage=1
)
MENTOR = Candidate(
    key="mentor", languages=frozenset({"en"}), slots=EVENING, offers=(Offer("sql"),), stage=2
)


def left_over(problem: Problem) -> tuple[str, str, dict[str, object]]:
    (person,) = propose(problem).unmatched
    return person.cause, person.change, person.change_params


def test_a_pair_that_fits_is_told_why() -> None:
    (pair,) = propose(Problem((LEARNER,), (MENTOR,))).pairs
    assert [reason.key for reason in pair.reasons] == ["skills", "near_peer", "hours"]
    assert pair.reasons[0].params == {"skills": ["sql"], "wanted": 1}
    assert pair.reasons[2].params == {"minutes": 120, "slots": [36]}


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem((LEARNER,), ()), ("no_mentor", "more_mentors", {"places": 1})),
        (
            Problem((LEARNER,), (replace(MENTOR, places=0),)),
            ("no_mentor", "more_mentors", {"places": 1}),
        ),
        (
            Problem((LEARNER,), (replace(MENTOR, languages=frozenset({"fr", "de"})),)),
            ("no_language", "add_language", {"languages": ["de", "fr"], "proven": True}),
        ),
        (
            Problem((LEARNER,), (replace(MENTOR, slots=frozenset({10, 11})),)),
            ("no_hours", "add_hours", {"slots": [10], "proven": True}),
        ),
        (
            Problem(
                (LEARNER,),
                (replace(MENTOR, offers=(Offer("chess"),)),),
                Policy(require_skill=True),
            ),
            ("no_skill", "add_skill", {"skills": ["chess"], "proven": True}),
        ),
        (
            Problem((LEARNER,), (MENTOR,), apart=frozenset({("learner", "mentor")})),
            ("kept_apart", "more_mentors", {"places": 1}),
        ),
    ],
)
def test_the_cause_and_the_remedy(
    problem: Problem, expected: tuple[str, str, dict[str, object]]
) -> None:
    assert left_over(problem) == expected


def test_when_only_places_are_missing() -> None:
    second = replace(LEARNER, key="second")
    assert left_over(Problem((LEARNER, second), (MENTOR,))) == (
        "no_capacity",
        "more_places",
        {"mentors": 1},
    )


def test_equally_good_matchings_spread_the_load() -> None:
    """Three mentors with three places each and three like learners: everybody gets one."""
    learners = tuple(replace(LEARNER, key=f"learner-{n}") for n in range(3))
    mentors = tuple(replace(MENTOR, key=f"mentor-{n}", places=3) for n in range(3))
    for seed in range(5):
        pairs = propose(Problem(learners, mentors, seed=seed)).pairs
        assert len({pair.mentor for pair in pairs}) == 3


def test_the_load_never_outweighs_a_better_pair() -> None:
    """One better mentor for all is still better than spreading them."""
    learners = tuple(replace(LEARNER, key=f"learner-{n}") for n in range(3))
    best = replace(MENTOR, key="best", places=3)
    other = replace(MENTOR, key="other", places=3, stage=0)
    pairs = propose(Problem(learners, (best, other))).pairs
    assert {pair.mentor for pair in pairs} == {"best"}


def test_the_seed_decides_between_equals() -> None:
    """Nobody is favoured by name: over some seeds each of two equal learners gets the one place."""
    second = replace(LEARNER, key="second")
    winners = {
        propose(Problem((LEARNER, second), (MENTOR,), seed=seed)).pairs[0].mentee
        for seed in range(12)
    }
    assert winners == {"learner", "second"}


def test_a_believable_instance_is_proven() -> None:
    proposal = propose(instance(120, 30))
    assert proposal.certificate.value == proposal.certificate.bound > 0
    assert proposal.certificate.compared == 3600


@pytest.mark.parametrize(
    "change",
    [
        {"wants": (Wish("sql"), Wish("sql", 2))},
        {"offers": (Offer("sql"), Offer("sql", 2))},
        {"stage": 9},
        {"slots": frozenset({400})},
        {"places": -1},
    ],
)
def test_a_candidate_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="learner"):
        replace(LEARNER, **change)  # type: ignore[arg-type]


def test_a_key_occurs_once_on_a_side() -> None:
    with pytest.raises(ValueError, match="twice"):
        Problem((LEARNER, LEARNER), (MENTOR,))
