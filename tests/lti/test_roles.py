"""Which role names give what; the names are those that Moodle and Canvas send."""

import pytest

from lti.roles import Standing, standing

M = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"


@pytest.mark.parametrize(
    ("names", "role"),
    [
        ([f"{M}#Instructor"], "teacher"),
        ([f"{M}#Learner"], "learner"),
        (["Instructor"], "teacher"),
        (["Learner"], "learner"),
        (["urn:lti:role:ims/lis/Learner"], "learner"),
        ([f"{M}#Learner", f"{M}#Instructor"], "teacher"),
        ([f"{M}#Instructor", f"{M}/Instructor#TeachingAssistant"], "assistant"),
        ([f"{M}/Instructor#TeachingAssistant"], "assistant"),
        ([f"{M}/Instructor#PrimaryInstructor"], "teacher"),
        ([f"{M}#ContentDeveloper"], "observer"),
        ([f"{M}#Mentor"], "observer"),
        ([f"{M}#Member", f"{M}#Manager"], "observer"),
        ([f"{INSTITUTION}#Administrator", f"{M}#Learner"], "learner"),
        ([f"{INSTITUTION}#Instructor", f"{SYSTEM}#User"], None),
        ([f"{INSTITUTION}#Administrator", f"{SYSTEM}#Administrator"], None),
        (["http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"], None),
        ([f"{M}#Helper"], None),
        ([f"{M}", f"{M}#", f"{M}/Instructor", "membership#Instructor"], None),
        ([""], None),
        ([], None),
    ],
)
def test_context_roles_decide(names: list[str], role: str | None) -> None:
    assert standing(names).role == role


def test_an_observer_is_no_mentor_and_teaches_nothing() -> None:
    observer = standing([f"{M}#Mentor"])
    assert not observer.teaches
    assert observer.role == "observer"


def test_a_test_user_sees_the_page_and_stays_out_of_pools() -> None:
    found = standing([f"{M}#Learner", "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"])
    assert found == Standing("learner", is_test_user=True)
    assert not found.enrols
