"""Attacks by what is typed: every form of every page is sent odd answers, one at a time.

Nothing may fail (5xx), nothing odd may make a page fail afterwards, and no mark-up comes back.
"""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from lti.claim_schemas import LaxUrl
from lti.registrations import origin_of as lti_origin
from plugin.kernel.limits import LimitRow
from plugin.kernel.services import Services
from plugin.people import public as people
from plugin.web import security
from tests.flows.attacked import Attacked, attacked, forms
from tests.support.signed_in import Browser

SCRIPT = "\"'><script>alert(1)</script>"
ODD = (
    f"a\0b\x1b\r\nBcc: x@example.org{SCRIPT}{{{{7*7}}}}%(x)s%s",
    "é\u202e\U0001f600" * 30_000,
    "9" * 400,
    "-1",
    "9999-12-31T23:59",
    "../../etc/passwd",
    '"a\x01b"@example.org',
    "https://[::1",
)
LEFT_OUT = ("web.sign_out",)  # the session would end


@pytest.fixture
def town(app: Flask, services: Services, community: people.Community) -> Attacked:
    made = attacked(app, services, community)
    with services.units.community(community.id) as uow:
        for right in people.RIGHTS:
            people.grant_right(uow, made.village.teacher.person_id, right)
        uow.commit()
    return made


def person_for(endpoint: str, rule: str) -> str:
    """Who gets past the policy of a page, so that the answers are looked at."""
    if "<pair>" in rule:
        return "Mona"
    if endpoint in ("reviews.submit", "reviews.answer") or endpoint.startswith("credentials_mine"):
        return "Lea"
    return "Pia" if "<assignment>" in rule else "Tess"


def test_odd_answers_break_nothing(town: Attacked) -> None:
    browsers = {name: town.browser(name) for name in ("Tess", "Mona", "Lea", "Pia")}
    values = {name: browser.csrf() for name, browser in browsers.items()}
    right = forms(town)
    wrong: list[str] = []

    def look(what: str, answer: TestResponse) -> None:
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        if answer.status_code >= 500 or SCRIPT in page or "49%" in page:
            wrong.append(f"{what}: {answer.status_code}")

    for rule, method, path in town.paths():
        name = person_for(rule.endpoint, rule.rule)
        if method == "GET" or rule.endpoint in LEFT_OUT:
            continue
        form = right.get(rule.endpoint, {})
        for field in form:
            for odd in ODD:
                sent = form | {"csrf_token": values[name], field: odd}
                answer = browsers[name].client.post(path, data=sent)
                look(f"{rule.endpoint} {field}={odd[:20]!r}", answer)
                if answer.status_code == 429:
                    _forget_limits(town)
    _look_at_all(town, browsers, look)
    assert not wrong, "\n".join(wrong)


def _look_at_all(
    town: Attacked, browsers: dict[str, Browser], look: Callable[[str, TestResponse], None]
) -> None:
    for rule, method, path in town.paths():
        if method == "GET" and rule.rule != "/readyz":  # which has no migrated tables to see here
            for name, browser in browsers.items():
                query = {"after": SCRIPT, "state": SCRIPT, "next": "//evil", "language": "\0"}
                answer = browser.get(path, query_string=query)
                look(f"GET {rule.rule} as {name}", answer)
                assert "evil" not in (answer.location or "")


def _forget_limits(town: Attacked) -> None:
    with town.services.units.system() as uow:
        uow.session.execute(sa.delete(LimitRow))
        uow.commit()


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example;script-src *",
        "https://a.example,b.example",
        "https://a.example' 'unsafe-inline",
        "https://例え.example",
        "https://a.example:99999",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_an_address_of_a_platform_writes_no_header(address: str) -> None:
    """It would end in the policy of the page, where other signs begin new directives."""
    assert LaxUrl().deserialize(address) is None
    assert lti_origin(address) == ""
    with pytest.raises(ValueError):  # noqa: PT011  # urlsplit has several texts for it
        security.origin_of(address)
