"""Eight weeks of a community, told in phases; each is played under its own clock.

Between two phases Lantern is started again under the next offset. What a phase does, robots do at
the doors: nothing is written past them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from plugin.practice.demo import forum_life
from plugin.practice.demo.browser import Browser
from plugin.practice.demo.cast import COURSE, FORUM, Cast, CourseFacts, Person
from plugin.practice.demo.members import Arrived, Doors
from plugin.practice.demo.mentoring import invitation_for
from plugin.practice.demo.town import Town

AT_ONCE = 3
HOUR = 11  # day in Europe, Africa, India and Japan, morning in Brazil


@dataclass
class Story:
    """What the robots share while they fill."""

    town: Town
    cast: Cast
    say: Callable[[str], None]
    doors: Doors
    founder: Browser | None = None
    programmes: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    inside: dict[tuple[str, str], Arrived] = field(default_factory=dict)
    topics: int = 0
    days_ago: float = 0

    def turn_to(self, days_ago: int) -> None:
        """Set everybody's clock to late morning (UTC) of a day in the past."""
        week = (opening_day() - days_ago) // 7 + 1
        self.say(f"Filling: week {min(week, 8)} of 8 ...")
        then = datetime.now(UTC) - timedelta(days=days_ago)
        noon = then.replace(hour=HOUR, minute=5 + days_ago * 7 % 50, second=0, microsecond=0)
        for arrived in self.inside.values():
            arrived.browser.close()
        self.inside.clear()
        self.town.at(noon - datetime.now(UTC))
        self.days_ago = days_ago

    def random(self, person: Person | str) -> Random:
        """The same choices in every run, different for each person and day."""
        key = person if isinstance(person, str) else person.key
        return Random(f"{key} {self.days_ago}")  # noqa: S311  # chooses words, no secrets

    def each(self, people: Iterable[Person], act: Callable[[Person], object]) -> None:
        """Let several act at the same time; the first who fails ends the filling."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for done in [pool.submit(act, person) for person in people]:
                    done.result()
            except BaseException:  # Ctrl-C as well: nobody begins any more
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def enter(self, person: Person, course: CourseFacts | str = "") -> Arrived:
        """Come in by the person's own door; within a phase one stays signed in."""
        key = course if isinstance(course, str) else course.key
        place = key if person.door == COURSE else ""
        if (person.key, place) not in self.inside:
            self.inside[person.key, place] = self._arrive(person, place)
        return self.inside[person.key, place]

    def _arrive(self, person: Person, course: str) -> Arrived:
        if person.door == COURSE:
            return self.doors.from_course(person, course)
        if person.door == FORUM:
            return self.doors.from_forum(person)
        return self.doors.by_mail(person)

    def come_as_guest(self, person: Person) -> Arrived:
        """Follow the mailed invitation; members of the forum come in with their account."""
        link = invitation_for(self.town, person.email)
        browser = None
        if person.door == FORUM:
            known = self.doors.from_forum(person)
            self.doors.confirm_address(known)
            browser = known.browser
        arrived = self.doors.by_invitation(person, link, browser)
        self.inside[person.key, ""] = arrived
        return arrived

    def forum_week(self, days: int, topics: int) -> None:
        """What happened in the forum in the days before now."""
        helpers = [one for one in self.cast.forum_people if one.mentors or one.role == "assistant"]
        now = self.town.now
        plan = forum_life.Plan(
            begins=now - timedelta(days=days),
            ends=now,
            topics=topics,
            first=self.topics,
            categories=self.categories,
            random=self.random("forum"),
        )
        self.topics += forum_life.week(self.town, self.cast.forum_people, helpers, plan)


def opening_day() -> int:
    """How many days ago it begins."""
    return 56
