"""Every form that we issue, fetched from our pages as a stranger would and judged offline by
programs that we did not write: @digitalbazaar/vc with both copies of context-3.0.3,
@digitalcredentials/verifier-core, jose, and 1EdTech's JSON schema."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

import jsonschema
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from plugin.credentials import did
from plugin.credentials.models import Achievement, Credential
from plugin.credentials.services import endorsing, renewing, revoking
from plugin.kernel.unit_of_work import UnitOfWork
from tests.contracts.openbadges import npm
from tests.plugin.credentials.conftest import Place
from tests.support.clock import FixedClock
from tests.support.signed_in import sign_in

START = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
NOW = "2026-03-01T00:00:00Z"
SCHEMA_ID = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)


@pytest.fixture
def clock() -> FixedClock:
    """Some day in the past: the verifiers compare status lists with the real time."""
    return FixedClock(START)


@dataclass
class Collected:
    """What a stranger fetched, by what was done to it, and the documents that it is checked by."""

    credentials: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)

    def dids(self) -> dict[str, Any]:
        return {name: doc for name, doc in self.documents.items() if name.startswith("did:web:")}


class Issuing:
    """One community in which everything that can happen to a credential happens."""

    def __init__(self, client: FlaskClient, place: Place) -> None:
        self.place = place
        self.client = client
        self.stranger = client.application.test_client()

    def earn(self, name: str, **share: str) -> UUID:
        person = self.place.person(name)
        self.place.happen(self.place.reviewed(person))
        (earned,) = self.place.earned(person)
        holder = sign_in(self.client, self.place.services, self.place.community_id, person)
        chosen = {"show": "named", "name": name} | share
        assert holder.post(f"/my/credentials/{earned.handle}/share", chosen).status_code == 303
        return person

    def change(self, person: UUID, act: Any) -> None:
        def work(uow: UnitOfWork) -> None:
            row = uow.session.scalars(
                sa.select(Credential).where(Credential.person_id == person)
            ).one()
            act(uow, self.place.services.vault, row)

        self.place.do(work)

    def handle(self, person: UUID) -> str:
        return self.place.earned(person)[0].handle

    def get(self, path: str) -> bytes:
        answer = self.stranger.get(path)
        assert answer.status_code == 200, path
        return answer.data

    def json(self, person: UUID) -> Any:
        return json.loads(self.get(f"/credentials/{self.handle(person)}.json"))


def from_png(data: bytes) -> Any:
    """Read with Pillow, which knows nothing of badges."""
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.size == (600, 600)
    text = image.text["openbadgecredential"]  # type: ignore[attr-defined]
    assert text.isascii()
    return json.loads(text)


def from_svg(data: bytes) -> Any:
    root = ElementTree.fromstring(data)  # our own picture
    found = root.findall("{https://purl.imsglobal.org/ob/v3p0}credential")
    assert root[0] is found[0]
    assert len(found) == 1
    return json.loads(found[0].text or "")


@pytest.fixture
def collected(client: FlaskClient, place: Place, clock: FixedClock) -> Collected:
    npm.installed()
    it, got = Issuing(client, place), Collected()
    plain = it.earn("Zoë Nguyễn-O’Hara")
    unnamed = it.earn("Ben", show="unnamed")
    endorsed, revoked, suspended, restored = (it.earn(name) for name in ("Cy", "Dee", "Eve", "Fay"))
    reissued = it.earn("Gil")
    copies = {"revoked": it.json(revoked), "suspended": it.json(suspended)}
    before = it.json(reissued)
    place.do(
        lambda uow: uow.session.execute(sa.update(Achievement).values(valid_months=1)).rowcount
    )
    expired = it.earn("Hal")
    mentor = place.person("Mentor")
    it.change(
        endorsed,
        lambda uow, vault, row: endorsing.endorse(
            uow,
            vault,
            row,
            person_id=mentor,
            shown_name="A mentor",
            title="Seen with my own eyes",
            comment="I read the work twice – and it stands.",
            base_url=place.services.settings.base_url,
        ),
    )
    clock.advance(hours=1)
    say = {"reason": "A reason for it", "actor": None}
    it.change(revoked, lambda uow, vault, row: revoking.revoke(uow, vault, row, **say))
    for person in (suspended, restored):
        it.change(person, lambda uow, vault, row: revoking.suspend(uow, vault, row, **say))
    it.change(restored, lambda uow, vault, row: revoking.restore(uow, vault, row, actor=None))
    it.change(reissued, lambda uow, vault, row: renewing.reissue(uow, vault, row, actor=None))

    got.credentials = {
        "did:web": it.json(plain),
        "unnamed": it.json(unnamed),
        "endorsed": it.json(endorsed),
        "expired": it.json(expired),
        "revoked": it.json(revoked),
        "revoked, an older copy": copies["revoked"],
        "suspended": it.json(suspended),
        "suspended, an older copy": copies["suspended"],
        "restored": it.json(restored),
        "re-issued": it.json(reissued),
        "before": before,
        "baked PNG": from_png(it.get(f"/credentials/{it.handle(plain)}.png")),
        "baked SVG": from_svg(it.get(f"/credentials/{it.handle(plain)}.svg")),
    }
    got.tokens = {
        "ES256": it.get(f"/credentials/{it.handle(plain)}.jwt").decode(),
        "RS256": it.get(f"/credentials/{it.handle(plain)}.jwt?alg=RS256").decode(),
        "expired": it.get(f"/credentials/{it.handle(expired)}.jwt").decode(),
    }
    collect(it, got)
    return got


def collect(it: Issuing, got: Collected) -> None:
    """Every document that a verifier asks for, from our addresses."""
    whole = list(got.credentials.values())
    whole += [inner for item in whole for inner in item.get("endorsement", ())]
    for credential in whole:
        name = credential["issuer"]["id"]
        path = "/" + "/".join(name.split(":")[3:]) + "/did.json"
        document = json.loads(it.get(path))
        got.documents[name] = got.documents[did.location(name)] = document
        entry = credential.get("credentialStatus")
        if entry:
            address = entry["statusListCredential"]
            got.documents[address] = json.loads(it.get(urlsplit(address).path))
    folder = resources.files("plugin.credentials") / "data"
    text = (folder / "ob_v3p0_achievementcredential_schema.json").read_text("utf-8")
    got.documents[SCHEMA_ID] = json.loads(text)


GONE = {"revoked", "revoked, an older copy", "suspended", "suspended, an older copy"}


def by_digitalbazaar(got: Collected, *, older: bool) -> Mapping[str, npm.Verdict]:
    verdicts = npm.judge(
        list(got.credentials.values()),
        dids=got.dids(),
        now=NOW,
        documents=got.documents,
        older_contexts=older,
    )
    return dict(zip(got.credentials, verdicts, strict=True))


def test_every_form_is_judged(collected: Collected) -> None:
    for older in (False, True):
        for name, verdict in by_digitalbazaar(collected, older=older).items():
            assert verdict.revoked == (name in GONE), (name, older, verdict)
            assert verdict.verified == (name != "expired"), (name, older, verdict)
            assert ("validUntil" in verdict.reason) == (name == "expired"), (name, verdict)
    endorsements = [
        inner for item in collected.credentials.values() for inner in item.get("endorsement", ())
    ]
    (verdict,) = npm.judge(endorsements, dids=collected.dids(), now=NOW)
    assert verdict.verified, verdict
    _by_verifier_core_and_jose(collected)
    _by_the_schema(collected)

    again, once = (collected.credentials[name] for name in ("re-issued", "before"))
    assert again["id"] == once["id"]
    assert again["validFrom"] > once["validFrom"]
    assert again["awardedDate"] == once["awardedDate"]
    assert collected.credentials["baked PNG"] == collected.credentials["did:web"]
    assert collected.credentials["baked SVG"] == collected.credentials["did:web"]


def _by_verifier_core_and_jose(got: Collected) -> None:
    answer = npm.judge_core(
        list(got.credentials.values()),
        documents=got.documents,
        tokens=list(got.tokens.values()),
        now=NOW,
    )
    for name, result in zip(got.credentials, answer["results"], strict=True):
        log = result["log"]
        assert result["errors"] == [], (name, result)
        assert log["valid_signature"] is True, (name, result)
        assert log.get("expiration") is (name != "expired"), (name, log)
        if name != "expired":  # of one that has expired it does not ask further
            listed = log.get("revocation_status", log.get("suspension_status"))
            assert listed is (name not in GONE), (name, log)
            assert ("revocation_status" in log) == (name == "revoked"), (name, log)
        assert result["schema"] is True, (name, result)
    tokens = dict(zip(got.tokens, answer["tokens"], strict=True))
    for name in ("ES256", "RS256"):
        assert tokens[name]["verified"], tokens[name]
        assert tokens[name]["alg"] == name
        assert tokens[name]["id"] == got.credentials["did:web"]["id"]
    assert not tokens["expired"]["verified"]
    assert "exp" in tokens["expired"]["reason"]


def _by_the_schema(got: Collected) -> None:
    kind = jsonschema.Draft201909Validator
    validator = kind(got.documents[SCHEMA_ID], format_checker=kind.FORMAT_CHECKER)
    for name, credential in got.credentials.items():
        assert [p.message for p in validator.iter_errors(credential)] == [], name


def test_the_hashed_address_can_be_compared_and_not_read(client: FlaskClient, place: Place) -> None:
    from plugin.people import public as people

    person = place.person("Ida")
    place.do(lambda uow: people.confirm_email(uow, person, "Ida@School.example"))
    place.happen(place.reviewed(person))
    (earned,) = place.earned(person)
    holder = sign_in(client, place.services, place.community_id, person)
    holder.post(f"/my/credentials/{earned.handle}/share", {"show": "unnamed", "email": "on"})
    stranger = client.application.test_client()

    document = stranger.get(f"/credentials/{earned.handle}.json").get_json(force=True)
    (identity,) = document["credentialSubject"]["identifier"]
    assert (identity["hashed"], identity["identityType"]) == (True, "emailAddress")
    assert len(identity["salt"]) == 32
    assert "ida@" not in json.dumps(document).lower()
    page = f"/credentials/{earned.handle}/email"
    assert "Yes: it was issued" in stranger.post(page, data={"email": " ida@school.EXAMPLE"}).text
    answer = stranger.post(page, data={"email": "other@school.example"})
    assert "No: it was not issued" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_an_expiring_credential_is_announced_and_renewed(place: Place, clock: FixedClock) -> None:
    place.happen(place.reviewed(place.person("Zed")))  # makes the standard achievements
    place.do(
        lambda uow: uow.session.execute(sa.update(Achievement).values(valid_months=2)).rowcount
    )
    person = place.person("Joy")
    place.happen(place.reviewed(person))
    (earned,) = place.earned(person)
    assert earned.expires_at == datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
    assert place.do(renewing.tell_who_expires) == 0
    clock.advance(days=40)
    assert place.do(renewing.tell_who_expires) == 1

    def renew(uow: UnitOfWork) -> None:
        row = uow.session.scalars(sa.select(Credential).where(Credential.id == earned.id)).one()
        renewing.renew(uow, place.services.vault, row, actor=None)

    place.do(renew)

    (after,) = place.earned(person)
    assert after.expires_at == datetime(2026, 5, 15, 12, 0, tzinfo=UTC)
    assert json.loads(after.signed)["validUntil"] == "2026-05-15T12:00:00Z"
    assert json.loads(after.signed)["id"] == json.loads(earned.signed)["id"]
    assert after.state(clock.now() + timedelta(days=90)) == "expired"
