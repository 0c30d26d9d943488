"""People who come in and answer without a screen: for those whose way a browser has walked already.

They go through the same doors and the same pages, by requests; filling a form is strict, so an
answer that is not offered is an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from plugin.practice.demo.browser import Browser
from plugin.practice.demo.forms import Answer, NotOnThePage, Page
from plugin.practice.lms.records import Activity, User
from plugin.practice.lms.visitor import Visitor
from tests.support.world import World

EVENINGS = ("0-18", "1-18", "2-18", "3-18", "4-18")
LEARNS: Mapping[str, Answer] = {
    "side": "learn",
    "skills": "SQL, writing reports",
    "when": EVENINGS,
    "time_zone": "Europe/Berlin",
    "languages": ["en"],
    "sentence": "I would like to understand joins.",
}
MENTORS: Mapping[str, Answer] = {
    **LEARNS,
    "side": "offer",
    "skills": "SQL, Python",
    "minutes_per_week": "60",
    "sentence": "I have built three databases and broken two.",
}


@dataclass
class Guest:
    """Somebody who is signed in, and the page that they see."""

    world: World
    browser: Browser
    page: Page

    @classmethod
    def visitor(cls, world: World) -> "Guest":
        """Somebody who is not signed in, on the page that says how to."""
        browser = Browser(world.base_url)
        return cls(world, browser, browser.get("/sign-in"))

    def open(self, path: str) -> Page:
        self.page = self.browser.get(path)
        return self.page

    def send(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        button: tuple[str, str] | None = None,
        **which: str,
    ) -> Page:
        """Fill the form of the page that has this ``action`` or ``field``, and send it."""
        form = self.page.form(**which)
        self.page = self.browser.submit(self.page, form, answers or {}, button=button)
        return self.page

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def join(self, join_path: str, answers: Mapping[str, Answer]) -> None:
        """Answer the four questions."""
        self.open(join_path)
        self.send(answers, field="side")
        assert self.path.endswith("/mine"), self.page.text

    def confirm_address(self, email: str) -> None:
        """Give an address in the profile and type the code that is mailed to it."""
        self.open("/profile")
        self.send({"email": email}, field="email")
        self.type_code(email)

    def type_code(self, email: str) -> None:
        self.send({"code": code_for(self.world, email)}, field="code")

    def link_forum(self, username: str) -> None:
        """Say that a forum account is the same person; sign in there by clicking one's name."""
        world = self.world
        self.open(f"/discourse/{world.connection}/link")
        self.open(f"/discourse/{world.connection}/link?go=1")
        self.be_in_forum(username)
        self.send(field="nonce")

    def be_in_forum(self, username: str) -> None:
        """On the forum's log-in page: click a name. Not there: already logged in."""
        assert self.world.forum is not None
        if not self.page.url.startswith(self.world.forum.base_url):
            return
        for form in self.page.forms:
            named = form.controls.get("username")
            if named is not None and named.chosen == [username]:
                self.page = self.browser.submit(self.page, form)
                return
        raise NotOnThePage(f"{username} on {self.page.url}")

    def hand_in(self, activity_path: str, text: str) -> None:
        """Hand a text in."""
        self.open(activity_path)
        self.send({"text": text}, field="text")

    def review(self, activity_path: str, level: str) -> None:
        """Take the next work from the queue, say what was seen, send it."""
        self.open(activity_path)
        self.send(action="/take")
        self.write_review(level)

    def write_review(self, level: str) -> None:
        """On the page of a taken work: the same level everywhere, with evidence."""
        form = self.page.form(field="comment")
        asked = [name for name in form.controls if name.startswith(("evidence_", "level_"))]
        answers = {
            name: level if name.startswith("level_") else f"I saw it in the second line ({name})."
            for name in asked
        }
        self.send(answers, field="comment", button=("action", "send"))


def code_for(world: World, email: str) -> str:
    """The digits in the newest mail to an address."""
    for mail in reversed(world.mails(email)):
        found = re.search(r"\b(\d{6})\b", str(mail["Subject"]))
        if found:
            return found.group(1)
    raise AssertionError(f"no code was mailed to {email}")


def from_course(world: World, user: User, activity: Activity) -> Guest:
    """Open the activity in the LMS."""
    assert world.lms is not None
    visitor = Visitor(world.lms.base_url, user.id)
    browser = Browser(world.base_url)
    page = browser.follow(visitor.launch(visitor.open_activity(activity.id), browser.session))
    visitor.close()
    return Guest(world, browser, page)


def from_forum(world: World, username: str, next_path: str = "/") -> Guest:
    """Sign in with the forum."""
    browser = Browser(world.base_url)
    page = browser.get(f"/discourse/{world.connection}/signin?next={next_path}")
    guest = Guest(world, browser, page)
    guest.be_in_forum(username)
    return guest


def by_invitation(world: World, link: str, email: str, name: str) -> Guest:
    """Open an invitation and prove the address that it was sent to."""
    browser = Browser(world.base_url)
    guest = Guest(world, browser, browser.get(link))
    guest.send({"email": email, "name": name}, field="email")
    guest.type_code(email)
    return guest
