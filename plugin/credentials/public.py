"""What others may use of credentials. Everything takes an open unit of work and never commits."""

from plugin.credentials.person_data import PERSON_DATA
from plugin.credentials.queries import (
    AchievementView,
    CredentialView,
    achievements,
    credential,
    credentials_of,
    evidence_of,
)
from plugin.credentials.rules import Contributions, Progress, RubricLevel, Rule, progress
from plugin.credentials.services.achievements import create as create_achievement
from plugin.credentials.services.achievements import ensure_standard as ensure_standard_achievements

__all__ = [
    "PERSON_DATA",
    "AchievementView",
    "Contributions",
    "CredentialView",
    "Progress",
    "RubricLevel",
    "Rule",
    "achievements",
    "create_achievement",
    "credential",
    "credentials_of",
    "ensure_standard_achievements",
    "evidence_of",
    "progress",
]
