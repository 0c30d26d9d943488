"""Before anybody comes: the set-up link, connections, courses with people, forum accounts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta

from plugin.practice.demo.browser import Browser
from plugin.practice.demo.cast import ASSISTANT, TEACHER, Cast
from plugin.practice.demo.town import Town, connect_forum, register_platform
from plugin.practice.forum import seed as forum_seed
from plugin.practice.lms import seed as lms_seed
from plugin.practice.lms.records import Role

ORGANISATION = "Practice community"
FOUNDER = ("Ines Okafor", "ines.okafor@practice.example")
ROLES = {TEACHER: Role.INSTRUCTOR, ASSISTANT: Role.ASSISTANT}
CATEGORIES = ("Course questions", "Projects", "Off topic")


def found_community(town: Town) -> Browser:
    """Go through the one-time set-up link as the first administrator; stay signed in."""
    said = town.operate("admin", "invite", "--json")
    link = str(json.loads(said.strip().splitlines()[-1])["url"])
    browser = Browser(town.ports.base_url)
    page = browser.get(link)
    name, email = FOUNDER
    answers = {
        "organisation": ORGANISATION,
        "locale": "en",
        "time_zone": "Europe/Berlin",
        "name": name,
        "email": email,
    }
    browser.submit(page, page.form(field="organisation"), answers)
    return browser


def connect(town: Town) -> None:
    """Connect the practice LMS and the practice forum as an operator."""
    register_platform(town)
    connect_forum(town, (secrets.token_urlsafe(24), secrets.token_urlsafe(24)))


def fill_lms(town: Town, cast: Cast) -> None:
    """Courses, people, enrolments, and one activity in each course that opens Lantern."""
    store = town.lms.store
    if town.tool is None:
        raise LookupError("the tool is not registered in the LMS")
    for person in cast.lms_people:
        town.users[person.key] = lms_seed.add_user(
            store,
            username=person.key,
            given_name=person.given,
            family_name=person.family,
            email=person.email,
            locale=person.language,
            time_zone=person.zone,
        ).id
    for course in cast.courses:
        made = lms_seed.add_course(store, label=course.key, title=course.title)
        town.courses[course.key] = made.id
        for person in cast.lms_people:
            if course.key in person.courses:
                role = ROLES.get(person.role, Role.LEARNER)
                lms_seed.enrol(store, made.id, town.users[person.key], role)
        lms_seed.add_tool_to_course(store, made.id, town.tool.id)
        town.activities[course.key] = lms_seed.add_activity(
            store,
            made.id,
            town.tool.id,
            title="Mentoring and reviews",
            text="Find a mentor, and review each other's work.",
        ).id


def fill_forum(town: Town, cast: Cast, names: Sequence[str] = CATEGORIES) -> dict[str, int]:
    """Accounts and categories; returns the categories' ids."""
    began = town.now - timedelta(days=1)
    for person in cast.forum_people:
        forum_seed.add_user(
            town.forum,
            person.key,
            person.name,
            person.email,
            time_zone=person.zone,
            locale=person.language,
            moderator=person.role == ASSISTANT,
            created_at=began,
        )
    return {name: forum_seed.add_category(town.forum, name) for name in names}
