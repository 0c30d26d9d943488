"""Lantern without a learning platform: a coordinator by invitation, people by forum and by mail."""

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from plugin.practice.forum import seed as forum_seed
from tests.browser.support.people import (
    LEARNS,
    MENTORS,
    Guest,
    by_invitation,
    code_for,
    from_forum,
)
from tests.browser.support.story import INVITED, Story, fill_in_programme
from tests.support.world import World, lantern

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHIEF = "tessa@association.example"
MEMBERS = {
    "ada": ("ada.o", "Ada Okafor"),
    "ben": ("ben.w", "Ben Weber"),
    "cleo": ("cleo.m", "Cleo Martin"),
    "mara": ("mara.h", "Mara Haddad"),
    "otto": ("otto", "Otto Lang"),
}


def fill_forum(world: World) -> None:
    assert world.forum is not None
    for username, name in MEMBERS.values():
        forum_seed.add_user(world.forum, username, name, f"{username}@forum.example")


def invite_coordinator(story: Story) -> "Page":
    """The operator prints a link; the coordinator proves an address and is in."""
    said = lantern(
        story.world.composition.settings, "admin", "invite", "--right", "coordinator", "--json"
    )
    page = story.desk_of(story.chief)
    page.goto(json.loads(said)["url"])
    page.get_by_label("Your e-mail address").fill(CHIEF)
    page.get_by_label("Your name").fill("Tessa Lindqvist")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    page.get_by_label("The six digits").fill(code_for(story.world, CHIEF))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Hello, Tessa Lindqvist").wait_for()
    story.keep(story.chief, page)
    return page


def start_in_forum(story: Story) -> None:
    """The coordinator starts a programme among the members of the forum."""
    page = story.page_of(story.chief)
    page.goto("/")
    page.get_by_role("heading", name="Practice forum").get_by_role("link").click()
    page.get_by_role("heading", name="Mentoring").get_by_role("link").click()
    page.get_by_role("link", name="Start a programme").click()
    fill_in_programme(page)
    story.programme = urlsplit(page.url).path


def start_alone(story: Story) -> None:
    """The coordinator starts a programme for a group of its own."""
    page = story.page_of(story.chief)
    page.goto("/")
    page.get_by_role("heading", name="Programmes").get_by_role("link").click()
    page.get_by_label("Name of the group or organisation").fill("Newcomers")
    page.get_by_role("button", name="Next: what it is about").click()
    fill_in_programme(page)
    story.programme = urlsplit(page.url).path


def sign_in_by_forum(story: Story, key: str, next_path: str = "/") -> "Page":
    """Somebody signs in with the forum, by clicking."""
    page = story.desk_of(key)
    page.goto(next_path)
    page.get_by_role("link", name=re.compile("^Sign in with")).click()
    page.get_by_role("button", name=f"@{MEMBERS[key][0]}").click()
    page.locator("main").wait_for()
    story.keep(key, page)
    return page


def member(story: Story, key: str, next_path: str = "/") -> Guest:
    """The same without a screen."""
    guest = story.guests[key] = from_forum(story.world, MEMBERS[key][0], next_path)
    return guest


def members_join(story: Story) -> None:
    """Learners and a mentor from the forum; one more mentor by the mailed invitation."""
    join = f"{story.programme}/join"
    member(story, "ada", join).send(LEARNS, field="side")
    member(story, "ben", join).send({**LEARNS, "skills": "writing reports"}, field="side")
    member(story, "cleo", join).send({**LEARNS, "languages": ["fr"]}, field="side")
    member(story, "mara", join).send(MENTORS, field="side")
    zoe_joins(story)


def zoe_joins(story: Story) -> None:
    zoe = by_invitation(story.world, story.invitation, INVITED, "Zoe Adeyemi")
    zoe.send({**MENTORS, "skills": "writing reports"}, field="side")
    story.guests["zoe"] = zoe
    story.world.settle()


def learners_join_by_link(story: Story) -> None:
    """Without a forum: an open link, an address each, a mailed code."""
    page = story.page_of(story.chief)
    page.goto(story.programme)
    page.get_by_role("button", name="Make a link for new learners").click()
    said = page.get_by_text("Copy this link now").inner_text()
    (link,) = re.findall(r"http\S+/invite/\S+", said)
    for key, wants in (("ada", {}), ("ben", {"skills": "Python"}), ("cleo", {"languages": ["fr"]})):
        name = MEMBERS[key][1]
        guest = by_invitation(story.world, link, f"{key}@home.example", name)
        guest.send({**LEARNS, **wants}, field="side")
        story.guests[key] = guest
    zoe_joins(story)
