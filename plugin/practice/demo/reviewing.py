"""Robots of reviews and credentials: set a task, hand in, take, review, answer, earn, share."""

from __future__ import annotations

from datetime import datetime
from random import Random
from urllib.parse import urlsplit

from plugin.practice.demo.browser import Browser
from plugin.practice.demo.forms import Answer, NotOnThePage, Page
from plugin.practice.demo.members import Arrived
from plugin.practice.demo.words import COMMENTS, EVIDENCE, REPLIES

ACHIEVEMENTS = "/admin/achievements"


def set_task(teacher: Arrived, title: str, task: str, due: datetime, *, gradebook: bool) -> str:
    """Create an activity; return its path."""
    page = teacher.open("reviews/new")
    answers: dict[str, Answer] = {
        "title": title,
        "instructions": task,
        "due_at": due.replace(tzinfo=None).isoformat(timespec="minutes"),
        "score_to_gradebook": gradebook,
    }
    form = page.form(field="instructions")
    page = teacher.browser.submit(page, form, answers, button=("action", "create"))
    return urlsplit(page.url).path.removesuffix("/grid")


def hand_in(member: Arrived, activity: str, text: str) -> None:
    page = member.open(activity)
    form = page.form(action="/work", field="text")
    member.browser.submit(page, form, {"text": text}, last=True)


def take(member: Arrived, activity: str) -> Page | None:
    """Take the work that waits longest; None when there is nothing to take."""
    page = member.open(activity)
    if not page.has_form(action="/take"):
        return None
    page = member.browser.submit(page, page.form(action="/take"))
    return page if "/review/" in page.url else None


def review(member: Arrived, page: Page, random: Random, *, send: bool = True, low: int = 2) -> None:
    """Write levels and evidence beside the work; send it, or save it for later."""
    form = page.form(field="comment")
    answers: dict[str, Answer] = {"comment": random.choice(COMMENTS)}
    for name, control in form.controls.items():
        if name.startswith("level_"):
            levels = control.offered
            answers[name] = levels[min(len(levels) - 1, random.randint(low, len(levels)))]
        elif name.startswith("evidence_"):
            answers[name] = random.choice(EVIDENCE)
    member.browser.submit(
        page, form, answers, button=("action", "send" if send else "save"), last=True
    )


def answer_reviews(member: Arrived, activity: str, random: Random) -> int:
    """Answer what was received; return how many."""
    page = member.open(f"{activity}/received")
    said = 0
    for form in page.forms:
        if "/received/" in form.action:
            member.browser.submit(page, form, {"text": random.choice(REPLIES)}, last=True)
            said += 1
    return said


def publish_achievement(staff: Browser, name: str, what: str, *, answers: int = 0) -> None:
    """An achievement for reviewed work, or for a number of accepted answers."""
    page = staff.get(f"{ACHIEVEMENTS}/new")
    form = page.form(field="description")
    given: dict[str, Answer] = {"name": name, "description": what}
    if answers:
        given |= {"accepted_answer": str(answers), "reviews": ""}
    else:
        bars = [bar for bar in form.controls["bar"].offered if bar]
        if not bars:
            raise NotOnThePage(f"a level of a rubric on {page.url}")
        given |= {"bar": bars[0], "reviews": "2"}
    draft = staff.submit(page, form, given)
    staff.submit(draft, draft.form(action="/publish"), {}, last=True)


def earned(member: Arrived) -> list[str]:
    """The paths of somebody's credentials."""
    page = member.open("/my/credentials")
    files = (".json", ".zip")
    return [path for path in page.links_with("/my/credentials/") if not path.endswith(files)]


def share(member: Arrived, path: str) -> None:
    """Open the public page under one's own name."""
    page = member.open(path)
    named: dict[str, Answer] = {"show": "named", "name": member.person.name}
    page = member.browser.submit(page, page.form(action="/claim"), named)
    member.browser.submit(page, page.form(action="/share"), named, last=True)
