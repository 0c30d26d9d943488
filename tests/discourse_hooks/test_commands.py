"""`lantern discourse …` and what doctor says of forums."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from discourse_hooks import doctor
from discourse_hooks.commands import cli
from plugin.app import Composition
from plugin.kernel.doctor import Verdict
from plugin.people import public as people
from plugin.practice.forum.auth import add_api_key
from tests.discourse_hooks.conftest import CONNECT_SECRET, SECRET, Practice


def run(composition: Composition, *words: str) -> Result:
    obj = {"settings": composition.settings, "composition": lambda: composition}
    return CliRunner().invoke(cli, list(words), obj=obj)


def answer(composition: Composition, *words: str) -> Any:
    result = run(composition, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def connect_words(base_url: str, key: str) -> list[str]:
    return [
        "connect",
        "--base-url",
        base_url,
        "--webhook-secret",
        SECRET,
        "--connect-secret",
        CONNECT_SECRET,
        "--api-key",
        key,
        "--api-username",
        "lantern",
    ]


def test_connecting_prints_the_handle_and_the_webhook_url(
    composition: Composition, practice: Practice
) -> None:
    key = add_api_key(practice.forum, username="lantern")
    facts = answer(composition, *connect_words(practice.connection.base_url, key))
    assert facts["connection"] == practice.connection.handle
    assert facts["webhook_url"] == f"http://localhost/discourse/{facts['connection']}/events"
    assert facts["checked"] == "Data Forum"
    assert facts["quiet"] is False  # practice mode


def test_a_wrong_key_is_said_at_once(composition: Composition, practice: Practice) -> None:
    result = run(composition, *connect_words(practice.connection.base_url, "wrong"))
    assert result.exit_code != 0
    assert "API key" in result.output
    without = run(composition, *connect_words(practice.connection.base_url, "wrong"), "--no-check")
    assert without.exit_code == 0


def test_the_community_must_be_named_when_there_are_several(
    composition: Composition, community: people.Community
) -> None:
    services = composition.services
    with services.units.system() as uow:
        other = people.found_community(uow, "Southern Lights")
        uow.commit()
    words = [*connect_words("https://forum.example.org", "key"), "--no-check"]
    assert "--community" in run(composition, *words).output
    assert answer(composition, *words, "--community", other.handle)["connection"]
    assert run(composition, *words, "--community", "nonesuch").exit_code != 0


def test_quiet_is_switched(composition: Composition, practice: Practice) -> None:
    handle = practice.connection.handle
    answer(composition, "quiet", "on", "--connection", handle)
    [listed] = answer(composition, "list")
    assert listed["quiet"] is True
    verdicts = {f.verdict for f in doctor.check_forums(composition.services)}
    assert verdicts == {Verdict.GOOD, Verdict.WARN}
    answer(composition, "quiet", "off", "--connection", handle)
    assert {f.verdict for f in doctor.check_forums(composition.services)} == {Verdict.GOOD}


@pytest.mark.parametrize("words", [("inbox", "list"), ("inbox", "replay", "--parked"), ("list",)])
def test_an_empty_house_has_answers_too(
    composition: Composition, community: people.Community, words: tuple[str, ...]
) -> None:
    assert run(composition, *words).exit_code == 0
    answer(composition, *words)


def test_reconciling_on_demand_tells_figures(composition: Composition, practice: Practice) -> None:
    practice.solved_topic()
    [figures] = answer(composition, "reconcile")
    assert figures["complete"]
    assert figures["looked_at"] >= 1


def test_doctor_says_how_to_mend_a_refused_key(
    composition: Composition, practice: Practice
) -> None:
    run(composition, *connect_words(practice.connection.base_url, "wrong"), "--no-check")
    [finding] = doctor.check_forums(composition.services)
    assert finding.verdict is Verdict.BAD
    assert "connect" in finding.mend
