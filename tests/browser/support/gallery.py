"""Every page that we would show a customer, each while the world is in the right state for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.browser.support import quick
from tests.browser.support.chromium import new_person, signed_in_page
from tests.browser.support.course import open_campus
from tests.browser.support.people import by_invitation
from tests.browser.support.story import Story
from tests.support.world import World, lantern

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ADMIN = "noor@association.example"


@dataclass(frozen=True)
class Shown:
    """One page: its name, who looks at it (None: somebody who is not signed in), its address."""

    name: str
    who: str | None
    path: str


def walk(world: World, browser: "Browser") -> Iterator[tuple[Story, Shown]]:
    """Walk the main path and stop at every page; the one who asks looks at it in between."""
    story = Story(world, browser, open_campus(world))
    for stage in (_begin, _joining, _matching, _pairs, _reviews, _credentials, _administration):
        for name, who, path in stage(story):
            yield story, Shown(name, who, path)
    story.close()


Stage = Iterator[tuple[str, str | None, str]]


def _begin(story: Story) -> Stage:
    yield "sign-in", None, "/sign-in"
    yield "sign-in-by-mail", None, "/sign-in/mail"
    yield "not-found", None, "/no-such-page"
    tessa = quick.come(story, "tessa")
    place = tessa.path.rstrip("/")
    yield "course-home-new", "tessa", f"{place}/"
    yield "programmes-none", "tessa", f"{place}/mentoring/"
    yield "reviews-none", "tessa", f"{place}/reviews/"
    yield "programme-start", "tessa", f"{place}/mentoring/new"
    quick.start(story)
    yield "programme-people-new", "tessa", story.programme
    yield "invitation", None, story.invitation


def _joining(story: Story) -> Stage:
    quick.come(story, "ada")
    yield "course-home-learner", "ada", f"{story.place}/"
    yield "programme-mine-new", "ada", story.programme
    yield "join", "ada", f"{story.programme}/join"
    quick.join(story)
    yield "programme-mine-joined", "ada", f"{story.programme}/mine"
    yield "programme-people", "tessa", story.programme
    yield "programme-about", "tessa", f"{story.programme}/about"
    yield "join-refused", "zoe", "/admin/"


def _matching(story: Story) -> Stage:
    yield "matchings-none", "tessa", f"{story.programme}/matchings"
    quick.draft(story)
    yield "matching-draft", "tessa", story.matching
    tessa = story.guests["tessa"]
    tessa.open(story.matching)
    yield "matching-compare", "tessa", tessa.page.link("/learners/")
    quick.publish(story)
    yield "matching-published", "tessa", story.matching
    yield "mail-accept", None, story.used_link
    yield "home-mentor-asked", "mara", "/"
    yield "programme-left-over", "cleo", f"{story.programme}/mine"


def _pairs(story: Story) -> Stage:
    mara = story.guests["mara"]
    mara.open(f"{story.programme}/mine")
    yield "pair-asked", "mara", mara.page.link("/pairs/")
    quick.accept(story)
    yield "mail-accepted-again", None, story.used_link
    yield "pair-begun", "ada", mara.page.link("/pairs/")
    yield "pair-running", "ada", quick.meet(story)
    yield "programme-mine-pair", "ada", f"{story.programme}/mine"
    yield "home-learner", "ada", "/"
    yield "your-time", "mara", "/your-time"
    yield "profile", "mara", "/profile"
    yield "notices", "mara", "/notices"
    yield "privacy", "mara", "/privacy"
    yield "helping", "mara", "/helping"
    yield "forum-link", "ben", f"/discourse/{story.world.connection}/link"
    yield "forum-link-other", "ben", f"/discourse/{story.world.connection}/link/other"


def _reviews(story: Story) -> Stage:
    yield "review-activity-new", "tessa", f"{story.place}/reviews/new"
    quick.set_task(story)
    yield "review-hand-in", "ada", story.activity
    yield "reviews", "ada", f"{story.place}/reviews/"
    writing = quick.hand_in(story)
    yield "review-work-waits", "ben", story.activity
    yield "review-write", "ada", writing
    quick.give_reviews(story)
    yield "review-received", "ada", f"{story.activity}/received"
    yield "review-activity-done", "ada", story.activity
    yield "review-grid", "tessa", f"{story.activity}/all"
    tessa = story.guests["tessa"].open(f"{story.activity}/all")
    yield "review-of-one", "tessa", tessa.link("/all/")


def _credentials(story: Story) -> Stage:
    quick.help_in_forum(story)
    yield "credentials", "ada", "/my/credentials"
    ada = story.guests["ada"]
    found = ada.open("/my/credentials").links_with("/my/credentials/")
    mine = [path for path in found if not path.endswith(".zip")][-1]  # the reviewed work
    yield "credential-new", "ada", mine
    ada.open(mine)
    ada.send(action="/claim")
    yield "credential-mine", "ada", mine
    ada.open(mine)
    ada.send({"label": "Acme, for my application"}, action="/links")
    ada.open(mine)
    ada.send(action="/share")
    public = ada.page.link("/credentials/").replace("/my/", "/").removesuffix(".json")
    yield "credential-shared", "ada", ada.path
    yield "credential-public", None, public
    document = ada.browser.session.get(f"{story.world.base_url}{public}.json").json()
    achievement = document["credentialSubject"]["achievement"]["id"]
    yield "achievement-public", None, urlsplit(achievement).path
    yield "credentials-none", "ben", "/my/credentials"
    yield "portfolio-none", "ben", "/my/portfolio"
    ada.open("/my/portfolio")
    ada.send({"items": [mine.rsplit("/", 1)[1]]}, field="title")
    ada.open("/my/portfolio")
    ada.send({"label": "Acme, for my application"}, action="/my/portfolio/links")
    yield "portfolio", "ada", "/my/portfolio"
    yield "portfolio-public", None, ada.open("/my/portfolio").link("/portfolios/")


def _administration(story: Story) -> Stage:
    said = lantern(story.world.composition.settings, "admin", "invite", "--json")
    link = json.loads(said)["url"]
    yield "invitation-administrator", None, link
    story.guests["noor"] = by_invitation(story.world, link, ADMIN, "Noor Rahman")
    for name, path in (
        ("admin-home", "/"),
        ("admin", "/admin/"),
        ("admin-staff", "/admin/staff"),
        ("admin-platforms", "/admin/platforms"),
        ("admin-platforms-by-hand", "/admin/platforms/by-hand"),
        ("admin-connect", "/admin/setup/connect"),
        ("admin-deliveries", "/admin/deliveries"),
        ("admin-audit", "/admin/audit"),
        ("admin-achievements", "/admin/achievements"),
        ("admin-achievement-new", "/admin/achievements/new"),
    ):
        yield name, "noor", path
    noor = story.guests["noor"]
    noor.open("/admin/achievements/new")
    said = {"name": "Careful reader", "description": "Reads the work of others closely."}
    draft = noor.send({**said, "reviews": "1"}, field="description")
    yield "admin-achievement-draft", "noor", urlsplit(draft.url).path
    noor.open("/admin/achievements/new")
    said = {"name": "Host", "description": "Welcomes those who are new here."}
    noor.send({**said, "reviews": "", "mode": "by_hand"}, field="description")
    noor.send(action="/publish")
    host = noor.path
    yield "admin-achievement-by-hand", "noor", host
    yield "admin-achievement-many", "noor", f"{host}/many"


class Viewer:
    """Opens pages in one manner (dark, a phone), with a browser for each person."""

    def __init__(self, browser: "Browser", **wishes: Any) -> None:
        self._browser = browser
        self._wishes = wishes
        self._pages: dict[str | None, Page] = {}

    def open(self, story: Story, shown: Shown) -> "Page":
        base = story.world.base_url
        if shown.who not in self._pages:
            if shown.who is None:
                page = new_person(self._browser, base_url=base, **self._wishes).new_page()
            else:
                cookies = story.guests[shown.who].browser.session.cookies
                page = signed_in_page(self._browser, base, cookies, **self._wishes)
            self._pages[shown.who] = page
        page = self._pages[shown.who]
        page.goto(shown.path)
        return page

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()
