"""A running LMS with one course and its people, and a strict tool registered with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugin.practice.lms import seed
from plugin.practice.lms.records import Activity, Course, Role, Tool, User
from plugin.practice.lms.server import RunningLms, running_lms
from plugin.practice.lms.visitor import Visitor
from tests.plugin.practice.lms.strict_tool import StrictTool, running_tool


@dataclass(frozen=True)
class Place:
    """One course: Tessa teaches, Nora assists, Ada and Ben learn; one graded activity."""

    lms: RunningLms
    tool: StrictTool
    registration: Tool
    course: Course
    tessa: User
    nora: User
    ada: User
    ben: User
    activity: Activity

    def visitor(self, user: User) -> Visitor:
        return Visitor(self.lms.base_url, user.id)


def furnish(lms: RunningLms, tool: StrictTool) -> Place:
    store = lms.store
    registration = seed.register_tool(
        store,
        name="Strict tool",
        login_url=f"{tool.base_url}/login",
        launch_url=tool.launch_url,
        redirect_uris=[tool.launch_url],
        key_set_url=f"{tool.base_url}/jwks",
        deep_linking_url=f"{tool.base_url}/choose",
        custom={"zone": "$Person.address.timezone", "due": "$ResourceLink.submission.endDateTime"},
    )
    tool.platform, tool.registration = lms.platform, registration
    course = seed.add_course(store, label="BIO1", title="Biology")
    people = [
        seed.add_user(
            store, username=name.lower(), given_name=name, family_name="Test", time_zone=z
        )
        for name, z in (
            ("Tessa", "Europe/Berlin"),
            ("Nora", "UTC"),
            ("Ada", "Asia/Kolkata"),
            ("Ben", "America/Lima"),
        )
    ]
    roles = (Role.INSTRUCTOR, Role.ASSISTANT, Role.LEARNER, Role.LEARNER)
    for person, role in zip(people, roles, strict=True):
        seed.enrol(store, course.id, person.id, role)
    activity = seed.add_activity(
        store, course.id, registration.id, title="Mentoring", score_maximum=10, tag="m"
    )
    return Place(lms, tool, registration, course, *people, activity)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with (
        running_tool() as tool,
        running_lms(tmp_path / "lms.sqlite3", hang_seconds=0.01) as lms,
    ):
        yield furnish(lms, tool)
