"""From a request to a draft to introductions: what the worker does, and what it never does."""

import pytest
import sqlalchemy as sa

from plugin.kernel.dispatch import drain
from plugin.kernel.errors import Conflict, Invalid, Refused
from plugin.kernel.outbox import Delivery, DeliveryState
from plugin.kernel.unit_of_work import UnitOfWork
from plugin.mentoring import matching as engine
from plugin.mentoring.models import Matching, MatchingState, Pair, PairState, Programme, Side
from plugin.mentoring.queries.left_over import overview
from plugin.mentoring.queries.matchings import matching, pairs, totals
from plugin.mentoring.queries.pairs import pairs_of
from plugin.mentoring.queries.pool import problem
from plugin.mentoring.queries.programmes import participations
from plugin.mentoring.services.answer import accept, decline
from plugin.mentoring.services.compute import (
    begin,
    discard,
    read_input,
    request_matching,
    store_pairs,
)
from plugin.mentoring.services.edit import assign_by_hand
from plugin.mentoring.services.publish import request_publish, request_undo, reserve_chunk
from plugin.people import public as people
from plugin.workload import public as workload
from tests.plugin.mentoring.village import Village


def publish(village: Village) -> None:
    with village.services.units.community(village.community.id) as uow:
        request_publish(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)


def only_pair(village: Village, name: str) -> Pair:
    with village.services.units.reading(village.community.id) as uow:
        return uow.session.scalars(
            sa.select(Pair).where(Pair.mentee_id == village.id(name)).order_by(Pair.id.desc())
        ).first()  # type: ignore[return-value]


def test_a_draft_is_proven_and_seen_by_nobody(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    draft = village.match()
    assert draft.state is MatchingState.DRAFT
    assert draft.value == draft.bound > 0
    assert draft.checked
    with village.services.units.reading(village.community.id) as uow:
        (row,) = pairs(uow, draft.id).items
        assert (row.mentee.name, row.mentor.name) == ("Lee", "Mara")
        assert [reason["key"] for reason in row.reasons] == ["skills", "hours", "near_peer"]
        assert pairs_of(uow, village.id("Lee")) == []
        stored = uow.session.get_one(Matching, draft.id)
        assert engine.check(stored.snapshot or {}, stored.result or {}) == ()
        assert workload.capacity(uow, village.id("Mara")).standing == 0


def test_the_left_over_are_told_why(village: Village) -> None:
    village.join("Mara", Side.OFFER, minutes_per_week=30)
    village.join("Lee", Side.LEARN)
    village.join("Noor", Side.LEARN)
    village.join("Ben", Side.LEARN, languages=("fr",))
    draft = village.match()
    with village.services.units.reading(village.community.id) as uow:
        found = overview(uow, draft.id)
        causes = {one.person.name: one.cause for one in found.left_over}
    assert causes.pop("Ben") == "no_language"
    assert list(causes.values()) == ["no_capacity"]
    assert found.everyone_free == 0


def test_a_mentor_without_a_channel_gets_nobody(village: Village) -> None:
    village.enrol("Mara", mail=False)
    with village.services.units.community(village.community.id) as uow:
        uow.session.execute(sa.text("UPDATE people_person SET email_confirmed_at = NULL"))
        uow.commit()
    village.join("Lee", Side.LEARN)
    assert village.match().value == 0


def test_publishing_reserves_then_introduces(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    village.match()
    publish(village)
    pair = only_pair(village, "Lee")
    assert pair.state is PairState.INTRODUCED
    with village.services.units.community(village.community.id) as uow:
        assert workload.capacity(uow, village.id("Mara")).standing == 30
        assert [one.handle for one in pairs_of(uow, village.id("Lee"))] == [pair.handle]
        accept(uow, pair.id, village.id("Mara"))
        accept(uow, pair.id, village.id("Mara"))
        uow.commit()
    assert only_pair(village, "Lee").state is PairState.ACTIVE
    with village.services.units.reading(village.community.id) as uow:
        assert people.related(uow, "pair", village.id("Lee")) == {village.id("Mara")}


def test_no_publishing_without_a_safety_contact(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    village.match()
    with village.services.units.community(village.community.id) as uow:
        uow.session.get_one(Programme, village.programme.id).safety_contact_id = None
        uow.commit()
    village.reload()
    with pytest.raises(Invalid, match="safety"):
        publish(village)
    assert village.latest().state is MatchingState.DRAFT


def test_a_mentor_whose_time_went_elsewhere_is_not_introduced(village: Village) -> None:
    village.join("Mara", Side.OFFER, minutes_per_week=30)
    village.join("Lee", Side.LEARN)
    village.match()
    with village.services.units.community(village.community.id) as uow:
        assert workload.reserve(uow, village.id("Mara"), "other", minutes_per_week=30)
        uow.commit()
    publish(village)
    assert only_pair(village, "Lee").state is PairState.NO_TIME
    with village.services.units.reading(village.community.id) as uow:
        assert pairs_of(uow, village.id("Lee")) == []


def test_declining_frees_the_time_and_is_respected_next_time(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    village.match()
    publish(village)
    with village.services.units.community(village.community.id) as uow:
        decline(uow, only_pair(village, "Lee").id, village.id("Mara"))
        uow.commit()
    with village.services.units.community(village.community.id) as uow:
        assert workload.capacity(uow, village.id("Mara")).standing == 0
        with pytest.raises(Conflict, match="declined"):
            accept(uow, only_pair(village, "Lee").id, village.id("Mara"))
    again = village.match()
    with village.services.units.reading(village.community.id) as uow:
        assert [one.cause for one in overview(uow, again.id).left_over] == ["kept_apart"]


def test_undo_takes_back_what_nobody_accepted(village: Village) -> None:
    village.join("Mara", Side.OFFER)
    village.join("Lee", Side.LEARN)
    village.join("Noor", Side.LEARN)
    village.match()
    publish(village)
    with village.services.units.community(village.community.id) as uow:
        accept(uow, only_pair(village, "Lee").id, village.id("Mara"))
        request_undo(uow, village.teacher, village.programme, village.latest().id)
        uow.commit()
    drain(village.services)
    assert only_pair(village, "Lee").state is PairState.ACTIVE
    assert only_pair(village, "Noor").state is PairState.WITHDRAWN
    with village.services.units.reading(village.community.id) as uow:
        assert workload.capacity(uow, village.id("Mara")).standing == 30


def test_a_worker_killed_on_the_way_goes_on(village: Village) -> None:
    """Half the pairs stored, half the time reserved: repeating every step changes nothing."""
    village.join("Mara", Side.OFFER, minutes_per_week=120)
    for name in ("Lee", "Noor", "Ben"):
        village.join(name, Side.LEARN)
    with village.services.units.community(village.community.id) as uow:
        asked = request_matching(uow, village.teacher, village.programme)
        uow.commit()
    with village.services.units.community(village.community.id) as uow:
        fresh = read_input(uow, asked.id)
        assert fresh is not None
        problem = begin(uow, asked.id, fresh)
        assert problem is not None
        store_pairs(uow, asked.id, engine.propose(problem).pairs[:1])
        uow.commit()
    drain(village.services)
    with village.services.units.community(village.community.id) as uow:
        assert totals(uow, asked.id).pairs == 3
        request_publish(uow, village.teacher, village.programme, asked.id)
        assert reserve_chunk(uow, asked.id, limit=1)
        uow.commit()
    drain(village.services)
    with village.services.units.reading(village.community.id) as uow:
        assert totals(uow, asked.id).by_state == {PairState.INTRODUCED: 3}
        assert workload.capacity(uow, village.id("Mara")).standing == 90


def test_whoever_was_left_over_comes_first_next_time(village: Village) -> None:
    """Between two equal learners the one who waited gets the next place."""
    village.join("Mara", Side.OFFER, minutes_per_week=30)
    for name in ("Lee", "Noor"):
        village.join(name, Side.LEARN)
    village.match()
    publish(village)
    with village.services.units.reading(village.community.id) as uow:
        asked = problem(uow, village.programme, seed=1)
    (left_over,) = asked.mentees
    assert left_over.waited == 1
    assert asked.policy.waiting > 0
    village.join("Omar", Side.OFFER, minutes_per_week=30)
    village.join("Ben", Side.LEARN)
    draft = village.match()
    with village.services.units.reading(village.community.id) as uow:
        assert [pair.mentee_key for pair in pairs(uow, draft.id).items] == [left_over.key]


def test_the_weakest_pair_can_be_made_as_strong_as_possible(village: Village) -> None:
    village.join("Mara", Side.OFFER, minutes_per_week=30)
    village.join("Lee", Side.LEARN)
    draft = village.match(engine.Aim.FLOOR)
    assert (draft.state, draft.aim, draft.checked) == (MatchingState.DRAFT, "floor", True)
    with village.services.units.reading(village.community.id) as uow:
        (pair,) = pairs(uow, draft.id).items
        stored = uow.session.get_one(Matching, draft.id)
        assert stored.result is not None
        assert stored.result["floor"] == pair.score


def test_a_stopped_matching_ends_without_a_trace(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The coordinator presses stop while the worker computes: nothing is stored or failed."""
    village.join("Mara", Side.OFFER, minutes_per_week=30)
    village.join("Lee", Side.LEARN)
    real = engine.propose

    def stopped_meanwhile(problem: engine.Problem, progress: engine.Progress) -> engine.Proposal:
        with village.services.units.community(village.community.id) as uow:
            discard(uow, village.teacher, village.programme, village.latest().id)
            uow.commit()
        return real(problem, progress)

    monkeypatch.setattr(engine, "propose", stopped_meanwhile)
    with village.services.units.community(village.community.id) as uow:
        asked = request_matching(uow, village.teacher, village.programme)
        uow.commit()
    drain(village.services)
    with village.services.units.reading(village.community.id) as uow:
        assert matching(uow, asked.id).state is MatchingState.DISCARDED
        assert totals(uow, asked.id).pairs == 0
        left = uow.session.scalars(
            sa.select(Delivery.subscriber).where(Delivery.state != DeliveryState.DONE)
        )
        assert "mentoring.compute_matching" not in set(left)


def test_one_matching_at_a_time_and_only_for_coordinators(village: Village) -> None:
    lee = village.join("Lee", Side.LEARN)
    with village.services.units.community(village.community.id) as uow:
        with pytest.raises(Refused):
            request_matching(uow, lee, village.programme)
        request_matching(uow, village.teacher, village.programme)
        with pytest.raises(Conflict):
            request_matching(uow, village.teacher, village.programme)


def test_a_pair_is_edited_within_the_rules(village: Village) -> None:
    village.join("Mara", Side.OFFER, minutes_per_week=30)
    village.join("Omar", Side.OFFER, minutes_per_week=60, languages=("en", "fr"))
    village.join("Lee", Side.LEARN)
    village.join("Ben", Side.LEARN, languages=("fr",))
    draft = village.match()

    def edit(mentee: str, mentor: str | None) -> None:
        with village.services.units.community(village.community.id) as uow:
            keys = _keys(uow, village)
            assign_by_hand(
                uow,
                village.teacher,
                village.programme,
                draft.id,
                mentee=keys[mentee],
                mentor=keys[mentor] if mentor else None,
            )
            uow.commit()

    with pytest.raises(Invalid, match="language"):
        edit("Ben", "Mara")
    edit("Lee", "Omar")
    edit("Ben", None)
    with village.services.units.reading(village.community.id) as uow:
        (row,) = pairs(uow, draft.id).items
        assert (row.mentee.name, row.mentor.name, row.by_hand) == ("Lee", "Omar", True)
        found = overview(uow, draft.id)
        assert [(one.person.name, one.cause) for one in found.left_over] == [("Ben", "by_hand")]
        assert {one.person.name: one.places for one in found.free} == {"Mara": 1, "Omar": 1}


def _keys(uow: UnitOfWork, village: Village) -> dict[str, str]:
    names = {actor.person_id: name for name, actor in village.actors.items()}
    return {names[one.person_id]: one.handle for one in participations(uow, village.programme.id)}
