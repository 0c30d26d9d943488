"""What must hold for every matching, whatever comes in (issue 2, 4.3; architecture section 3)."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugin.mentoring.matching import (
    SLOTS,
    Aim,
    Candidate,
    Factor,
    Problem,
    Unmatched,
    Wish,
    broken,
    certifying,
    check,
    propose,
    reasons,
    restore,
    result,
    score,
    snapshot,
)
from tests.plugin.mentoring.matching.strategies import problems, untimed


@untimed
@given(problems())
def test_no_hard_rule_is_broken_and_no_capacity_exceeded(problem: Problem) -> None:
    mentees = {c.key: c for c in problem.mentees}
    mentors = {c.key: c for c in problem.mentors}
    proposal = propose(problem)
    for pair in proposal.pairs:
        assert broken(mentees[pair.mentee], mentors[pair.mentor], problem) == ()
    load = Counter(pair.mentor for pair in proposal.pairs)
    assert all(count <= mentors[key].places for key, count in load.items())
    matched = {pair.mentee for pair in proposal.pairs}
    assert len(matched) == len(proposal.pairs)
    assert matched | {person.mentee for person in proposal.unmatched} == set(mentees)


@untimed
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(problem: Problem, random: Any) -> None:
    mentees, mentors = list(problem.mentees), list(problem.mentors)
    random.shuffle(mentees)
    random.shuffle(mentors)
    shuffled = replace(problem, mentees=tuple(mentees), mentors=tuple(mentors))
    assert propose(shuffled) == propose(problem)


@untimed
@given(problems())
def test_a_replay_from_the_stored_snapshot_gives_the_same(problem: Problem) -> None:
    stored = json.loads(json.dumps(snapshot(problem)))
    assert propose(restore(stored)) == propose(problem)


@untimed
@given(problems())
def test_the_checker_accepts_every_result(problem: Problem) -> None:
    assert check(snapshot(problem), json.loads(json.dumps(result(propose(problem))))) == ()


@untimed
@given(problems(), st.data())
def test_the_checker_rejects_tampering(problem: Problem, data: st.DataObject) -> None:
    honest = result(propose(problem))
    assume(honest["pairs"])
    tampered = copy.deepcopy(honest)
    index = data.draw(st.integers(0, len(tampered["pairs"]) - 1))
    how = data.draw(
        st.sampled_from(["drop", "score", "repeat", "stranger", "value", "bound", "price", "count"])
    )
    if how == "drop":
        del tampered["pairs"][index]
    elif how == "score":
        tampered["pairs"][index][2] += 1
    elif how == "repeat":
        tampered["pairs"].append(tampered["pairs"][index])
    elif how == "stranger":
        tampered["pairs"][index][0] = "nobody"
    elif how == "price":
        first = problem.mentees[0].key
        tampered["surplus"][first] = tampered["surplus"].get(first, 0) - 1
    else:
        tampered[{"count": "allowed"}.get(how, how)] += 1
    assert check(snapshot(problem), tampered)


@untimed
@given(problems())
def test_the_checker_rejects_a_result_that_is_not_the_best(problem: Problem) -> None:
    """Even one that lies consistently: fewer pairs, and value and bound lowered to match."""
    honest = result(propose(problem))
    assume(honest["pairs"])
    worse = copy.deepcopy(honest)
    _, _, score = worse["pairs"].pop()
    worse["value"] -= score
    worse["bound"] -= score
    assert check(snapshot(problem), worse)


@untimed
@given(problems())
def test_the_checker_rejects_a_changed_input(problem: Problem) -> None:
    changed = snapshot(problem)
    changed["seed"] += 1
    assert check(changed, result(propose(problem)))


@untimed
@given(problems(most_mentees=5, most_mentors=3))
def test_equal_to_trying_everything(problem: Problem) -> None:
    assert propose(problem).certificate.value == _best_by_trying(problem)


@untimed
@given(problems())
def test_few_kept_pairs_prove_the_same(problem: Problem) -> None:
    """Column generation from a single kept pair each ends at the value that all pairs give."""
    ordered = problem.canonical()
    whole = certifying.best(ordered, _quiet)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifying, "MOST", 1)
        patch.setattr(certifying, "ADDED", 1)
        few = certifying.best(ordered, _quiet, every_pair=0)
    assert few.assignment.value == whole.assignment.value == few.assignment.bound
    assert few.kept.allowed.tolist() == whole.kept.allowed.tolist()


@untimed
@given(problems())
def test_advice_is_what_computing_again_says(problem: Problem) -> None:
    """A change that is told brings a mentor; one that does not help is not told."""
    problem = replace(problem, policy=replace(problem.policy, aim=Aim.TOTAL))
    for person in propose(problem).unmatched:
        if person.change_params.get("proven"):
            changed = _follow(problem, person)
            assert person.mentee in {pair.mentee for pair in propose(changed).pairs}


def _follow(problem: Problem, person: Unmatched) -> Problem:
    """The same problem after this person did what was advised (the first of the alternatives)."""
    (mentee,) = [one for one in problem.mentees if one.key == person.mentee]
    params = person.change_params
    if person.change == "add_language":
        mentee = replace(mentee, languages=mentee.languages | {params["languages"][0]})
    elif person.change == "add_skill":
        wish = Wish(params["skills"][0], mentee.stage)
        mentee = replace(mentee, wants=(*mentee.wants, wish))
    else:
        starts = params["slots"] if person.change == "add_two_hours" else params["slots"][:1]
        more = {(start + step) % SLOTS for start in starts for step in range(4)}
        mentee = replace(mentee, slots=mentee.slots | more)
    others = tuple(one for one in problem.mentees if one.key != person.mentee)
    return replace(problem, mentees=(*others, mentee))


def _quiet(step: str, share: float = 0.0) -> None:
    """Nobody watches."""


@untimed
@given(problems())
def test_reasons_add_up_to_the_score(problem: Problem) -> None:
    """Three are told; together they exceed the score only where something untold lowers it."""
    mentees = {c.key: c for c in problem.mentees}
    mentors = {c.key: c for c in problem.mentors}
    for pair in propose(problem).pairs:
        told = reasons(mentees[pair.mentee], mentors[pair.mentor], problem)
        assert told == pair.reasons
        assert pair.score == score(mentees[pair.mentee], mentors[pair.mentor], problem)
        assert 1 <= len(told) <= 3
        if not problem.earlier:
            assert sum(reason.points for reason in told) <= pair.score - 1
        points = [reason.points for reason in told if reason.key in set(Factor)]
        assert points == sorted(points, reverse=True)


def _best_by_trying(problem: Problem) -> int:
    """The best total by recursion over mentees and the places left; scores by the written rule."""
    floor = propose(problem).certificate.floor
    scores = {
        (a.key, b.key): _alone(a, b, problem) for a in problem.mentees for b in problem.mentors
    }
    scores = {pair: score if score >= floor else 0 for pair, score in scores.items()}
    cost = problem.policy.balance if problem.policy.aim is Aim.LOAD else 0
    whole = tuple(mentor.places for mentor in problem.mentors)

    @cache
    def best(index: int, places: tuple[int, ...]) -> int:
        if index == len(problem.mentees):
            return 0
        value = best(index + 1, places)
        for column, mentor in enumerate(problem.mentors):
            score = scores[problem.mentees[index].key, mentor.key]
            if places[column] and score:
                left = (*places[:column], places[column] - 1, *places[column + 1 :])
                further = cost * (whole[column] - places[column])
                value = max(value, score - further + best(index + 1, left))
        return value

    return best(0, whole)


def _alone(mentee: Candidate, mentor: Candidate, problem: Problem) -> int:
    """The score by the written rule of the README, in the plainest words."""
    if broken(mentee, mentor, problem):
        return 0
    policy = problem.policy
    offers = {offer.skill: offer.level for offer in mentor.offers}
    whole = sum(wish.priority for wish in mentee.wants)
    skills = sum(
        wish.priority * policy.usefulness[max(0, offers[wish.skill] - wish.level)] // whole
        for wish in mentee.wants
        if wish.skill in offers
    )
    goals = min(len(mentee.goals & mentor.goals), policy.goals_enough) * 1000 // policy.goals_enough
    common = min(len(mentee.slots & mentor.slots), policy.hours_enough)
    hours = common * 1000 // policy.hours_enough
    ahead = mentor.stage - mentee.stage
    near = policy.nearness[ahead] if ahead >= 0 else 0
    total = 1 + skills * policy.skills + goals * policy.goals + hours * policy.hours
    total += near * policy.near_peer + policy.waiting * min(mentee.waited, 5)
    for weight, asked, given_ in (
        (policy.style, mentee.style, mentor.style),
        (policy.values, mentee.values, mentor.values),
    ):
        if asked and given_:
            far = sum((x - y) ** 2 for x, y in zip(asked, given_, strict=True))
            total += weight * (1000 - 1000 * far // (16 * len(asked)))
    pair = (mentee.key, mentor.key)
    total += policy.keep * (pair in problem.running)
    total -= policy.repeat * sum(n for a, b, n in problem.earlier if (a, b) == pair)
    return max(1, total)
