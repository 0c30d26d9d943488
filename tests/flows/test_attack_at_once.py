"""Attacks by impatience: every form of every page is sent four times at the same moment.

On both databases. Nothing fails, and what may be there once is there once.
"""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.kernel.dispatch import drain
from plugin.kernel.services import Services
from plugin.mentoring.models import Matching, MatchingState, Pair, PairState, Participation, Side
from plugin.notifications.models import Preference, SignedLink
from plugin.people import public as people
from plugin.reviews.models import Assignment, Submission, Version
from plugin.settings import Settings
from tests.flows.attacked import Attacked, attacked, forms
from tests.flows.test_attack_inputs import LEFT_OUT, person_for
from tests.support.signed_in import Browser

TIMES = 4


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The same on SQLite and on PostgreSQL."""
    usual = Settings(data_folder=tmp_path, base_url="http://localhost", practice=True)
    return replace(usual, database_url=database_url, allow_loopback=True)


@pytest.fixture
def town(app: Flask, services: Services, community: people.Community) -> Attacked:
    made = attacked(app, services, community)
    with services.units.community(community.id) as uow:
        for right in people.RIGHTS:
            people.grant_right(uow, made.village.teacher.person_id, right)
        uow.commit()
    return made


def at_once(town: Attacked, browser: Browser, path: str, form: dict[str, object]) -> list[int]:
    """Post the same form several times at the same moment; what each was answered."""
    sent = form | {"csrf_token": browser.csrf()}
    header = "; ".join(f"{name}={value}" for name, value in browser._cookies.items())
    barrier = threading.Barrier(TIMES)
    found: list[int] = []

    def post() -> None:
        client = town.app.test_client(use_cookies=False)
        barrier.wait()
        answer = client.post(path, data=sent, headers={"Cookie": header})
        found.append(answer.status_code)

    threads = [threading.Thread(target=post) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def count(town: Attacked, model: type, *where: sa.ColumnElement[bool]) -> int:
    with town.services.units.reading(town.village.community.id) as uow:
        query = sa.select(sa.func.count()).select_from(model).where(*where)
        return uow.session.scalar(query) or 0


def test_no_form_fails_when_it_is_sent_at_once(town: Attacked) -> None:
    browsers = {name: town.browser(name) for name in ("Tess", "Mona", "Lea", "Pia")}
    wrong = []
    for rule, method, path in town.paths():
        if method == "GET" or rule.endpoint in LEFT_OUT or rule.endpoint == "lti.login":
            continue
        name = person_for(rule.endpoint, rule.rule)
        answers = at_once(town, browsers[name], path, forms(town).get(rule.endpoint, {}))
        if answers[-1] >= 500:
            wrong.append(f"{rule.endpoint}: {answers}")
    assert not wrong, "\n".join(wrong)


def test_first_steps_are_taken_once(town: Attacked) -> None:
    """Where no row is there to be locked, only the database's own rules keep it single."""
    village = town.village
    eve = village.enrol("Eve")
    base = f"/c/{village.context.handle}"
    browser = town.browser("Eve")
    activity = f"{base}/reviews/{town.handles['activity']}"
    answers = {
        "join": at_once(
            town,
            browser,
            f"{base}/mentoring/{village.programme.handle}/join",
            forms(town)["mentoring.join"],
        ),
        "work": at_once(town, browser, f"{activity}/work", {"text": "My work"}),
        "take": at_once(town, browser, f"{activity}/take", {}),
        "time": at_once(town, browser, "/your-time", {"minutes": "60"}),
        "notices": at_once(town, browser, "/notices", forms(town)["notifications.choose"]),
        "privacy": at_once(town, browser, "/privacy", {}),
    }
    wrong = {what: given for what, given in answers.items() if set(given) - {303, 409}}
    assert not wrong
    me = eve.person_id
    assert count(town, Participation, Participation.person_id == me) == 1
    assert count(town, Submission, Submission.author_id == me) == 1
    mine = sa.select(Submission.id).where(Submission.author_id == me)
    assert count(town, Version, Version.submission_id.in_(mine)) == 1
    assert count(town, Assignment, Assignment.reviewer_id == me) <= 1
    assert count(town, Preference, Preference.person_id == me) == 1


def test_a_draft_is_published_once_and_a_pair_accepted_once(town: Attacked) -> None:
    """Two coordinators, two tabs, a mail's button and the page."""
    village = town.village
    village.join("Nina", Side.OFFER)
    village.join("Ned", Side.LEARN)
    draft = village.match()
    base = f"/c/{village.context.handle}/mentoring/{village.programme.handle}"
    tess = town.browser("Tess")
    answers = at_once(town, tess, f"{base}/matchings/{draft.handle}/publish", {})
    assert answers.count(303) == 1
    drain(town.services)
    assert count(town, Matching, Matching.state == MatchingState.PUBLISHED) == 2
    with town.services.units.reading(village.community.id) as uow:
        pair = uow.session.scalars(sa.select(Pair).where(Pair.mentee_id == village.id("Ned"))).one()
    mentor = next(name for name, one in village.actors.items() if one.person_id == pair.mentor_id)
    at_once(town, town.browser(mentor), f"{base}/pairs/{pair.handle}/answer", {"answer": "accept"})
    drain(town.services)
    assert (
        count(town, Pair, Pair.mentee_id == village.id("Ned"), Pair.state == PairState.ACTIVE) == 1
    )
    assert count(town, SignedLink, SignedLink.used_at.is_not(None)) <= 1
