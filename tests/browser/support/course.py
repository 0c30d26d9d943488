"""A course and a forum with people in them; how somebody gets from one to Lantern by clicking."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plugin.practice.forum import seed as forum_seed
from plugin.practice.lms import seed
from plugin.practice.lms.records import Activity, Course, Role, User
from tests.support.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Frame, FrameLocator, Page

BERLIN, NAIROBI, LAGOS = "Europe/Berlin", "Africa/Nairobi", "Africa/Lagos"
# key, given name, family name, role, time zone
COURSE_PEOPLE = (
    ("tessa", "Tessa", "Lindqvist", Role.INSTRUCTOR, BERLIN),
    ("ada", "Ada", "Okafor", Role.LEARNER, LAGOS),
    ("ben", "Ben", "Weber", Role.LEARNER, BERLIN),
    ("cleo", "Cleo", "Martin", Role.LEARNER, BERLIN),
    ("dan", "Dan", "Silva", Role.LEARNER, BERLIN),
    ("eva", "Eva", "Novak", Role.LEARNER, BERLIN),
    ("mara", "Mara", "Haddad", Role.LEARNER, NAIROBI),
    ("nils", "Nils", "Berg", Role.LEARNER, BERLIN),
)
FORUM_PEOPLE = (
    ("ada.o", "Ada Okafor"),
    ("mara.h", "Mara Haddad"),
    ("mira", "Mira Kowalska"),
    ("otto", "Otto Lang"),
)


@dataclass
class Campus:
    """The course as its people know it."""

    world: World
    course: Course
    activity: Activity
    users: dict[str, User] = field(default_factory=dict)

    def address(self, key: str) -> str:
        return f"{key}@school.example"


def open_campus(world: World) -> Campus:
    """Fill the practice LMS and the practice forum."""
    assert world.lms is not None
    assert world.tool is not None
    assert world.forum is not None
    course = seed.add_course(world.lms.store, label="DB1", title="Databases")
    activity = seed.add_activity(world.lms.store, course.id, world.tool.id, title="Mentoring")
    campus = Campus(world, course, activity)
    for key, given, family, role, zone in COURSE_PEOPLE:
        user = seed.add_user(
            world.lms.store,
            username=key,
            given_name=given,
            family_name=family,
            email=campus.address(key),
            time_zone=zone,
        )
        seed.enrol(world.lms.store, course.id, user.id, role)
        campus.users[key] = user
    for username, name in FORUM_PEOPLE:
        forum_seed.add_user(world.forum, username, name, f"{username}@forum.example")
    return campus


def open_in_course(page: "Page", campus: Campus, key: str) -> "FrameLocator":
    """Become somebody in the LMS, open the activity; return Lantern in its frame."""
    assert campus.world.lms is not None
    page.goto(f"{campus.world.lms.base_url}/people")
    page.get_by_role("button", name=campus.users[key].name).first.click()
    page.get_by_role("link", name=campus.course.title).click()
    page.get_by_role("link", name=campus.activity.title).click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("Signed in as").wait_for()
    return frame


def lantern_frame(page: "Page", world: World) -> "Frame":
    """The frame that Lantern is in."""
    return next(frame for frame in page.frames if frame.url.startswith(world.base_url))
