"""What other packages may use of expertise."""

from plugin.expertise.estimator import Estimate, value_of
from plugin.expertise.helpers import Suggestion, estimates_of, suggestions
from plugin.expertise.kinds import ACCEPTED_ANSWER, ANSWER, FIRST_REPLY, NEWCOMER_LIKE
from plugin.expertise.person_data import PERSON_DATA
from plugin.expertise.queries import (
    Contribution,
    contribution,
    contributions,
    contributions_of_identities,
    opted_out,
    people_who_claim,
    skills_of,
    sources_under,
)
from plugin.expertise.services import (
    claim_skills,
    opt_in,
    opt_out,
    record_contribution,
    withdraw_contribution,
)
from plugin.expertise.skills import normalise
from plugin.expertise.wording import in_words, reasons, sureness

__all__ = [
    "ACCEPTED_ANSWER",
    "ANSWER",
    "FIRST_REPLY",
    "NEWCOMER_LIKE",
    "PERSON_DATA",
    "Contribution",
    "Estimate",
    "Suggestion",
    "claim_skills",
    "contribution",
    "contributions",
    "contributions_of_identities",
    "estimates_of",
    "in_words",
    "normalise",
    "opt_in",
    "opt_out",
    "opted_out",
    "people_who_claim",
    "reasons",
    "record_contribution",
    "skills_of",
    "sources_under",
    "suggestions",
    "sureness",
    "value_of",
    "withdraw_contribution",
]
