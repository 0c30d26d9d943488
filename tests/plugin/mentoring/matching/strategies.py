"""Hypothesis strategies: small problems with many ties, many broken rules and few skills."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from plugin.mentoring.matching import Aim, Candidate, Offer, Policy, Problem, Wish

untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""No test here is about time, and machines are busy."""

skill = st.sampled_from(["sql", "python", "writing", "statistics"])
level = st.integers(0, 4)
languages = st.frozensets(st.sampled_from(["en", "de", "fr"]), min_size=1, max_size=2)
slots = st.frozensets(st.integers(0, 7), max_size=5)
goals = st.frozensets(st.sampled_from(["exam", "project", "work"]), max_size=3)
policies = st.builds(
    Policy,
    minimum_common_slots=st.integers(1, 2),
    require_skill=st.booleans(),
    skills=st.integers(0, 60),
    goals=st.integers(0, 30),
    hours=st.integers(0, 30),
    near_peer=st.integers(0, 30),
    style=st.integers(0, 10),
    values=st.integers(0, 10),
    keep=st.integers(0, 5000),
    repeat=st.integers(0, 50_000),
    waiting=st.integers(0, 3000),
    aim=st.sampled_from([Aim.TOTAL, Aim.TOTAL, Aim.FLOOR, Aim.LOAD]),
    balance=st.sampled_from([0, 1, 500, 20_000]),
)
teams = st.frozensets(st.sampled_from(["red", "blue"]), max_size=1)
sections = st.frozensets(st.sampled_from(["A", "B"]), max_size=2)


def answers(questions: int) -> st.SearchStrategy[tuple[int, ...]]:
    """A questionnaire filled in, or not."""
    return st.just(()) | st.tuples(*[level] * questions)


@st.composite
def candidates(draw: st.DrawFn, prefix: str, most: int) -> tuple[Candidate, ...]:
    people = []
    for number in range(draw(st.integers(0, most))):
        wants = draw(st.dictionaries(skill, st.tuples(level, st.integers(1, 3)), max_size=3))
        offers = draw(st.dictionaries(skill, level, max_size=3))
        people.append(
            Candidate(
                key=f"{prefix}{number}",
                languages=draw(languages),
                slots=draw(slots),
                wants=tuple(Wish(name, *rest) for name, rest in wants.items()),
                offers=tuple(Offer(name, step) for name, step in offers.items()),
                goals=draw(goals),
                stage=draw(level),
                places=draw(st.integers(0, 3)),
                teams=draw(teams),
                section=draw(st.sampled_from(["", "A", "B"])),
                sections=draw(sections),
                style=draw(answers(2)),
                values=draw(answers(3)),
                waited=draw(st.integers(0, 7)),
            )
        )
    return tuple(people)


@st.composite
def problems(draw: st.DrawFn, most_mentees: int = 8, most_mentors: int = 5) -> Problem:
    mentees = draw(candidates("a", most_mentees))
    mentors = draw(candidates("b", most_mentors))
    possible = [(a.key, b.key) for a in mentees for b in mentors]
    apart = draw(st.frozensets(st.sampled_from(possible), max_size=4)) if possible else frozenset()
    some = (
        st.frozensets(st.sampled_from(possible), max_size=4) if possible else st.just(frozenset())
    )
    running, earlier = draw(some), sorted(draw(some))
    return Problem(
        mentees,
        mentors,
        draw(policies),
        apart,
        draw(st.integers(0, 99)),
        running,
        tuple((a, b, draw(st.integers(1, 3))) for a, b in earlier),
    )
