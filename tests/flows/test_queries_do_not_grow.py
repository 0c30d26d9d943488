"""The number of queries of a page does not grow with what it shows (architecture, rule 7)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.dispatch import drain
from plugin.kernel.services import Services
from plugin.mentoring.models import Side
from plugin.mentoring.queries.matchings import pairs
from plugin.people import public as people
from plugin.reviews import public as reviews
from plugin.web.public import invite
from tests.flows.attacked import Attacked, attacked

COURSE = "/c/{context}"
PROGRAMME = "/c/{context}/mentoring/{programme}"
ACTIVITY = "/c/{context}/reviews/{activity}"
PAGES = {
    "Tess": (
        "/",
        f"{COURSE}/",
        f"{COURSE}/mentoring/",
        PROGRAMME,
        f"{PROGRAMME}/about",
        f"{PROGRAMME}/matchings",
        f"{PROGRAMME}/matchings/{{matching}}",
        f"{PROGRAMME}/matchings/{{matching}}/learners/{{learner}}",
        f"{COURSE}/reviews/",
        ACTIVITY,
        f"{ACTIVITY}/all",
        f"{ACTIVITY}/all.csv",
        f"{ACTIVITY}/all/{{work}}",
        f"{COURSE}/lti/people",
        "/mentoring/",
        "/admin/",
        "/admin/staff",
        "/admin/audit",
        "/admin/deliveries?all=1",
        "/admin/forums",
        "/admin/achievements",
        "/admin/achievements/{achievement}",
    ),
    "Mona": ("/", f"{COURSE}/", f"{PROGRAMME}/mine", f"{PROGRAMME}/pairs/{{pair}}", "/notices"),
    "Lea": (
        "/",
        f"{COURSE}/",
        f"{COURSE}/reviews/",
        ACTIVITY,
        f"{ACTIVITY}/received",
        "/my/credentials",
    ),
    "Leo": ("/", f"{COURSE}/reviews/", ACTIVITY),
}


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """Collect the statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = services.units.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def grow(town: Attacked, mark: str, size: int) -> None:
    """More of everything: people who joined, work, reviews, activities, staff, invitations."""
    village, units = town.village, town.services.units
    names = [f"{mark}{number}" for number in range(size)]
    for name in names:
        village.join(f"L{name}", Side.LEARN)
        village.join(f"M{name}", Side.OFFER)
        village.enrol(f"N{name}")
    with units.community(village.community.id) as uow:
        for name in names:
            work = reviews.text_work(f"The work of {name}")
            reviews.submit_work(uow, town.handles["activity"], village.id(f"L{name}"), work)
            reviews.create_activity(
                uow,
                context_id=village.context.id,
                created_by=village.teacher.person_id,
                title=f"Activity {name}",
                instructions="Explain.",
            )
            people.grant_right(uow, village.id(f"N{name}"), people.ASSISTANT, village.context.id)
            invite(uow, community_id=village.community.id, right=people.ASSISTANT)
        uow.commit()
    said = reviews.Rating(3, "I saw this in its second part.")
    written = reviews.Written(
        dict.fromkeys(("purpose", "reasoning", "form"), said), comment="Good."
    )
    for name in names:
        with units.community(village.community.id) as uow:
            taken = reviews.take_review(uow, town.handles["activity"], village.id(f"L{name}"))
            if isinstance(taken, reviews.Reserved):
                reviews.submit_review(uow, taken.assignment, village.id(f"L{name}"), written)
            uow.commit()
    draft = village.match()
    path = PROGRAMME.format(**town.handles)
    town.browser("Tess").post(f"{path}/matchings/{draft.handle}/publish")
    drain(town.services)
    town.handles["matching"] = draft.handle
    with units.reading(village.community.id) as uow:
        town.handles["learner"] = pairs(uow, draft.id).items[0].mentee_key


def measure(town: Attacked) -> dict[str, list[str]]:
    """The statements of each page, after a first visit that warms what is kept in memory."""
    found: dict[str, list[str]] = {}
    for name, pages in PAGES.items():
        browser = town.browser(name)
        for page in pages:
            path = page.format(**town.handles)
            assert browser.get(path).status_code == 200, page
            with counted(town.services) as statements:
                browser.get(path)
            found[f"{name} {page}"] = statements
    return found


@pytest.fixture
def town(app: Flask, services: Services, community: people.Community) -> Attacked:
    made = attacked(app, services, community)
    with services.units.community(community.id) as uow:
        for right in people.RIGHTS:
            people.grant_right(uow, made.village.teacher.person_id, right)
        uow.commit()
    return made


def test_more_of_everything_asks_no_more_queries(town: Attacked) -> None:
    grow(town, "a", 3)
    before = measure(town)
    grow(town, "b", 9)
    after = measure(town)
    grown = [
        f"{page}: {len(before[page])} -> {len(statements)}"
        for page, statements in after.items()
        if len(statements) > len(before[page])
    ]
    assert not grown, "\n".join(grown)
