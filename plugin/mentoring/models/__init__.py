"""Rows of mentoring: programmes and who takes part, matchings, pairs and what they agree."""

from plugin.mentoring.models.matching import Matching, MatchingState
from plugin.mentoring.models.pair import Goal, Meeting, MeetingState, Pair, PairState, Promise
from plugin.mentoring.models.programme import (
    Invitation,
    Participation,
    Programme,
    ProgrammeFormat,
    ProgrammeState,
    Side,
)

__all__ = [
    "Goal",
    "Invitation",
    "Matching",
    "MatchingState",
    "Meeting",
    "MeetingState",
    "Pair",
    "PairState",
    "Participation",
    "Programme",
    "ProgrammeFormat",
    "ProgrammeState",
    "Promise",
    "Side",
]
