"""Robots of mentoring: start, join, invite, match, publish, answer, meet, end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from plugin.practice.demo.browser import until
from plugin.practice.demo.forms import Answer, Form, NotOnThePage, Page
from plugin.practice.demo.members import Arrived
from plugin.practice.demo.town import Town
from plugin.practice.demo.words import GOALS, PROMISES, SENTENCES

LEARN, OFFER = "learn", "offer"
RUN_SECONDS = 60.0


@dataclass(frozen=True)
class Wish:
    """What somebody says when joining."""

    side: str
    skills: Sequence[str]
    minutes: int = 0
    only_own_language: bool = False


def start_programme(teacher: Arrived, about: dict[str, str]) -> str:
    """Look at the forecast, then start; return the programme's path."""
    page = teacher.open("mentoring/new")
    page = teacher.browser.submit(
        page, page.form(field="purpose"), about, button=("step", "forecast")
    )
    page = teacher.browser.submit(page, page.form(field="purpose"), button=("step", "start"))
    return urlsplit(page.url).path


def begin(member: Arrived, programme: str) -> Page:
    """Open the join page and look."""
    return member.open(f"{programme}/join")


def join(member: Arrived, programme: str, wish: Wish, random: Random) -> None:
    """Answer the four questions."""
    page = begin(member, programme)
    form = page.form(field="side")
    hours = form.controls["when"].offered
    wanted = [value for value in hours if int(value.split("-")[1]) in (8, 12, 14, 16, 18, 20)]
    spoken = {member.person.language} | (set() if wish.only_own_language else {"en"})
    languages = spoken & set(form.controls["languages"].offered)
    answers: dict[str, Answer] = {
        "side": wish.side,
        "skills": ", ".join(random.sample(list(wish.skills), min(2, len(wish.skills)))),
        "when": sorted(random.sample(wanted, min(len(wanted), 18))),
        "time_zone": member.person.zone,
        "languages": sorted(languages),
        "sentence": random.choice(SENTENCES[wish.side]),
    }
    if wish.minutes:
        answers["minutes_per_week"] = str(wish.minutes)
    if form.controls["goals"].offered:
        answers["goals"] = random.sample(form.controls["goals"].offered, 2)
    member.browser.submit(page, form, answers, last=True)


def invite(teacher: Arrived, programme: str, addresses: Sequence[str]) -> None:
    """Invite mentors by mail."""
    page = teacher.open(programme)
    form = page.form(field="addresses")
    teacher.browser.submit(page, form, {"addresses": "\n".join(addresses)})


def invitation_for(town: Town, address: str) -> str:
    """Wait for the invitation's mail and return its link."""

    def look() -> str | None:
        links = [link for mail in town.mail.to(address) for link in mail.links("/invite/")]
        return links[-1] if links else None

    return until(look, f"invitation for {address}")


def remind(teacher: Arrived, programme: str) -> None:
    page = teacher.open(programme)
    teacher.browser.submit(page, page.form(action="/remind"))


def run_matching(teacher: Arrived, programme: str) -> Page:
    """Run a matching and wait for the draft."""
    page = teacher.open(programme)
    page = teacher.browser.submit(page, page.form(action="/matchings"))
    address = page.url

    def look() -> Page | None:
        shown = teacher.browser.get(address)
        return shown if shown.has_form(action="/publish") else None

    return until(look, "draft of the matching", seconds=RUN_SECONDS)


def publish(teacher: Arrived, draft: Page) -> None:
    """Publish a draft and wait until people are told."""
    address = draft.url
    teacher.browser.submit(draft, draft.form(action="/publish"))

    def look() -> Page | None:
        shown = teacher.browser.get(address)
        return shown if shown.has_form(action="/undo") else None

    until(look, "publication of the matching", seconds=RUN_SECONDS)


def pairs(member: Arrived, programme: str) -> list[str]:
    """The paths of somebody's pairs."""
    page = member.open(f"{programme}/mine")
    return page.links_with(f"{programme}/pairs/")


def accept_by_mail(town: Town, mentor: Arrived, known: set[str]) -> int:
    """Say yes with the buttons of the mails that came; return to how many."""
    said = 0
    for mail in town.mail.to(mentor.person.email):
        links = mail.links("/l/")
        if mail.name in known or not links:
            continue
        page = mentor.browser.get(links[0])
        if page.has_form():
            mentor.browser.submit(page, page.form(), last=True)
            said += 1
    return said


class PairPage:
    """The page of one pair, open before one of the two; each answer leads back to it."""

    def __init__(self, member: Arrived, path: str) -> None:
        self._member = member
        self.page = member.open(path)

    def _send(self, form: Form, answers: dict[str, Answer], *, last: bool = False) -> None:
        self.page = self._member.browser.submit(self.page, form, answers, last=last)

    def _answers(self, said: str) -> Form | None:
        for form in self.page.forms:
            if form.action.endswith("/answer") and form.controls["answer"].chosen == [said]:
                return form
        return None

    @property
    def runs(self) -> bool:
        """Whether the pair was accepted and has not ended."""
        return self._answers("end") is not None

    def accept(self) -> None:
        """Say yes here when it was not said by mail."""
        form = self._answers("accept")
        if form is not None:
            self._send(form, {}, last=True)

    def end(self) -> None:
        form = self._answers("end")
        if form is None:
            raise NotOnThePage(f"the end of a pair on {self.page.url}")
        self._send(form, {}, last=True)

    def set_goal(self, due: datetime, random: Random) -> None:
        goal, evidence = random.choice(GOALS)
        answers: dict[str, Answer] = {"text": goal, "evidence": evidence}
        answers["due_on"] = due.date().isoformat()
        self._send(self.page.form(action="/goal", field="text"), answers)

    def promise(self, random: Random) -> None:
        """The last thing one does on the page."""
        answers: dict[str, Answer] = {"promise": random.choice(PROMISES)}
        self._send(self.page.form(field="promise"), answers, last=True)

    def keep_promises(self) -> None:
        """Tick one's own open promises off."""
        while True:
            own = [form for form in self.page.forms if "/promise/" in form.action]
            if not own:
                return
            self._send(own[0], {})

    def propose_meeting(self, days: int, now: datetime, place: str) -> None:
        """Propose an evening some days ahead, on one's own clock."""
        form = self.page.form(action="/meeting", field="starts")
        zone = self._member.person.zone
        day = (now + timedelta(days=days)).astimezone(ZoneInfo(zone))
        starts = day.replace(hour=18, minute=30, second=0, microsecond=0, tzinfo=None)
        answers: dict[str, Answer] = {"starts": starts.isoformat(timespec="minutes")}
        answers |= {"minutes": "30", "place": place}
        if zone in form.controls["time_zone"].offered:
            answers["time_zone"] = zone
        self._send(form, answers)

    def agree_meeting(self) -> None:
        for form in self.page.forms:
            if "/meeting/" in form.action and form.controls["answer"].chosen == ["agree"]:
                self._send(form, {})
                return
        raise NotOnThePage(f"a meeting to agree to on {self.page.url}")


def pair_pages(member: Arrived, programme: str) -> Iterator[PairPage]:
    """Open somebody's pairs, one after the other."""
    for path in pairs(member, programme):
        yield PairPage(member, path)
