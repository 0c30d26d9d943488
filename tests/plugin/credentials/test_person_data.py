"""Erasing, exporting and merging persons."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from plugin.credentials.models import Award, Credential, EvidenceAssessor, EvidenceEvent
from plugin.credentials.public import PERSON_DATA
from plugin.credentials.services import revoking
from plugin.kernel.database import Base
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from tests.plugin.credentials.conftest import Place
from tests.plugin.credentials.test_awarding import wants


def erase(place: Place, person: UUID) -> None:
    place.do(lambda uow: PERSON_DATA.erase(uow, person))


def merge(place: Place, source: UUID, target: UUID) -> None:
    place.do(lambda uow: PERSON_DATA.merge(uow, source, target))


def mentions(place: Place, person: UUID) -> set[str]:
    """Tables of credentials in which the person's id still stands, in whatever column."""

    def look(uow: UnitOfWork) -> set[str]:
        found = set()
        for table in Base.metadata.tables.values():
            if table.name.startswith("credentials_"):
                for row in uow.session.execute(sa.select(table)):
                    if str(person) in " ".join(map(str, row)):
                        found.add(table.name)
        return found

    tables: set[str] = place.read(look)
    return tables


def test_every_table_with_a_person_is_named() -> None:
    named = {
        table.name
        for table in Base.metadata.tables.values()
        if table.name.startswith("credentials_")
        and (
            "person_id" in table.columns
            or any(key.target_fullname == "people_person.id" for key in table.foreign_keys)
        )
    }

    assert set(PERSON_DATA.tables) == named


def test_erasing_a_holder_leaves_nothing_of_them(client: FlaskClient, place: Place) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")
    place.happen(place.reviewed(ada), place.answered(place.account("ada"), ada))
    place.happen(place.reviewed(bea))
    (handle, *_others) = [c.handle for c in place.earned(ada)]

    erase(place, ada)

    assert mentions(place, ada) == set()
    assert place.earned(ada) == []
    assert len(place.earned(bea)) == 1
    assert client.get(f"/credentials/{handle}").status_code == 404


def test_erasing_a_reviewer_leaves_the_evidence_whole(place: Place) -> None:
    ada, reviewer = place.person("Ada"), place.person("Rio")
    place.happen(place.reviewed(ada, reviewer_ids=(reviewer, new_id())))
    assert mentions(place, reviewer) == {"credentials_evidence_assessor"}

    erase(place, reviewer)

    assert mentions(place, reviewer) == set()
    reviewed = sa.select(EvidenceEvent).where(EvidenceEvent.kind == "reviewed_work")
    kept = place.read(lambda uow: uow.session.scalars(reviewed).one())
    assert kept.facts["reviews"] == 2
    assert len(place.earned(ada)) == 1


def test_an_export_holds_the_signed_documents_and_the_evidence(place: Place) -> None:
    ada = place.person("Ada")
    place.happen(place.reviewed(ada))

    export = place.read(lambda uow: PERSON_DATA.export(uow, ada))

    assert json.loads(export["credentials"][0]["document"])["proof"]
    assert export["evidence"][0]["artifact_sha256"].startswith("9f86")
    json.dumps(export)


def test_merging_moves_what_only_one_of_them_has(place: Place) -> None:
    ada, twin = place.person("Ada"), place.person("Ada again")
    place.happen(place.reviewed(ada), place.answered(place.account("ada"), twin))

    merge(place, twin, ada)

    assert {c.name for c in place.earned(ada)} == {"Reviewed work", "Helpful answer"}
    assert mentions(place, twin) == set()


def test_merging_two_holders_keeps_both_credentials_and_one_standing(place: Place) -> None:
    ada, twin = place.person("Ada"), place.person("Ada again")
    place.happen(*(place.answered(place.account(name), who) for name, who in
                   (("one", ada), ("two", twin))))  # fmt: skip
    reviewer_of_both = new_id()
    place.happen(place.reviewed(ada, reviewer_ids=(reviewer_of_both,)))

    merge(place, twin, ada)

    helpful = [c for c in place.earned(ada) if c.name == "Helpful answer"]
    assert [c.revoked_at for c in helpful] == [None, None]
    standing = place.read(
        lambda uow: uow.session.scalars(
            sa.select(Award.standing).where(Award.achievement_id == helpful[0].achievement_id)
        ).all()
    )
    assert sorted(map(str, standing)) == ["None", "held"]

    def revoke(uow: UnitOfWork) -> None:
        row = uow.session.get_one(Credential, helpful[0].id)
        revoking.revoke(uow, place.services.vault, row, reason="Twice", actor=new_id())

    granted = len(wants(place))
    place.do(revoke)
    assert len(wants(place)) == granted, "the badge stays while the other credential is valid"


def test_merging_two_reviewers_of_one_work_keeps_one(place: Place) -> None:
    ada, rio, twin = (place.person(name) for name in ("Ada", "Rio", "Rio again"))
    place.happen(place.reviewed(ada, reviewer_ids=(rio, twin)))

    merge(place, twin, rio)

    kept = place.read(lambda uow: uow.session.scalars(sa.select(EvidenceAssessor.person_id)).all())
    assert kept == [rio]


@pytest.mark.parametrize("act", ["erase", "merge"])
def test_a_person_without_credentials_is_no_trouble(place: Place, act: str) -> None:
    ada, bea = place.person("Ada"), place.person("Bea")

    if act == "erase":
        erase(place, ada)
    else:
        merge(place, ada, bea)

    assert mentions(place, ada) == set()
