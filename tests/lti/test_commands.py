"""`lantern lti …` and the adapter's part of `lantern doctor`."""

import json
from typing import Any

import pytest
import responses
from click.testing import CliRunner, Result

from lti.commands import cli
from lti.doctor import CHECKS
from plugin.app import Composition
from plugin.kernel.doctor import Verdict
from plugin.kernel.services import Services
from plugin.people import public as people
from tests.lti.conftest import Campus

ADD = [
    "add-platform", "--issuer", "https://lms.example.edu", "--client-id", "c1",
    "--auth-login-url", "https://lms.example.edu/auth",
    "--auth-token-url", "https://lms.example.edu/token",
    "--key-set-url", "https://lms.example.edu/jwks", "--deployment-id", "1",
]  # fmt: skip


def run(composition: Composition, *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, obj={"composition": lambda: composition})


def facts(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_adding_a_platform_says_what_to_tell_it(composition: Composition) -> None:
    found = facts(run(composition, *ADD, "--json"))
    assert found["status"] == "active"
    assert found["redirect_uri"] == "http://localhost/lti/launch"
    assert found["key_set_url"] == "http://localhost/lti/jwks"
    with composition.services.units.system_reading() as uow:
        (community,) = people.communities(uow)
    assert found["community"] == community.handle
    again = facts(run(composition, *ADD, "--json"))
    assert again["deployment"] == found["deployment"]
    assert "http://localhost/lti/login" in run(composition, *ADD).stdout


def test_with_several_communities_one_must_be_named(
    composition: Composition, community: people.Community
) -> None:
    with composition.services.units.system() as uow:
        people.found_community(uow, "Other")
        uow.commit()
    refused = run(composition, *ADD)
    assert refused.exit_code != 0
    assert "Northern Lights" in str(refused.exception)
    found = facts(run(composition, *ADD, "--community", community.handle, "--json"))
    assert found["community"] == community.handle


def test_listing_and_rotating(composition: Composition) -> None:
    assert "No platform yet" in run(composition, "list").stdout
    run(composition, *ADD)
    (listed,) = facts(run(composition, "list", "--json"))["deployments"]
    assert listed["issuer"] == "https://lms.example.edu"
    assert "active" in run(composition, "list").stdout
    assert facts(run(composition, "rotate-keys", "--json"))["kid"]


def verdicts(services: Services) -> dict[str, Verdict]:
    return {
        finding.text.split(":")[0]: finding.verdict
        for check in CHECKS
        for finding in check(services)
    }


def test_the_doctor_is_content_with_a_platform_that_works(campus: Campus) -> None:
    campus.clock.advance(microseconds=1)
    found = verdicts(campus.services)
    assert found["Its keys"] is Verdict.GOOD
    assert found["Access to its services"] is Verdict.GOOD


@pytest.mark.parametrize("body", ["<html>", '{"keys": []}'])
def test_the_doctor_names_what_does_not_work(composition: Composition, body: str) -> None:
    run(composition, *ADD)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
        web.get("https://lms.example.edu/jwks", body=body)
        web.post("https://lms.example.edu/token", status=404, body="<html>")
        found = [finding for check in CHECKS for finding in check(composition.services)]
    bad = [finding for finding in found if finding.verdict is not Verdict.GOOD]
    assert len(bad) == 2
    assert all(finding.mend for finding in bad)


def test_a_registration_is_made_decided_and_removed_from_the_command_line(
    composition: Composition,
) -> None:
    made = told_by(composition, "invite", "--family", "moodle", "--json")
    assert made["url"].startswith("http://localhost/lti/register/")
    run(composition, *ADD)
    (one,) = told_by(composition, "list", "--json")["registrations"]
    handle = one["registration"]
    for command, status in (("block", "blocked"), ("approve", "active")):
        assert run(composition, command, handle).exit_code == 0
        (one,) = told_by(composition, "list", "--json")["registrations"]
        assert one["status"] == status
    run(composition, "rename", handle, "Our school")
    (one,) = told_by(composition, "list", "--json")["registrations"]
    assert one["name"] == "Our school"
    (place,) = told_by(composition, "list", "--json")["deployments"]
    assert run(composition, "block", place["deployment"]).exit_code == 0
    (place,) = told_by(composition, "list", "--json")["deployments"]
    assert place["status"] == "blocked"
    assert run(composition, "remove", handle, "--yes").exit_code == 0
    left = told_by(composition, "list", "--json")
    assert left["registrations"] == []
    assert left["deployments"] == []
    assert run(composition, "approve", "no-such-handle").exit_code != 0
    told = told_by(composition, "addresses", "--json")
    assert told["canvas_configuration_url"] == "http://localhost/lti/config/canvas.json"


def told_by(composition: Composition, *command: str) -> Any:
    return facts(run(composition, *command))
