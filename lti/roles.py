"""LIS role names -> what somebody may do in this course (LTI 1.3 core, appendix A.2).

Context roles decide. Institution and system roles grant nothing: Canvas adds them in every course
whatever the enrolment. An LTI "Mentor" is a parent or observer of named learners, never one of our
mentors. Unknown names give the least: no role at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["teacher", "assistant", "learner", "observer"]

_CONTEXT = (
    "http://purl.imsglobal.org/vocab/lis/v2/membership",
    "urn:lti:role:ims/lis/",
)
_TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

# principal -> role; a name that is missing here gives none
_PRINCIPAL: dict[str, Role] = {
    "Instructor": "teacher",
    "TeachingAssistant": "assistant",
    "Learner": "learner",
    "Student": "learner",
    "Mentor": "observer",
    "Observer": "observer",
    "ContentDeveloper": "observer",
    "Manager": "observer",
    "Member": "observer",
    "Officer": "observer",
    "Administrator": "observer",
}
# (principal, sub-role) -> role, where the sub-role changes what the principal alone would give
_SUBROLE: dict[tuple[str, str], Role] = {
    ("Instructor", "TeachingAssistant"): "assistant",
    ("Instructor", "TeachingAssistantGroup"): "assistant",
    ("Instructor", "TeachingAssistantOffering"): "assistant",
    ("Instructor", "TeachingAssistantSection"): "assistant",
    ("Instructor", "TeachingAssistantSectionAssociation"): "assistant",
    ("Instructor", "TeachingAssistantTemplate"): "assistant",
    ("Instructor", "Grader"): "assistant",
}
_STRENGTH: tuple[Role, ...] = ("teacher", "assistant", "learner", "observer")
ASSISTANT_NAME = "TeachingAssistant"
# What a deployment may say otherwise, by principal; "" is no role at all.
OVERRIDABLE: tuple[str, ...] = (
    "Instructor",
    ASSISTANT_NAME,
    "Learner",
    "ContentDeveloper",
    "Manager",
    "Member",
    "Officer",
    "Administrator",
    "Mentor",
)
ROLE_CHOICES: tuple[str, ...] = (*_STRENGTH, "")


@dataclass(frozen=True)
class Standing:
    """What the platform says about a person in one context, at one launch or roster read."""

    role: Role | None
    is_test_user: bool = False

    @property
    def teaches(self) -> bool:
        return self.role in ("teacher", "assistant")

    @property
    def enrols(self) -> bool:
        """Whether the person belongs in pools; a platform's test user never does."""
        return self.role is not None and not self.is_test_user


def standing(names: Iterable[str], overrides: Mapping[str, str] | None = None) -> Standing:
    """The standing that a list of role names gives, full URIs and short names alike.

    ``overrides`` is a deployment's own table: principal -> our role, or "" for none. A sub-role
    that stands for an assistant goes by the name TeachingAssistant.
    """
    every = tuple(names)
    named = [pair for name in every if (pair := _context_role(name))]
    # Canvas sends its assistants Instructor and Instructor#TeachingAssistant: the narrower wins.
    narrowed = {principal for principal, subrole in named if (principal, subrole) in _SUBROLE}
    found = {
        _role_of(principal, subrole, overrides or {})
        for principal, subrole in named
        if principal not in narrowed or (principal, subrole) in _SUBROLE
    }
    role = next((one for one in _STRENGTH if one in found), None)
    return Standing(role=role, is_test_user=_TEST_USER in every)


def _role_of(principal: str, subrole: str, overrides: Mapping[str, str]) -> Role | None:
    usual = _SUBROLE.get((principal, subrole)) or _PRINCIPAL.get(principal)
    name = ASSISTANT_NAME if (principal, subrole) in _SUBROLE else principal
    said = overrides.get({"Student": "Learner", "Observer": "Mentor"}.get(name, name))
    if said is None:
        return usual
    return next((role for role in _STRENGTH if role == said), None)


def _context_role(name: str) -> tuple[str, str] | None:
    """(principal, sub-role) of a context role, None for any other name."""
    if ":" not in name and "/" not in name and "#" not in name:
        return (name, "") if name else None
    for prefix in _CONTEXT:
        if name.startswith(prefix):
            rest = name[len(prefix) :]
            break
    else:
        return None
    if rest.startswith("#"):
        return rest[1:], ""
    if rest.startswith("/") and "#" in rest:
        principal, _, subrole = rest[1:].partition("#")
        return principal, subrole
    principal, _, subrole = rest.partition("/")
    return (principal, subrole) if principal and "#" not in rest else None
