"""What the time that mentors give can carry, said before a programme is started. Pure."""

from dataclasses import dataclass

GROUP_SIZE = 8
GROUP_MINUTES = 60


@dataclass(frozen=True)
class Forecast:
    """How many pairs fit, how many people would wait, and what groups would carry instead."""

    mentors: int
    minutes_each: int
    learners: int
    minutes_per_pair: int
    pairs: int
    waiting: int
    spare: int
    groups: int
    group_size: int = GROUP_SIZE


def forecast(*, mentors: int, minutes_each: int, learners: int, minutes_per_pair: int) -> Forecast:
    """Every mentor carries whole pairs: 100 minutes are three pairs of 30."""
    if min(mentors, minutes_each, learners) < 0 or minutes_per_pair < 1:
        raise ValueError("numbers of people and minutes are not negative")
    room = mentors * (minutes_each // minutes_per_pair)
    groups = min(mentors * (minutes_each // GROUP_MINUTES), -(-learners // GROUP_SIZE))
    return Forecast(
        mentors=mentors,
        minutes_each=minutes_each,
        learners=learners,
        minutes_per_pair=minutes_per_pair,
        pairs=min(room, learners),
        waiting=max(0, learners - room),
        spare=max(0, room - learners),
        groups=groups,
    )
