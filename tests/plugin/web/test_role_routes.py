"""Role × route over the real application: what each kind of visitor is answered at every door.

The policies behind the doors are tested by their packages; here nobody gets past a door.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from plugin.kernel.services import Services
from plugin.people import public as people
from tests.plugin.web.conftest import Someone
from tests.support.signed_in import Browser, sign_in


def calls(app: Flask, doors: tuple[str, ...], context: str) -> Iterator[tuple[str, str, str]]:
    """Yield (door, method, path) of every route behind these doors."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        door = str(getattr(app.view_functions[rule.endpoint], "door", ""))
        if door.split(":")[0] not in doors:
            continue
        path = adapter.build(rule.endpoint, arguments(rule, context))
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield door, method, path


def arguments(rule: Rule, context: str) -> dict[str, str]:
    named = {"context": context, "form": "jwt", "hook": "people"}
    return {name: named.get(name, "x") for name in rule.arguments}


def answers(browser: Browser, method: str, path: str) -> int:
    response = browser.get(path) if method == "GET" else browser.post(path)
    response.close()
    return response.status_code


def test_nobody_signed_in_is_sent_to_the_ways_in(app: Flask, someone: Someone) -> None:
    client = app.test_client()
    client.set_cookie("lantern-visit", "a-visitor")
    visitor = Browser(client, {"lantern-visit": "a-visitor"})
    guarded = ("signed_in", "course", "staff", "administrator")
    wrong = [
        f"{method} {path} ({door})"
        for door, method, path in calls(app, guarded, someone.course.handle)
        if answers(visitor, method, path) != 401
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("grant", "right", "closed"),
    [
        (None, None, ("course", "staff", "administrator")),
        ("learner", None, ("staff", "administrator")),
        ("teacher", None, ("staff", "administrator")),
        (None, "safety_contact", ("course", "staff", "administrator")),
        (None, "assistant", ("staff", "administrator")),
        (None, "coordinator", ("administrator",)),
    ],
)
def test_doors_stay_closed(
    app: Flask,
    services: Services,
    community: people.Community,
    someone: Someone,
    grant: str | None,
    right: str | None,
    closed: tuple[str, ...],
) -> None:
    if right is not None:
        with services.units.community(community.id) as uow:
            people.grant_right(uow, someone.person.id, right)
            uow.commit()
    grants = [(someone.course.id, grant)] if grant else []
    browser = sign_in(app.test_client(), services, community.id, someone.person.id, grants)
    wrong = [
        f"{method} {path} ({door}): {status}"
        for door, method, path in calls(app, closed, someone.course.handle)
        if (status := answers(browser, method, path)) != 403
    ]
    assert not wrong, "\n".join(wrong)
