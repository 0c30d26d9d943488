"""What other packages may call. Everything takes an open unit of work and never commits."""

from plugin.mentoring.models import Side
from plugin.mentoring.person_data import PERSON_DATA
from plugin.mentoring.queries.matchings import MatchingView, matchings, totals
from plugin.mentoring.queries.pairs import PairView, pair, pairs_of
from plugin.mentoring.queries.programmes import (
    ParticipationView,
    ProgrammeView,
    participations,
    programme,
    programmes,
)
from plugin.mentoring.services.agree import When, promise, propose_meeting, set_goal
from plugin.mentoring.services.answer import accept, decline, end
from plugin.mentoring.services.compute import request_matching
from plugin.mentoring.services.join import Answers, join, leave
from plugin.mentoring.services.publish import request_publish, request_undo
from plugin.mentoring.services.start import About, name_safety_contact, start_programme

__all__ = [
    "PERSON_DATA",
    "About",
    "Answers",
    "MatchingView",
    "PairView",
    "ParticipationView",
    "ProgrammeView",
    "Side",
    "When",
    "accept",
    "decline",
    "end",
    "join",
    "leave",
    "matchings",
    "name_safety_contact",
    "pair",
    "pairs_of",
    "participations",
    "programme",
    "programmes",
    "promise",
    "propose_meeting",
    "request_matching",
    "request_publish",
    "request_undo",
    "set_goal",
    "start_programme",
    "totals",
]
