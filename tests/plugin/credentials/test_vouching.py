"""Those who looked at the work vouch for it, asked by its holder; competencies it speaks of."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from plugin.credentials import framework_list, proofs, rules
from plugin.credentials.models import Issuer
from plugin.credentials.multikey import VerifyingKey
from plugin.credentials.presenting import present
from plugin.credentials.services import vouching
from plugin.credentials.services.keys import published_keys
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from tests.plugin.credentials.conftest import Place
from tests.plugin.credentials.test_awarding import verify
from tests.plugin.credentials.test_deciding import make, review_by
from tests.plugin.credentials.test_pages import browser_of, stranger
from tests.plugin.credentials.test_recognition import browse


def test_reviewers_vouch_with_their_own_key_bound_to_the_evidence(
    client: FlaskClient, place: Place
) -> None:
    ada, rio, zoe = (place.person(name) for name in ("Ada", "Rio Real", "Zoe"))
    place.happen(place.reviewed(ada, reviewer_ids=(rio, new_id())))
    (earned,) = place.earned(ada)
    holder, reviewer, other = (browse(place, client, one) for one in (ada, rio, zoe))
    page = f"/my/credentials/{earned.handle}"
    words = {"words": "It stands on its own feet.", "shown_name": "A reviewer of this work"}
    asked = place.read(lambda uow: vouching.asked_of(uow, rio))
    assert asked == []  # private: nobody hears of it before its holder asks

    assert other.post(f"{page}/ask").status_code == 403
    assert holder.post(f"{page}/ask").status_code == 303
    (one,) = place.read(lambda uow: vouching.asked_of(uow, rio))
    text = reviewer.get("/my/vouch").text
    assert "9f86d081" in text
    assert "Ada" not in text
    assert earned.handle not in text
    assert other.post(f"/my/vouch/{one.handle}", words).status_code == 404
    assert reviewer.post(f"/my/vouch/{one.handle}", words | {"words": "x"}).status_code == 422
    assert reviewer.post(f"/my/vouch/{one.handle}", words).status_code == 303

    document = json.loads(place.earned(ada)[0].signed)
    (endorsement,) = document["endorsement"]
    assert endorsement["credentialSubject"]["id"] == document["id"]
    assert "9f86d081" in endorsement["credentialSubject"]["endorsementComment"]
    assert endorsement["issuer"]["id"] != document["issuer"]["id"]
    assert "Rio" not in json.dumps(document)
    keys = place.read(lambda uow: _keys(uow, endorsement["issuer"]["id"]))
    method = endorsement["proof"][0]["verificationMethod"]
    proofs.verify(endorsement, {method: keys[0]})
    assert present(document).endorsements[0].by == "A reviewer of this work"

    assert reviewer.post(f"/my/vouch/{one.handle}/back").status_code == 303
    assert "endorsement" not in json.loads(place.earned(ada)[0].signed)


def _keys(uow: UnitOfWork, did: str) -> list[VerifyingKey]:
    issuer = uow.session.scalars(sa.select(Issuer).where(Issuer.did == did)).one()
    return published_keys(uow, issuer)


CSV = (
    b"code;name;description;url\nC1;Explains;Says it clearly;https://esco.example/c1\n;Listens;;\n"
)


def test_a_list_of_competencies_reaches_the_signed_document(
    client: FlaskClient, place: Place
) -> None:
    ada = place.person("Ada")
    handle = make(place, rules.Contributions(kind="review_given", count=1))
    staff = browser_of(place, client, "Cleo", "coordinator")
    kept = {"name": "Our list", "levels": "Beginner\nAble", "text": CSV.decode()}
    assert staff.post("/admin/frameworks", kept | {"text": "name\n\n"}).status_code == 422
    assert staff.post("/admin/frameworks", kept).status_code == 303
    page = staff.get(f"/admin/achievements/{handle}").text
    listed = page.split('<option value="')[1].split(":")[0]
    base = f"/admin/achievements/{handle}/competencies"
    place.happen(review_by(ada, new_id()))
    before = place.earned(ada)[0]
    for code, level in (("C1", "1"), ("2", "")):
        said = {"competency": f"{listed}:{code}", "level": level}
        assert staff.post(base, said).status_code == 303
    assert staff.post(base, {"competency": f"{listed}:nothing"}).status_code == 404

    bea = place.person("Bea")
    place.happen(review_by(bea, new_id()))
    document = verify(place, place.earned(bea)[0].signed)
    explains, listens = document["credentialSubject"]["achievement"]["alignment"]
    assert (explains["targetName"], explains["targetUrl"]) == (
        "Explains (Able)",
        "https://esco.example/c1",
    )
    assert explains["targetFramework"] == "Our list"
    own = listens["targetUrl"].split("/frameworks/")[1].split("#")
    assert own[1] == "c2"
    assert "Listens" in stranger(client).get(f"/frameworks/{own[0]}").text

    browse(place, client, ada).post(
        f"/my/credentials/{before.handle}/claim", {"show": "named", "name": "Ada"}
    )
    assert (
        "alignment"
        not in json.loads(place.earned(ada)[0].signed)["credentialSubject"]["achievement"]
    )  # what was given keeps the version of its day
    staff.post(f"{base}/remove", {"competency": f"{listed}:2"})
    assert "Listens</li>" not in staff.get(f"/admin/achievements/{handle}").text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", [(0, "")]),
        (b"\xff", [(0, "")]),
        (b"code,description\nx,y", [(0, "")]),
        (b"name\n", [(1, "")]),
        (b"code,name\n1,A\n1,B\n", [(3, "code")]),
        (b"name,url\nA,javascript:alert(1)\n", [(2, "url")]),
        (b"code,name\n1,\n", [(2, "name")]),
        (b"name\nA\x07\n", [(2, "name")]),
    ],
)
def test_what_is_wrong_with_a_list_is_said_by_line_and_column(
    text: bytes, found: list[tuple[int, str]]
) -> None:
    assert [(one.line, one.column) for one in framework_list.read(text)[1]] == found
