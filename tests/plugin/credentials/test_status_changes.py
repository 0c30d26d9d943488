"""Taking back, suspending and restoring: one and many, by staff and by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask.testing import FlaskClient

from plugin.app import Composition
from plugin.cli import main
from plugin.credentials import status_list
from plugin.credentials.models import Credential, SpentPlace, StatusList, StatusRun
from plugin.credentials.person_data import PERSON_DATA
from plugin.credentials.services import revoking, status_lists, status_runs
from plugin.kernel.audit import AuditEntry
from plugin.kernel.dispatch import drain
from plugin.people import public as people
from tests.plugin.credentials.conftest import Place
from tests.support.signed_in import Browser, sign_in


def staff(client: FlaskClient, place: Place) -> Browser:
    person = place.person("Cleo")
    place.do(lambda uow: people.grant_right(uow, person, "coordinator"))
    return sign_in(client.application.test_client(), place.services, place.community_id, person)


def standing(place: Place) -> list[tuple[bool, bool]]:
    """Revoked and suspended, of each credential."""
    found: list[tuple[bool, bool]] = place.read(
        lambda uow: [
            (row.revoked_at is not None, row.suspended_at is not None)
            for row in uow.session.scalars(sa.select(Credential).order_by(Credential.id))
        ]
    )
    return found


def bits(place: Place) -> dict[str, list[bool]]:
    """What the published lists say of each credential, by purpose."""

    def read(uow: object) -> dict[str, list[bool]]:
        session = uow.session  # type: ignore[attr-defined]
        rows = session.scalars(sa.select(Credential).order_by(Credential.id)).all()
        return {
            listed.purpose: [
                status_list.is_set(
                    json.loads(listed.signed)["credentialSubject"]["encodedList"], row.status_index
                )
                for row in rows
            ]
            for listed in session.scalars(sa.select(StatusList))
        }

    found: dict[str, list[bool]] = place.read(read)
    return found


def test_several_are_suspended_restored_and_withdrawn_with_progress(
    client: FlaskClient, place: Place
) -> None:
    for name in ("Ada", "Bea", "Cyd"):
        place.happen(place.reviewed(place.person(name)))
    handles = place.read(
        lambda uow: uow.session.scalars(sa.select(Credential.handle).order_by(Credential.id)).all()
    )
    holder = place.read(lambda uow: uow.session.scalars(sa.select(Credential.person_id)).first())
    base = f"/admin/achievements/{place.earned(holder)[0].achievement_handle}/status"
    browser = staff(client, place)

    assert browser.post(base, {"action": "revoke", "who": handles[0]}).status_code == 422
    assert browser.post(base, {"action": "restore"}).status_code == 422
    sent = {"action": "suspend", "reason": "We look into it", "who": list(handles[:2])}
    begun = browser.post(base, sent)
    assert begun.status_code == 303
    assert "0 of 2" in browser.get(begun.headers["Location"]).text
    drain(place.services)
    text = browser.get(begun.headers["Location"]).text
    assert "All done" in text
    assert "2 of 2" in text
    assert standing(place) == [(False, True), (False, True), (False, False)]
    assert bits(place) == {"revocation": [False] * 3, "suspension": [True, True, False]}

    browser.post(base, {"action": "restore", "who": handles[0]})
    browser.post(base, {"action": "revoke", "reason": "It was copied", "who": handles[1]})
    drain(place.services)
    assert standing(place) == [(False, False), (True, True), (False, False)]
    assert bits(place) == {
        "revocation": [False, True, False],
        "suspension": [False, True, False],
    }


def test_a_run_that_was_stopped_changes_no_more_and_another_community_cannot_start_one(
    client: FlaskClient, place: Place, composition: Composition
) -> None:
    place.happen(place.reviewed(place.person("Ada")))
    row = place.read(lambda uow: uow.session.scalars(sa.select(Credential)).one())
    achievement = place.earned(row.person_id)[0].achievement_handle
    browser = staff(client, place)
    begun = browser.post(
        f"/admin/achievements/{achievement}/status",
        {"action": "revoke", "reason": "A mistake", "who": row.handle},
    )
    assert begun.status_code == 303, begun.text
    browser.post(begun.headers["Location"] + "/stop", {})
    drain(place.services)
    assert standing(place) == [(False, False)]

    with place.services.units.system() as uow:
        other = people.found_community(uow, name="Elsewhere", locale="en", time_zone="UTC")
        uow.commit()
    with place.services.units.community(other.id) as uow:
        run = uow.session.scalars(sa.select(StatusRun)).all()
        assert run == []
        with pytest.raises(sa.exc.NoResultFound):
            status_runs.advance(uow, place.services.vault, row.id)
        assert uow.session.scalars(sa.select(Credential)).all() == []


def test_what_was_revoked_stays_so_when_its_holder_is_erased(place: Place) -> None:
    ada = place.person("Ada")
    place.happen(place.reviewed(ada))
    (earned,) = place.earned(ada)
    copy = json.loads(earned.signed)

    def revoke(uow: object) -> None:
        row = uow.session.scalars(sa.select(Credential)).one()  # type: ignore[attr-defined]
        revoking.revoke(uow, place.services.vault, row, reason="A mistake", actor=None)  # type: ignore[arg-type]

    place.do(revoke)
    place.do(lambda uow: PERSON_DATA.erase(uow, ada))

    def sign(uow: object) -> None:
        pair = status_lists.current_pair(
            uow,
            place.services.vault,
            _issuer(uow),  # type: ignore[arg-type]
        )
        status_lists.sign_pair(uow, place.services.vault, _issuer(uow), pair)  # type: ignore[arg-type]

    place.do(sign)
    spent = place.read(lambda uow: uow.session.scalars(sa.select(SpentPlace)).one())
    assert spent.revoked
    handle = copy["credentialStatus"]["statusListCredential"].rsplit("/", 1)[1]
    signed = place.read(
        lambda uow: uow.session.scalars(
            sa.select(StatusList.signed).where(StatusList.handle == handle)
        ).one()
    )
    encoded = json.loads(signed)["credentialSubject"]["encodedList"]
    assert status_list.is_set(encoded, int(copy["credentialStatus"]["statusListIndex"]))


def _issuer(uow: object) -> object:
    from plugin.credentials.services.issuers import community_issuer

    return community_issuer(uow)  # type: ignore[arg-type]


def test_the_commands_export_check_take_back_and_sign_again(
    place: Place, composition: Composition, tmp_path: Path
) -> None:
    ada = place.person("Ada")
    place.happen(place.reviewed(ada))
    (earned,) = place.earned(ada)

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(
            main.commands["credentials"],
            list(arguments),
            obj={"settings": composition.services.settings, "composition": lambda: composition},
        )
        return done.exit_code, done.output

    for form in ("json", "jwt", "png", "svg"):
        code, said = run("export", str(tmp_path), "--form", form, "--json")
        assert code == 0, said
        (written,) = json.loads(said)["files"]
        code, said = run("verify", written)
        assert code == 0, said
        assert "The signature fits" in said
    assert (tmp_path / f"{earned.handle}.json").read_bytes() == earned.signed

    assert run("revoke", earned.handle, "--reason", "Looking into it", "--suspend")[0] == 0
    code, said = run("verify", str(tmp_path / f"{earned.handle}.json"))
    assert (code, "Suspended or withdrawn" in said) == (1, True)
    assert run("restore", earned.handle)[0] == 0
    assert run("reissue", earned.handle)[0] == 0
    assert run("rotate-keys")[0] == 0
    assert run("verify", str(tmp_path / f"{earned.handle}.png"))[0] == 0
    assert run("revoke", earned.handle, "--reason", "A mistake")[0] == 0
    assert run("verify", str(tmp_path / f"{earned.handle}.svg"))[0] == 1
    assert run("reissue", earned.handle)[0] != 0
    (tmp_path / "x.json").write_text("{}")
    assert run("verify", str(tmp_path / "x.json"))[0] != 0
    actions = place.read(lambda uow: set(uow.session.scalars(sa.select(AuditEntry.action)).all()))
    assert {"credentials.credential.suspended", "credentials.credential.restored"} <= actions
