"""The matching engine: pure code over frozen values. See README.md beside this file."""

from plugin.mentoring.matching.certifying import Progress
from plugin.mentoring.matching.checker import Fault, check
from plugin.mentoring.matching.comparing import Option, compare
from plugin.mentoring.matching.flow import NotProvenError
from plugin.mentoring.matching.proposal import (
    SOLVER,
    Certificate,
    Pair,
    Proposal,
    TooManyPairsError,
    propose,
    result,
)
from plugin.mentoring.matching.reasons import Reason, reasons, score
from plugin.mentoring.matching.snapshots import digest, restore, snapshot
from plugin.mentoring.matching.unmatched import Unmatched, broken
from plugin.mentoring.matching.values import (
    LEVELS,
    SLOTS,
    WAITED,
    Aim,
    Candidate,
    Factor,
    Offer,
    Policy,
    Problem,
    Rule,
    Wish,
)

__all__ = [
    "LEVELS",
    "SLOTS",
    "SOLVER",
    "WAITED",
    "Aim",
    "Candidate",
    "Certificate",
    "Factor",
    "Fault",
    "NotProvenError",
    "Offer",
    "Option",
    "Pair",
    "Policy",
    "Problem",
    "Progress",
    "Proposal",
    "Reason",
    "Rule",
    "TooManyPairsError",
    "Unmatched",
    "Wish",
    "broken",
    "check",
    "compare",
    "digest",
    "propose",
    "reasons",
    "restore",
    "result",
    "score",
    "snapshot",
]
