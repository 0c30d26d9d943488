"""A bad day of the platform, switched on and counted down."""

import pytest
import requests

from plugin.practice.lms import keys, queries
from plugin.practice.lms.call_log import calls
from plugin.practice.lms.faults import Area, Mode, clear_faults, faults, set_fault
from plugin.practice.lms.scopes import ROSTER_READ
from tests.plugin.practice.lms.conftest import Place
from tests.plugin.practice.lms.test_grades import NOON, Gradebook


@pytest.mark.parametrize(
    ("mode", "status"),
    [(Mode.ERROR, 500), (Mode.UNAVAILABLE, 503), (Mode.TOO_MANY, 429), (Mode.HANG, 504)],
)
def test_a_broken_gradebook_stores_nothing(place: Place, mode: Mode, status: int) -> None:
    book = Gradebook(place)
    set_fault(place.lms.store, Area.GRADES, mode, count=1)
    assert book.score(place.ada.id, 5, NOON) == status
    assert book.result(place.ada.id) == {}
    assert faults(place.lms.store) == {}


def test_a_lost_answer_has_had_its_effect(place: Place) -> None:
    book = Gradebook(place)
    set_fault(place.lms.store, Area.GRADES, Mode.LOST, count=1)
    assert book.score(place.ada.id, 5, NOON) == 502
    assert book.result(place.ada.id)["resultScore"] == 5
    assert book.score(place.ada.id, 5, NOON) == 409
    with place.lms.store.reading() as db:
        assert [p.status for p in queries.score_posts(db, place.course.id)] == [409, 200]


def test_faults_last_for_their_count_or_until_cleared(place: Place) -> None:
    set_fault(place.lms.store, Area.TOKEN, Mode.UNAVAILABLE, count=2)
    answers = [place.tool.ask_token(ROSTER_READ).status_code for _ in range(3)]
    assert answers == [503, 503, 200]
    set_fault(place.lms.store, Area.KEY_SET, Mode.ERROR)
    url = place.lms.platform.key_set_url
    assert [requests.get(url, timeout=10).status_code for _ in range(2)] == [500, 500]
    clear_faults(place.lms.store)
    assert requests.get(url, timeout=10).status_code == 200
    reasons = [call.reason for call in calls(place.lms.store, area="key set")]
    assert reasons == ["", "practice fault: 500", "practice fault: 500"]


def test_too_many_requests_says_when_to_come_back(place: Place) -> None:
    set_fault(place.lms.store, Area.ROSTER, Mode.TOO_MANY)
    url = place.lms.platform.memberships_url(place.course.id, place.registration)
    assert requests.get(url, timeout=10).headers["Retry-After"] == "1"


def test_keys_rotate_with_and_without_overlap(place: Place) -> None:
    old, _ = keys.signing_key(place.lms.store)
    new = keys.rotate(place.lms.store)
    assert [key["kid"] for key in keys.key_set(place.lms.store)["keys"]] == [old, new]
    assert keys.signing_key(place.lms.store)[0] == new
    only = keys.rotate(place.lms.store, drop_old=True)
    published = requests.get(place.lms.platform.key_set_url, timeout=10).json()["keys"]
    assert [key["kid"] for key in published] == [only]
    assert set(published[0]) == {"kty", "n", "e", "alg", "kid", "use"}
