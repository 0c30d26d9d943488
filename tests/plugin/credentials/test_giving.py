"""Giving something to a list of people: what is wrong is said by line and column."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from plugin.credentials import giving_list, rules
from plugin.credentials.models import GivingRun
from plugin.credentials.services import giving
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from tests.plugin.credentials.conftest import Place
from tests.plugin.credentials.test_deciding import make, names
from tests.plugin.credentials.test_pages import browser_of


def member(place: Place, name: str) -> UUID:
    person = place.person(name)
    address = f"{name.lower()}@example.org"
    place.do(lambda uow: people.confirm_email(uow, person, address))
    return person


def problems(text: str | bytes) -> list[tuple[int, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(one.line, one.column) for one in giving_list.read(data).problems]


def test_a_good_list_is_read_whatever_stands_between_the_columns() -> None:
    for text in (
        "person,reason\nada@example.org,Ran the first meeting\n",
        "\ufeffReason;Person\nRan the first meeting;ada@example.org\n\n",
        'E-mail\tGrund\r\nada@example.org\t"Ran the first\r\nmeeting"\r\n',
    ):
        (line,) = giving_list.read(text.encode()).lines
        assert line == giving_list.Line(2, "ada@example.org", "Ran the first meeting")


def test_a_formula_is_only_text() -> None:
    read = giving_list.read(b"person,reason\nada@example.org,=cmd|' /C calc'!A0 and more\n")
    assert read.lines[0].words.startswith("=cmd")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(0, "")]),
        (b"\xff\xfe\x00", [(0, "")]),
        ("person,reason\n\0,x", [(0, "")]),
        ("name,reason\nada,Ran the first meeting", [(0, "")]),
        ("person,reason\n", [(1, "")]),
        ("person,reason\nada@example.org\n", [(2, "")]),
        ("person,reason\n,Ran the first meeting\n", [(2, "person")]),
        ("person,reason\na,short\n", [(2, "reason")]),
        ("person,reason\na," + "x" * 401, [(2, "reason")]),
        ("person,reason\na,Ran the\x07 first meeting\n", [(2, "reason")]),
        (
            "person,reason\nA,Ran the first meeting\na,Ran the first meeting\n",
            [(3, "person")],
        ),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column(
    text: str | bytes, found: list[tuple[int, str]]
) -> None:
    assert problems(text) == found


def test_a_list_is_checked_confirmed_and_given_once(client: FlaskClient, place: Place) -> None:
    ada, bea, cai = (member(place, name) for name in ("Ada", "Bea", "Cai"))
    handle = make(place, rules.Decision(by="staff"), mode="by_hand")
    staff = browser_of(place, client, "Cleo", "coordinator")
    base = f"/admin/achievements/{handle}/many"
    reason = "Ran the first meeting"

    wrong = staff.post(
        base, {"text": f"person,reason\nada@example.org,{reason}\nzoe@example.org,{reason}"}
    )
    assert wrong.status_code == 422
    assert "Line 3, column “person”" in wrong.text
    assert staff.post(base, {"text": ""}).status_code == 422
    upload: dict[str, Any] = {
        "list": (io.BytesIO(f"person,reason\nada@example.org,{reason}\n"
                            f"BEA@example.org,{reason}\n".encode()), "list.csv")
    }  # fmt: skip
    checked = staff.post(base, upload)
    assert checked.status_code == 303
    shown = staff.get(checked.location).text
    assert "2 people would be given it" in shown
    assert "Ada" in shown
    place.happen()
    assert names(place, ada) == set()

    assert staff.post(f"{checked.location}/give").status_code == 303
    assert staff.post(f"{checked.location}/give").status_code == 303
    place.happen()
    assert {frozenset(names(place, one)) for one in (ada, bea)} == {frozenset({"Special"})}
    assert names(place, cai) == set()
    assert "Done. 2 people were given it" in staff.get(checked.location).text
    again = staff.post(base, {"text": f"person,reason\nada@example.org,{reason}"})
    assert "Holds it already" in again.text


def test_a_killed_worker_goes_on_and_gives_nothing_twice(place: Place) -> None:
    people_ = [member(place, f"P{number}") for number in range(giving.CHUNK + 3)]
    staff = place.person("Cleo")
    handle = make(place, rules.Decision(by="staff"), mode="by_hand")
    text = "person,reason\n" + "".join(
        f"p{number}@example.org,Ran meeting number {number}\n" for number in range(len(people_))
    )

    def begin(uow: UnitOfWork) -> UUID:
        from tests.plugin.credentials.test_deciding import row_of

        read = giving_list.read(text.encode())
        run, _none = giving.check(uow, row_of(uow, handle), read, staff)
        assert run is not None
        run.confirmed_at = uow.now()
        return run.id

    run_id = place.do(begin)
    assert place.do(lambda uow: giving.advance(uow, run_id)) is True
    with place.services.units.community(place.community_id) as uow:
        giving.advance(uow, run_id)  # dies before its commit
    assert place.do(lambda uow: giving.advance(uow, run_id)) is False

    assert all(names(place, one) == {"Special"} for one in people_)
    view = place.read(lambda uow: giving.view(uow, uow.session.scalars(sa.select(GivingRun)).one()))
    assert (view.total, view.done, view.given, view.finished) == (23, 23, 23, True)


def test_a_cancelled_list_gives_nothing(client: FlaskClient, place: Place) -> None:
    ada = member(place, "Ada")
    handle = make(place, rules.Decision(by="staff"), mode="by_hand")
    staff = browser_of(place, client, "Cleo", "coordinator")
    base = f"/admin/achievements/{handle}/many"
    listed = staff.post(base, {"text": "person,reason\nada@example.org,Ran the first meeting"})

    assert staff.post(f"{listed.location}/stop").status_code == 303
    assert staff.post(f"{listed.location}/give").status_code == 409
    place.happen()
    assert names(place, ada) == set()
    rule_based = make(place, rules.Contributions(kind="review_given", count=1), name="By rule")
    path = f"/admin/achievements/{rule_based}/many"
    refused = staff.post(path, {"text": "person,reason\nada@example.org,Ran the first meeting"})
    assert refused.status_code == 409
    other = listed.location.replace(handle, rule_based)
    assert staff.get(other).status_code == 404
