"""The main path step by step, as people click it. The tests look at what each step left behind."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.browser.support.chromium import new_person, signed_in_page
from tests.browser.support.course import NAIROBI, Campus, lantern_frame, open_in_course
from tests.browser.support.people import (
    LEARNS,
    MENTORS,
    Guest,
    by_invitation,
    from_course,
    from_forum,
)
from tests.support.world import World

if TYPE_CHECKING:
    from email.message import EmailMessage

    from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page

INVITED = "zoe@company.example"


@dataclass
class Story:
    """How far it has come."""

    world: World
    browser: "Browser"
    course: Campus | None = None
    chief: str = "tessa"
    guests: dict[str, Guest] = field(default_factory=dict)
    programme: str = ""
    matching: str = ""
    invitation: str = ""
    used_link: str = ""
    activity: str = ""
    _desks: list["BrowserContext"] = field(default_factory=list)
    _kept: dict[str, "Page"] = field(default_factory=dict)

    @property
    def campus(self) -> Campus:
        assert self.course is not None, "there is no course in this story"
        return self.course

    @property
    def place(self) -> str:
        """``/c/<context>``."""
        return self.programme.split("/mentoring/")[0]

    def desk(self, **wishes: Any) -> "Page":
        """A page in a fresh browser, closed with the story."""
        context = new_person(self.browser, base_url=self.world.base_url, **wishes)
        self._desks.append(context)
        return context.new_page()

    def desk_of(self, key: str) -> "Page":
        """Where somebody sits who opens things in the course, in their own time zone."""
        if f"desk {key}" not in self._kept:
            zone = self.course.users[key].time_zone if self.course else "Europe/Berlin"
            self._kept[f"desk {key}"] = self.desk(timezone_id=zone)
        return self._kept[f"desk {key}"]

    def keep(self, key: str, page: "Page") -> None:
        """Go on with this page where somebody came in by clicking."""
        self._kept[key] = page

    def page_of(self, key: str) -> "Page":
        """A page of somebody who came in before, outside the frame."""
        if key not in self._kept:
            self._kept[key] = self.fresh_page_of(key)
        return self._kept[key]

    def fresh_page_of(self, key: str, **wishes: Any) -> "Page":
        """The same in a browser of its own, with other wishes: a phone, no scripts."""
        cookies = self.guests[key].browser.session.cookies
        page = signed_in_page(self.browser, self.world.base_url, cookies, **wishes)
        self._desks.append(page.context)
        return page

    def close(self) -> None:
        for context in self._desks:
            context.close()
        for guest in self.guests.values():
            guest.browser.close()


def start_programme(story: Story) -> "FrameLocator":
    """The teacher opens Lantern from the course and starts a programme from what is filled in."""
    page = story.desk_of("tessa")
    frame = open_in_course(page, story.campus, "tessa")
    frame.get_by_role("link", name="Mentoring").first.click()
    frame.get_by_role("link", name="Start a programme").click()
    fill_in_programme(frame)
    story.programme = urlsplit(lantern_frame(page, story.world).url).path
    story.guests["tessa"] = from_course(
        story.world, story.campus.users["tessa"], story.campus.activity
    )
    return frame


def fill_in_programme(page: "Page | FrameLocator") -> None:
    """Look at the forecast, then start with everything else as it was filled in."""
    page.get_by_label("Learners you expect").fill("6")
    page.get_by_label("Mentors you expect").fill("2")
    page.get_by_role("button", name="Show the forecast").click()
    page.get_by_text("2 mentors × 120 min a week carry 6 pairs of 30 min").wait_for()
    page.get_by_role("button", name="Start the programme").click()
    page.get_by_text("The programme is open.").wait_for()


def invite_by_mail(story: Story) -> None:
    """The teacher invites a mentor who is in neither course nor forum."""
    page = story.page_of(story.chief)
    page.goto(story.programme)
    page.get_by_label("E-mail addresses").fill(INVITED)
    page.get_by_role("button", name="Invite", exact=True).click()
    page.get_by_text("1 invitation is on its way.").wait_for()
    story.world.settle()
    (mail,) = story.world.mails(INVITED)
    (story.invitation,) = story.world.links_in(mail, r"http\S+/invite/\S+")


def join_in_frame(story: Story, key: str) -> None:
    """A learner answers the four questions inside the course."""
    frame = open_in_course(story.desk_of(key), story.campus, key)
    frame.get_by_role("link", name=re.compile("^Open: .*Mentoring in Databases")).click()
    frame.get_by_label("I want to learn").check()
    frame.get_by_label("What would you like to learn").fill("SQL, joins")
    for day in ("Monday", "Tuesday", "Wednesday"):
        frame.get_by_role("checkbox", name=f"{day} 18–22").check()
    frame.get_by_label("4. One sentence").fill("I am lost in joins.")
    frame.get_by_role("button", name="Join").click()
    frame.get_by_text("Thank you, you are in.").wait_for()


def come_in(story: Story, key: str) -> Guest:
    """Somebody opens the course's activity, without a screen."""
    guest = from_course(story.world, story.campus.users[key], story.campus.activity)
    story.guests[key] = guest
    return guest


def everybody_joins(story: Story) -> None:
    """Ada by clicking; the others by the doors that they have."""
    world, campus, join = story.world, story.campus, f"{story.programme}/join"
    join_in_frame(story, "ada")
    ada = come_in(story, "ada")
    ada.confirm_address(campus.address("ada"))
    ada.link_forum("ada.o")
    ben = come_in(story, "ben")
    ben.join(join, {**LEARNS, "skills": "writing reports"})
    come_in(story, "cleo").join(join, {**LEARNS, "languages": ["fr"]})
    come_in(story, "eva").open(join)  # begins, and does not answer
    mara = come_in(story, "mara")
    mara.join(join, {**MENTORS, "time_zone": NAIROBI})
    mara.confirm_address(campus.address("mara"))
    mara.link_forum("mara.h")
    come_in(story, "nils").join(join, MENTORS)  # and gives no address to reach him
    mira = from_forum(world, "mira", join)
    mira.send({**MENTORS, "skills": "Python"}, field="side")
    story.guests["mira"] = mira
    zoe = by_invitation(world, story.invitation, INVITED, "Zoe Adeyemi")
    zoe.send({**MENTORS, "skills": "writing reports"}, field="side")
    story.guests["zoe"] = zoe
    world.settle()


def run_matching(story: Story) -> "Page":
    """The coordinator asks for a draft and waits for it."""
    page = story.page_of(story.chief)
    page.goto(story.programme)
    page.get_by_role("button", name="Run a matching").click()
    page.get_by_text("A draft. Nobody has been told anything.").wait_for()
    story.matching = urlsplit(page.url).path
    return page


def give_another_mentor(story: Story, page: "Page", learner: str, mentor: str) -> None:
    """The coordinator changes one pair of the draft."""
    card = page.locator(".card", has_text=learner).first
    card.get_by_text("Change", exact=True).click()
    chosen = card.locator("option", has_text=mentor).get_attribute("value")
    card.get_by_label("Mentor").select_option(chosen)
    card.get_by_role("button", name="Save").click()
    page.get_by_text("Changed. Nobody has been told yet.").wait_for()


def publish(story: Story, page: "Page") -> None:
    """The decision that people are told."""
    page.goto(story.matching)
    page.get_by_role("button", name=re.compile("^Publish .* pair")).click()
    page.get_by_text("Published").first.wait_for()
    story.world.settle()


def accept_by_mail(story: Story, address: str) -> "Page":
    """Open the link of the mail in a browser that was never here, and say yes."""
    mail = story.world.mails(address)[-1]
    link = re.findall(r"Accept:\s+(http\S+)", text_of(mail))[0]
    story.used_link = link
    page = story.desk()
    page.goto(link)
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("You can close this page.").wait_for()
    story.world.settle()
    return page


def text_of(mail: "EmailMessage") -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def find_pair(story: Story, key: str) -> "Page":
    """Somebody opens their pair from the home page of the course."""
    page = story.page_of(key)
    page.goto(f"{story.programme}/mine")
    page.get_by_role("link", name="Open your pair").click()
    page.get_by_role("heading", name="Next meeting").wait_for()
    return page


def next_week(story: Story) -> date:
    """A day on which nobody has to hurry."""
    return (story.world.services.clock.now() + timedelta(days=7)).date()
