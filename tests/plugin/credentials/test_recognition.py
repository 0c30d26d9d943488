"""Recognition for those who help: letter from the ledger, confirmed outcomes, thanks, the path."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from plugin.credentials import rules
from plugin.credentials.milestones import HOURS, Served, milestones
from plugin.credentials.models import CredentialEdition, EvidenceEvent, Thanks
from plugin.credentials.public import PERSON_DATA
from plugin.credentials.services import pathways, recognition
from plugin.events.mentoring import PairAccepted, PairEnded
from plugin.kernel.errors import Conflict, NotFound
from plugin.kernel.ids import new_id
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.people import public as people
from plugin.workload import public as workload
from tests.plugin.credentials.conftest import Place
from tests.plugin.credentials.test_awarding import verify
from tests.plugin.credentials.test_deciding import make, names, review_by
from tests.plugin.credentials.test_pages import browser_of
from tests.support.clock import FixedClock
from tests.support.signed_in import Browser, sign_in


def pair(
    place: Place, clock: FixedClock, mentor: UUID, mentee: UUID, *, weeks: int, end: bool = True
) -> UUID:
    """A pair of 30 minutes a week, in the ledger and by its events."""
    pair_id = new_id()
    key = f"mentoring.pair:{pair_id}"
    facts = {
        "pair_id": pair_id,
        "context_id": new_id(),
        "mentor_id": mentor,
        "mentee_id": mentee,
    }

    def begin(uow: UnitOfWork) -> None:
        workload.set_capacity(uow, mentor, 300)
        assert workload.reserve(uow, mentor, key, minutes_per_week=30)
        workload.confirm(uow, key)
        people.relate(uow, "pair", mentor, mentee, None, str(pair_id))

    place.do(begin)
    place.happen(PairAccepted(**facts))
    clock.advance(weeks=weeks)
    if end:
        place.do(lambda uow: workload.release(uow, key))
        place.happen(PairEnded(**facts, reason="ended"))
    return pair_id


def thank(place: Place, mentee: UUID, note: str, *confirmed: str) -> None:
    def act(uow: UnitOfWork) -> None:
        for one in recognition.mentorships(uow, mentee):
            recognition.thank(uow, mentee, one.handle, note=note, confirmed=confirmed)

    place.do(act)


def browse(place: Place, client: FlaskClient, person: UUID) -> Browser:
    return sign_in(client.application.test_client(), place.services, place.community_id, person)


def test_the_letter_says_what_the_ledger_and_the_mentees_say(
    place: Place, clock: FixedClock
) -> None:
    mona, lea = place.person("Mona"), place.person("Lea")
    with pytest.raises(Conflict):
        place.do(lambda uow: recognition.write_letter(uow, place.services.vault, mona))
    pair(place, clock, mona, lea, weeks=10)
    thank(place, lea, "You listened.", "goal", "moon")
    place.do(lambda uow: workload.book(uow, mona, "workload.lease:x", minutes=40))

    place.do(lambda uow: recognition.write_letter(uow, place.services.vault, mona))

    (letter,) = place.earned(mona)
    document = verify(place, letter.signed)
    words = document["evidence"][0]["narrative"]
    assert "mentoring pairs: 5 hours" in words
    assert "reviewing the work of others: 40 minutes" in words
    assert "1 person who was mentored confirmed: “Reached the goal that we had set”" in words
    text = letter.signed.decode()
    assert "Lea" not in text
    assert "You listened" not in text


def test_a_letter_is_written_anew_under_its_identifier(place: Place, clock: FixedClock) -> None:
    mona, lea = place.person("Mona"), place.person("Lea")
    pair(place, clock, mona, lea, weeks=4, end=False)
    place.do(lambda uow: recognition.write_letter(uow, place.services.vault, mona))
    (first,) = place.earned(mona)
    clock.advance(weeks=2)
    place.do(lambda uow: recognition.write_letter(uow, place.services.vault, mona))

    (second,) = place.earned(mona)
    assert "2 hours" in first.signed.decode()
    assert "3 hours" in second.signed.decode()
    assert (second.id, second.uri) == (first.id, first.uri)
    assert second.valid_from > first.valid_from
    editions = place.read(
        lambda uow: uow.session.scalar(sa.select(sa.func.count(CredentialEdition.id)))
    )
    assert editions == 2


def test_what_a_mentee_confirms_counts_once_and_can_be_taken_back(
    place: Place, clock: FixedClock
) -> None:
    mona, lea = place.person("Mona"), place.person("Lea")
    pair(place, clock, mona, lea, weeks=6)
    make(place, rules.Contributions(kind="confirmed_outcome", count=1))

    thank(place, lea, "", "goal")
    thank(place, lea, "", "goal", "skill")
    of = place.read(lambda uow: recognition.served(uow, mona))
    assert (of.confirmed, of.outcomes) == (1, {"goal": 1, "skill": 1})
    assert "Special" in names(place, mona)

    thank(place, lea, "")
    of = place.read(lambda uow: recognition.served(uow, mona))
    assert (of.confirmed, of.outcomes) == (0, {})
    assert "Special" in names(place, mona)  # people take back, not a change of mind


def test_only_who_was_mentored_can_thank(place: Place, clock: FixedClock) -> None:
    mona, lea, zoe = (place.person(name) for name in ("Mona", "Lea", "Zoe"))
    pair(place, clock, mona, lea, weeks=1, end=False)
    handle = place.read(lambda uow: recognition.mentorships(uow, lea)[0].handle)

    for stranger in (zoe, mona):
        with pytest.raises(NotFound):
            place.do(
                lambda uow, stranger=stranger: recognition.thank(
                    uow, stranger, handle, note="Hi", confirmed=["goal"]
                )
            )


@given(st.integers(0, 60_000), st.integers(0, 120), st.integers(0, 30))
def test_milestones_only_grow(minutes: int, reviews: int, pairs: int) -> None:
    now = milestones(Served({"pairs": minutes}, pairs, reviews))
    later = milestones(Served({"pairs": minutes + 600}, pairs + 1, reviews + 1))

    assert len(later) >= len(now)
    assert all(one.next_at == 0 or one.next_at > one.have for one in now)
    assert bool(now) == (minutes >= 60 * HOURS[0] or reviews > 0 or pairs > 0)


def test_the_path_leads_from_mentee_to_ambassador(place: Place, clock: FixedClock) -> None:
    mona, staff = place.person("Mona"), place.person("Cleo")
    for _again in range(2):
        place.do(lambda uow: pathways.offer_mentors_path(uow, "en", staff))
    (way,) = place.read(pathways.pathways)
    assert [stage.name for stage in way.stages] == [
        "Mentee",
        "Mentor",
        "Facilitator",
        "Ambassador",
    ]
    assert all(stage.expectation and stage.achievements for stage in way.stages)

    mentees = [place.person(f"L{number}") for number in range(3)]
    for mentee in mentees:
        pair(place, clock, mona, mentee, weeks=5)
    assert names(place, mona) == {"Mentor"}
    for mentee in mentees[:2]:
        thank(place, mentee, "", "skill")
    assert names(place, mona) == {"Mentor", "Facilitator"}
    assert names(place, mentees[0]) == {"Mentee"}
    (way,) = place.read(lambda uow: pathways.pathways(uow, mona))
    assert [stage.reached for stage in way.stages] == [False, True, True, False]


def test_the_pages_of_mentor_and_mentee(
    client: FlaskClient, place: Place, clock: FixedClock
) -> None:
    mona, lea, zoe = (place.person(name) for name in ("Mona", "Lea", "Zoe"))
    handle = make(place, rules.Decision(by="mentor"))
    pair(place, clock, mona, lea, weeks=6, end=False)
    mentor, mentee, other = (browse(place, client, one) for one in (mona, lea, zoe))
    way = place.read(lambda uow: recognition.mentorships(uow, lea)[0].handle)
    lea_handle = place.read(lambda uow: people.person(uow, lea).handle)

    assert "Mona" in mentee.get("/my/thanks").text
    note = {"note": "You listened.", "confirmed": ["goal"]}
    assert mentee.post(f"/my/thanks/{way}", note).status_code == 303
    assert other.post(f"/my/thanks/{way}", note).status_code == 404
    shown = mentor.get("/my/recognition").text
    assert "You listened." in shown
    assert "3 hours" in shown
    assert "You listened." not in other.get("/my/recognition").text

    assert mentor.post("/my/recognition/letter").status_code == 303
    assert other.post("/my/recognition/letter").status_code == 409
    place.happen()
    assert "Service letter" in mentor.get("/my/credentials").text

    said = {"achievement": handle, "words": "I saw her explain it."}
    path = f"/my/mentees/{lea_handle}"
    assert "Lea" in mentor.get("/my/mentees").text
    assert mentor.post(path, said | {"words": "x"}).status_code == 422
    assert other.post(path, said).status_code == 403
    assert mentor.post(path, said).status_code == 303
    place.happen()
    assert names(place, lea) == {"Special"}


def test_staff_lay_out_a_pathway(client: FlaskClient, place: Place) -> None:
    handle = make(place, rules.Contributions(kind="review_given", count=1))
    staff = browser_of(place, client, "Cleo", "coordinator")
    ada = place.person("Ada")
    assert staff.post("/admin/pathways", {"name": "x"}).status_code == 422
    staff.post("/admin/pathways", {"name": "Reader", "description": "To a good reader."})
    way = place.read(pathways.pathways)[0].handle
    stage = {"name": "First", "expectation": "Reads closely.", "achievements": [handle]}
    assert staff.post(f"/admin/pathways/{way}/stages", stage).status_code == 303

    assert "Reads closely." in staff.get("/admin/pathways").text
    member = browse(place, client, ada)
    assert "0 of 1 stages reached" in member.get("/my/pathways").text
    place.happen(review_by(ada, new_id()))
    assert "1 of 1 stages reached" in member.get("/my/pathways").text
    for path in ("", "/mentors", f"/{way}/stages", f"/{way}/shorten"):
        assert member.post(f"/admin/pathways{path}", stage).status_code == 403
    assert staff.post("/admin/pathways/mentors").status_code == 303
    staff.post(f"/admin/pathways/{way}/shorten")
    staff.post(f"/admin/pathways/{way}/shorten")
    assert "Reads closely." not in staff.get("/admin/pathways").text


def test_erasing_a_mentee_takes_the_note_and_leaves_what_was_confirmed(
    place: Place, clock: FixedClock
) -> None:
    mona, lea = place.person("Mona"), place.person("Lea")
    pair(place, clock, mona, lea, weeks=6)
    thank(place, lea, "You listened.", "goal")

    place.do(lambda uow: PERSON_DATA.erase(uow, lea))

    assert place.read(lambda uow: uow.session.scalars(sa.select(Thanks)).all()) == []
    kept = place.read(
        lambda uow: uow.session.scalars(
            sa.select(EvidenceEvent).where(EvidenceEvent.kind == "outcome")
        ).one()
    )
    assert str(lea) not in json.dumps(kept.facts) + kept.source_key
