"""Attacks by address: handles of another community, of another course, of other people.

Every page is asked for, with forms that would be right for its owner. Nothing is shown or changed.
"""

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from plugin.kernel.database import Base
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.flows.attacked import Attacked, attacked, forms
from tests.plugin.mentoring.village import found
from tests.support.signed_in import Browser, sign_in

OPEN_TO_ALL = ("public", "signed_link")
# What every signed-in member of a community may open there: the ways to link one's own account.
OPEN_TO_MEMBERS = {
    "discourse.link",
    *(f"discourse_link.{name}" for name in ("ask_for_code", "other_ways", "begin_key", "unlink")),
}
# Only the attacker's own session, limits and begun proof of an account may have changed.
OWN = ("web_session", "web_grant", "kernel_limit", "discourse_hooks_link_proof")


@pytest.fixture
def town(app: Flask, services: Services, community: people.Community) -> Attacked:
    return attacked(app, services, community)


def everything(town: Attacked) -> dict[str, list[str]]:
    """All rows of all tables, as text."""
    with town.services.units.engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.tables.values()
            if table.name not in OWN
        }


def attempts(town: Attacked, browser: Browser, **changes: str) -> list[str]:
    """Ask for every page that names something; return what was neither refused nor not found."""
    right = forms(town)
    value = browser.csrf()
    through = []
    for rule, method, path in town.paths(**changes):
        door = str(getattr(town.app.view_functions[rule.endpoint], "door", ""))
        if door in OPEN_TO_ALL or not _names_something(rule, changes):
            continue
        if method == "GET":
            answer = browser.get(path)
        else:
            form = right.get(rule.endpoint, {}) | {"csrf_token": value}
            answer = browser.client.post(path, data=form)
        if answer.status_code not in (403, 404) and rule.endpoint not in OPEN_TO_MEMBERS:
            through.append(f"{method} {rule.rule}: {answer.status_code} {answer.location}")
    return through


def _names_something(rule: Rule, changes: dict[str, str]) -> bool:
    """Whether the address names a thing of the attacked, and not of the attacker alone."""
    return bool(set(rule.arguments) - set(changes))


def test_another_community_is_out_of_reach(app: Flask, town: Attacked, services: Services) -> None:
    """Somebody with every right in a community of their own, and a grant made up."""
    with services.units.system() as uow:
        other = people.found_community(uow, "Southern Cross")
        uow.commit()
    village = found(services, other)
    with services.units.community(other.id) as uow:
        for right in people.RIGHTS:
            people.grant_right(uow, village.teacher.person_id, right)
        uow.commit()
    grants = [*village.teacher.roles, (town.village.context.id, people.TEACHER)]
    browser = sign_in(app.test_client(), services, other.id, village.teacher.person_id, grants)
    own = {"context": village.context.handle}
    before = everything(town)
    assert attempts(town, browser) == []
    assert attempts(town, browser, **own) == []
    assert attempts(town, browser, **own, programme=village.programme.handle) == []
    assert everything(town) == before


def test_another_course_is_out_of_reach(
    app: Flask, town: Attacked, services: Services, community: people.Community
) -> None:
    """Somebody who teaches, coordinates and assists another course of the same community."""
    with services.units.community(community.id) as uow:
        course = people.context_for(
            uow, issuer="https://lms.example", external_id="2", kind="course", title="Second"
        )
        person = people.admit(uow, issuer="https://lms.example", subject="t2", kind="lti")
        people.enrol(uow, person.id, course.id, people.TEACHER, "launch")
        for right in (people.COORDINATOR, people.ASSISTANT, people.SAFETY_CONTACT):
            people.grant_right(uow, person.id, right, course.id)
        uow.commit()
    grants = [(course.id, people.TEACHER)]
    browser = sign_in(app.test_client(), services, community.id, person.id, grants)
    before = everything(town)
    assert attempts(town, browser) == []
    assert attempts(town, browser, context=course.handle) == []
    assert everything(town) == before


def test_what_is_other_peoples_is_out_of_reach(town: Attacked) -> None:
    """A fellow learner in the same course: pairs, work, reviews, credentials of others."""
    town.village.enrol("Eve")
    browser = town.browser("Eve")
    theirs = ("pair", "matching", "work", "assignment", "review", "promise", "meeting", "handle")
    before = everything(town)
    right = forms(town)
    for rule, method, path in town.paths():
        door = str(getattr(town.app.view_functions[rule.endpoint], "door", ""))
        if door in OPEN_TO_ALL or not set(theirs) & set(rule.arguments):
            continue
        if method == "GET":
            assert browser.get(path).status_code in (403, 404), rule.rule
        else:
            answer = browser.post(path, right.get(rule.endpoint, {}))
            assert answer.status_code in (403, 404), rule.rule
    assert everything(town) == before
