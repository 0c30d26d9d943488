"""Every case of cases.json against the real application.

accept: let in with a session (303). reject: a page with 4xx and a reference, no session. A platform
whose keys cannot be read is answered 503 with Retry-After. No case may end in any other 5xx.
"""

import html
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from lti import registrations
from lti.models import Deployment, DeploymentStatus
from plugin.app import Composition, create_app
from plugin.kernel.audit import AuditEntry
from plugin.kernel.urls import with_query
from plugin.settings import Settings
from tests.contracts.lti.conftest import installed
from tests.contracts.lti.platform import SPEC, TOOL, KeySetServer, Runner, sent_on
from tests.support.clock import FixedClock

LAUNCHES = [case for case in SPEC["cases"] if case.get("stage") != "login"]
LOGINS = [case for case in SPEC["cases"] if case.get("stage") == "login"]
ROLES = {
    "teacher": {"teacher"},
    "student": {"learner"},
    "none": {None, "observer"},
}


def name(case: dict[str, Any]) -> str:
    return f"{case['id']} {case['title']}"


def audited(tool: Composition, action: str) -> list[dict[str, Any]]:
    with tool.services.units.system_reading() as uow:
        rows = uow.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action))
        return [row.facts for row in rows]


def followed(runner: Runner, answer: TestResponse) -> str:
    """Where a launch ends, after the step that looks whether the session's cookie was kept."""
    cookie = next(
        c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-lantern=")
    )
    browser = runner.app.test_client()
    browser.set_cookie(
        "__Host-lantern", cookie.split("=", 1)[1].split(";")[0], domain="tool.example"
    )
    arrived = browser.get(answer.location, base_url=TOOL)
    assert arrived.status_code == 303
    return str(arrived.location)


def stored_first(answer: TestResponse) -> dict[str, str]:
    """The page that puts the login's secret into the platform's storage before it goes on."""
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    facts = {
        name: html.unescape(value)
        for name, value in re.findall(r'data-(target|origin|key|value|next)="([^"]*)"', page)
    }
    sent = dict(parse_qsl(urlsplit(facts["next"]).query))
    assert facts["target"] == "post_message_forwarding"
    assert facts["next"].startswith(f"{facts['origin']}/")
    assert facts["key"] == f"lti_state_{sent['state']}"
    assert len(facts["value"]) >= 43
    assert facts["value"] not in facts["next"]
    return sent


def assert_refused(answer: TestResponse) -> None:
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500, f"{answer.status_code}: {answer.location}"
    assert "__Host-lantern=" not in str(answer.headers.getlist("Set-Cookie"))
    if answer.status_code != 405:
        assert "Reference" in page
    assert "Traceback" not in page


@pytest.mark.parametrize("case", LAUNCHES, ids=name)
def test_launch(runner: Runner, tool: Composition, case: dict[str, Any]) -> None:
    answer = runner.launch(case)
    accepted = audited(tool, "lti.launch.accepted")
    match case["expect"]:
        case "accept" | "accept_escaped" | "accept_no_authoring":
            assert answer.status_code == 303, answer.get_data(as_text=True)
            leads = followed(runner, answer)
            assert leads.startswith("/lti/deep-linking/") == (
                case.get("base") == "deep_link" and case["expect"] == "accept"
            )
            assert any("__Host-lantern=" in one for one in answer.headers.getlist("Set-Cookie"))
            if "role" in case:
                assert accepted[-1]["role"] in ROLES[case["role"]]
        case "reject" | "friendly_error":
            assert_refused(answer)
            assert not accepted
        case "reject_second":
            assert_refused(answer)
            assert len(accepted) == 1
        case "reject_no_500":
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert "Reference" in answer.get_data(as_text=True)
            assert not accepted
        case other:
            raise ValueError(other)


@pytest.mark.parametrize("case", LOGINS, ids=name)
def test_login(runner: Runner, case: dict[str, Any]) -> None:
    form = runner.login_form(case)
    for one in case.get("remove", []):
        form.pop(one)
    form.update(case.get("set", {}))
    browser = runner.browser()
    answer = browser.login(form, case.get("method", "POST"))
    if case["expect"] == "reject":
        assert_refused(answer)
        return
    sent = stored_first(answer) if case["expect"] == "platform_storage" else sent_on(answer)
    platform = runner.platform(case)
    if case["expect"] != "platform_storage":
        assert answer.location.split("?")[0] == platform["auth_login_url"]
    assert sent["redirect_uri"] == f"{TOOL}/lti/launch"
    assert sent["client_id"] == platform["client_id"]
    assert sent["lti_message_hint"] == "mh-1"
    wanted = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "login_hint": "hint-1",
    }
    assert wanted.items() <= sent.items()
    again = sent_on(browser.login(form))  # the cookie came back: no storage is needed
    for value in ("state", "nonce"):
        assert len(sent[value]) >= 43
        assert sent[value] != again[value]
    cookies = [one.lower() for one in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) == 1
    assert all(
        flag in cookies[0] for flag in ("secure", "httponly", "samesite=none", "partitioned")
    )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_verdicts_are_the_same_on_postgresql(
    settings: Settings, clock: FixedClock, database_url: str, key_sets: KeySetServer
) -> None:
    """All launches one after another on one database, each with an empty cache of keys."""
    made = installed(replace(settings, database_url=database_url), clock)
    app = create_app(made.settings, composition=made)
    verdicts = {}
    for case in LAUNCHES:
        made.services.extra.pop("lti.key_sets", None)
        key_sets.mode = "normal"
        verdicts[case["id"]] = Runner(app, clock, key_sets).launch(case).status_code
    made.services.units.engine.dispose()
    for case in LAUNCHES:
        code = verdicts[case["id"]]
        if case["expect"].startswith("accept"):
            assert code == 303, case["id"]
        elif case["expect"] == "reject_no_500":
            assert code == 503, case["id"]
        else:
            assert 400 <= code < 500, case["id"]


def test_an_auth_address_with_a_query_keeps_it(runner: Runner, tool: Composition) -> None:
    url = with_query("https://lms.example.edu/auth?id=7&x=", {"state": "a b"})
    assert urlsplit(url).query == "id=7&x=&state=a+b"


def test_an_unknown_deployment_waits_for_the_administrator(
    runner: Runner, tool: Composition
) -> None:
    case = next(case for case in LAUNCHES if case["id"] == "B39")
    for _again in range(2):
        page = runner.launch(case).get_data(as_text=True)
        assert "waits for approval" in page
    with tool.services.units.system_reading() as uow:
        waiting = [
            one for one in registrations.deployments(uow) if one.status is DeploymentStatus.PENDING
        ]
    assert [(one.deployment_id, one.community_id) for one in waiting] == [("nope", None)]
    refused = audited(tool, "lti.launch.refused")
    assert [one["code"] for one in refused] == ["deployment_pending"] * 2


def test_a_blocked_deployment_lets_nobody_in(runner: Runner, tool: Composition) -> None:
    case = next(case for case in LAUNCHES if case["id"] == "E01-s")
    with tool.services.units.system() as uow:
        for row in uow.session.scalars(sa.select(Deployment)):
            row.status = DeploymentStatus.BLOCKED
        uow.commit()
    answer = runner.launch(case)
    assert_refused(answer)
    assert "closed" in answer.get_data(as_text=True)


def test_what_was_spent_stays_spent_after_a_refusal(runner: Runner) -> None:
    """A refused launch does not give the login back: its good token comes too late."""
    case = next(case for case in LAUNCHES if case["id"] == "E01-s")
    browser = runner.browser()
    started = sent_on(browser.login(runner.login_form(case)))
    good = {"state": started["state"], "id_token": runner.token(case, started["nonce"])}
    bad = {**good, "id_token": good["id_token"][:-8] + "AAAAAAAA"}
    assert browser.launch(bad).status_code == 403
    assert browser.launch(good).status_code == 409
