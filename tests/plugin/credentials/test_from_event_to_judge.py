"""The whole way: an event comes in, and a program that is not ours judges what our pages serve."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from plugin.people import public as people
from tests.contracts.openbadges import npm
from tests.plugin.credentials.conftest import Place
from tests.support.clock import FixedClock
from tests.support.signed_in import sign_in

NOW = "2026-01-15T12:30:00Z"


@pytest.fixture
def clock() -> FixedClock:
    """Some day in the past: the verifier compares the status list with the real time."""
    return FixedClock(datetime(2026, 1, 15, 12, 0, tzinfo=UTC))


def fetch(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(urlsplit(address).path)
    assert answer.status_code == 200
    document: dict[str, Any] = json.loads(answer.data)
    return document


def judged(client: FlaskClient, handle: str, *, older: bool) -> npm.Verdict:
    """Collect all that the verifier may read from our public addresses, as a stranger would."""
    stranger = client.application.test_client()
    credential = fetch(stranger, f"/credentials/{handle}.json")
    did = credential["issuer"]["id"]
    listed = credential["credentialStatus"]["statusListCredential"]
    (verdict,) = npm.judge(
        [credential],
        dids={did: fetch(stranger, "/" + "/".join(did.split(":")[3:]) + "/did.json")},
        documents={listed: fetch(stranger, listed)},
        now=NOW,
        older_contexts=older,
    )
    return verdict


def test_what_the_pages_serve_verifies_and_a_revocation_reaches_the_verifier(
    client: FlaskClient, place: Place
) -> None:
    npm.installed()
    ada = place.person("Ada Lovelace")
    place.happen(place.reviewed(ada))
    (earned,) = place.earned(ada)
    holder = sign_in(client, place.services, place.community_id, ada)
    holder.post(f"/my/credentials/{earned.handle}/share", {"show": "named", "name": "Zoë Nguyễn"})

    for older in (False, True):
        verdict = judged(client, earned.handle, older=older)
        assert (verdict.verified, verdict.revoked, verdict.reason) == (True, False, "")

    staff = place.person("Cleo")

    place.do(lambda uow: people.grant_right(uow, staff, "coordinator"))
    coordinator = sign_in(
        client.application.test_client(), place.services, place.community_id, staff
    )
    done = coordinator.post(
        f"/admin/achievements/{earned.achievement_handle}/revoke/{earned.handle}",
        {"reason": "Given by mistake"},
    )

    assert done.status_code == 303
    verdict = judged(client, earned.handle, older=False)
    assert (verdict.verified, verdict.revoked) == (True, True)
