"""Nobody gets the same place twice, nobody loses theirs, and the log tells how it came about."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from plugin.kernel.unit_of_work import UnitOfWork
from plugin.workload import public as workload
from plugin.workload.public import Exclusions, LeaseState, NotTaken, Taken
from tests.plugin.workload.conftest import Place

QUEUE = "test:queue"
EIGHT_HOURS = timedelta(hours=8)


def _offer(place: Place, authors: int, *, wanted: int = 1, minutes: int = 0) -> None:
    with place.units.community(place.community_id) as uow:
        for n, author in enumerate(place.people[:authors]):
            workload.enqueue(
                uow,
                QUEUE,
                f"item{n}",
                author_id=author,
                wanted=wanted,
                minutes=minutes,
                entered_at=place.clock.now() + timedelta(seconds=n),
                widen_at=place.clock.now() + timedelta(days=3),
            )
        uow.commit()


def _take(uow: UnitOfWork, person: UUID, **rules: bool) -> Taken | NotTaken:
    return workload.take(
        uow, QUEUE, person, reservation=EIGHT_HOURS, exclusions=Exclusions(**rules), cap=2
    )


def _key(taken: Taken | NotTaken) -> str:
    assert isinstance(taken, Taken)
    return taken.item_key


def test_the_oldest_goes_first_and_never_ones_own(place: Place) -> None:
    _offer(place, 3)
    with place.units.community(place.community_id) as uow:
        assert _key(_take(uow, place.people[0])) == "item1"
        assert _key(_take(uow, place.people[5])) == "item0"
        assert workload.position(uow, QUEUE, "item2") == 1
        assert workload.position(uow, QUEUE, "item1") is None


def test_excluded_authors_are_stepped_over(place: Place) -> None:
    _offer(place, 3)
    barred = frozenset(place.people[:2])
    with place.units.community(place.community_id) as uow:
        taken = workload.take(
            uow,
            QUEUE,
            place.people[9],
            reservation=EIGHT_HOURS,
            exclusions=Exclusions(authors=barred),
        )
        assert _key(taken) == "item2"


def test_mutual_work_is_excluded_until_the_time_to_widen(place: Place) -> None:
    _offer(place, 2)
    with place.units.community(place.community_id) as uow:
        assert _key(_take(uow, place.people[0], reciprocal=True)) == "item1"
        assert _take(uow, place.people[1], reciprocal=True) is NotTaken.NOTHING
        uow.commit()
    place.clock.advance(days=3)
    with place.units.community(place.community_id) as uow:
        assert _key(_take(uow, place.people[1], reciprocal=True)) == "item0"


def test_expiry_gives_the_old_place_back_and_the_same_person_may_take_it_again(
    place: Place,
) -> None:
    _offer(place, 3, minutes=20)
    reviewer = place.people[8]
    with place.units.community(place.community_id) as uow:
        assert _key(_take(uow, reviewer)) == "item0"
        assert workload.spent(uow, [reviewer]) == {reviewer: 20}
        uow.commit()
    place.clock.advance(hours=9)
    with place.units.community(place.community_id) as uow:
        ended = workload.expire_due(uow)
        assert [(one.item_key, one.person_id) for one in ended] == [("item0", reviewer)]
        assert workload.expire_due(uow) == []
        assert workload.spent(uow, [reviewer]) == {reviewer: 0}
        assert workload.position(uow, QUEUE, "item0") == 1
        assert _key(_take(uow, reviewer)) == "item0"
        kinds = [entry.kind for entry in workload.queue_log(uow, QUEUE, "item0")]
        assert kinds == ["offered", "taken", "expired", "taken"]


def test_handed_back_items_are_not_offered_to_the_same_person_again(place: Place) -> None:
    _offer(place, 2)
    reviewer = place.people[8]
    with place.units.community(place.community_id) as uow:
        _take(uow, reviewer)
        assert workload.hand_back(uow, QUEUE, "item0", reviewer)
        assert _key(_take(uow, reviewer)) == "item1"
        assert _key(_take(uow, place.people[9])) == "item0"


def test_a_reservation_is_renewed_while_somebody_works(place: Place) -> None:
    _offer(place, 1)
    reviewer = place.people[8]
    with place.units.community(place.community_id) as uow:
        _take(uow, reviewer)
        uow.commit()
    place.clock.advance(hours=7)
    with place.units.community(place.community_id) as uow:
        until = workload.renew(uow, QUEUE, "item0", reviewer, reservation=EIGHT_HOURS)
        assert until == place.clock.now() + EIGHT_HOURS
        uow.commit()
    place.clock.advance(hours=7)
    with place.units.community(place.community_id) as uow:
        assert workload.expire_due(uow) == []


def test_an_ended_reservation_is_resumed_while_the_place_is_free(place: Place) -> None:
    _offer(place, 1, minutes=20)
    reviewer, rival = place.people[8:10]
    with place.units.community(place.community_id) as uow:
        _take(uow, reviewer)
        uow.commit()
    place.clock.advance(hours=9)
    with place.units.community(place.community_id) as uow:
        workload.expire_due(uow)
        assert workload.renew(uow, QUEUE, "item0", reviewer, reservation=EIGHT_HOURS)
        assert workload.spent(uow, [reviewer]) == {reviewer: 20}
        assert _take(uow, rival) is NotTaken.NOTHING


def test_late_work_counts_and_uses_the_place(place: Place) -> None:
    _offer(place, 1, wanted=2, minutes=20)
    late, second = place.people[8:10]
    with place.units.community(place.community_id) as uow:
        _take(uow, late)
        uow.commit()
    place.clock.advance(hours=9)
    with place.units.community(place.community_id) as uow:
        workload.expire_due(uow)
        done = workload.finish(uow, QUEUE, "item0", late)
        assert (done.late, done.done) == (True, False)
        assert workload.spent(uow, [late]) == {late: 20}
        assert _key(_take(uow, second)) == "item0"
        last = workload.finish(uow, QUEUE, "item0", second)
        assert (last.late, last.done) == (False, True)
        again = workload.finish(uow, QUEUE, "item0", second)
        assert (again.late, again.done) == (False, False)
        assert workload.waiting(uow, QUEUE) == ()


def test_more_than_wanted_may_finish(place: Place) -> None:
    """Somebody else got the place of an ended reservation: both pieces of work count."""
    _offer(place, 1)
    late, rival = place.people[8:10]
    with place.units.community(place.community_id) as uow:
        _take(uow, late)
        uow.commit()
    place.clock.advance(hours=9)
    with place.units.community(place.community_id) as uow:
        workload.expire_due(uow)
        _take(uow, rival)
        assert workload.renew(uow, QUEUE, "item0", late, reservation=EIGHT_HOURS) is None
        assert workload.finish(uow, QUEUE, "item0", late).done
        assert not workload.finish(uow, QUEUE, "item0", rival).done
        item = workload.item(uow, QUEUE, "item0")
        assert item is not None
        assert (item.finished, item.places) == (2, 0)


def test_no_time_leaves_everything_as_it_was(place: Place) -> None:
    _offer(place, 1, minutes=30)
    reviewer = place.people[8]
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, reviewer, 20)
        assert _take(uow, reviewer) is NotTaken.NO_TIME
        uow.commit()
    with place.units.reading(place.community_id) as uow:
        assert workload.position(uow, QUEUE, "item0") == 1
        assert workload.leases(uow, QUEUE) == ()
        assert workload.spent(uow, [reviewer]) == {reviewer: 0}


def test_what_is_owed_is_counted_but_not_refused(place: Place) -> None:
    _offer(place, 2, minutes=30)
    reviewer = place.people[8]
    with place.units.community(place.community_id) as uow:
        workload.set_capacity(uow, reviewer, 20)
        taken = workload.take(uow, QUEUE, reviewer, reservation=EIGHT_HOURS, owed=True)
        assert isinstance(taken, Taken)
        assert workload.spent(uow, [reviewer]) == {reviewer: 30}
        assert workload.take(uow, QUEUE, reviewer, reservation=EIGHT_HOURS, cap=2) is (
            NotTaken.NO_TIME
        )
        workload.hand_back(uow, QUEUE, taken.item_key, reviewer)
        assert workload.spent(uow, [reviewer]) == {reviewer: 0}


def test_the_cap_limits_what_one_person_holds(place: Place) -> None:
    _offer(place, 4)
    with place.units.community(place.community_id) as uow:
        assert isinstance(_take(uow, place.people[8]), Taken)
        assert isinstance(_take(uow, place.people[8]), Taken)
        assert _take(uow, place.people[8]) is NotTaken.CAP


def test_withdrawing_gives_the_time_back(place: Place) -> None:
    _offer(place, 1, minutes=20)
    reviewer = place.people[8]
    with place.units.community(place.community_id) as uow:
        _take(uow, reviewer)
        workload.withdraw(uow, QUEUE, "item0")
        assert workload.spent(uow, [reviewer]) == {reviewer: 0}
        assert _take(uow, place.people[9]) is NotTaken.NOTHING
        lease = workload.lease(uow, QUEUE, "item0", reviewer)
        assert lease is not None
        assert lease.state is LeaseState.RETURNED


def test_lowering_what_is_wanted_can_complete_an_item(place: Place) -> None:
    _offer(place, 1, wanted=2)
    with place.units.community(place.community_id) as uow:
        _take(uow, place.people[8])
        workload.finish(uow, QUEUE, "item0", place.people[8])
        workload.set_wanted(uow, QUEUE, "item0", 1)
        assert workload.waiting(uow, QUEUE) == ()


def test_an_item_enters_once(place: Place) -> None:
    _offer(place, 1)
    with place.units.community(place.community_id) as uow:
        assert not workload.enqueue(uow, QUEUE, "item0", wanted=5)
        with pytest.raises(workload.NoSuchItem):
            workload.withdraw(uow, QUEUE, "nothing")


def test_everybody_at_once_gets_a_place_of_their_own(place: Place) -> None:
    """20 authors, each item wants 2: 40 claims at once fill exactly 40 places, none mutual."""
    _offer(place, 20, wanted=2, minutes=20)

    def claim(n: int) -> Taken | NotTaken:
        with place.units.community(place.community_id) as uow:
            taken = _take(uow, place.people[n % 20], reciprocal=True)
            uow.commit()
        return taken

    with ThreadPoolExecutor(12) as pool:
        taken = [one for one in pool.map(claim, range(40)) if isinstance(one, Taken)]
    assert len(taken) >= 36  # the very last may find only their own or mutual work
    with place.units.reading(place.community_id) as uow:
        items, leases = workload.items(uow, QUEUE), workload.leases(uow, QUEUE)
        assert len(leases) == len(taken)
        per_item = Counter(lease.item_key for lease in leases)
        assert max(per_item.values()) <= 2
        assert {key: item.held for key, item in items.items() if item.held} == dict(per_item)
        pairs = {(items[lease.item_key].author_id, lease.person_id) for lease in leases}
        assert not [pair for pair in pairs if pair[::-1] in pairs]
        spent = workload.spent(uow, place.people[:20])
        assert sum(spent.values()) == 20 * len(leases)


def test_the_estimate_comes_from_the_queues_own_history(place: Place) -> None:
    _offer(place, 8)
    with place.units.community(place.community_id) as uow:
        assert workload.wait_estimate(uow, QUEUE) is None
        uow.commit()
    for hour in range(1, 7):
        place.clock.advance(hours=1)
        with place.units.community(place.community_id) as uow:
            key = _key(_take(uow, place.people[8 + hour]))
            workload.finish(uow, QUEUE, key, place.people[8 + hour])
            uow.commit()
    place.clock.advance(hours=1)
    with place.units.reading(place.community_id) as uow:
        estimate = workload.wait_estimate(uow, QUEUE)
    assert estimate is not None
    assert (estimate.finished, estimate.still_waiting) == (6, 2)
    assert estimate.median is not None
    assert timedelta(hours=3) < estimate.median < timedelta(hours=4)
    assert estimate.high is None  # two of eight still wait: nobody knows yet how long
