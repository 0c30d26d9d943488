"""Line items, scores and results, with what Moodle does to them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from plugin.practice.lms import queries
from plugin.practice.lms.scopes import (
    GRADE_SCOPES,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULTS_TYPE,
    SCORE_TYPE,
)
from tests.plugin.practice.lms.conftest import Place

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Gradebook:
    """The tool's side of the service for one course."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.token = place.tool.token(*GRADE_SCOPES)
        self.items = place.lms.platform.line_items_url(place.course.id, place.registration)
        with place.lms.store.reading() as db:
            item = queries.line_item_of(db, place.activity.id)
        assert item is not None
        self.item = place.lms.platform.line_item_url(item)

    def call(self, method: str, url: str, accept: str = "*/*", **more: Any) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": accept,
            **more.pop("headers", {}),
        }
        return requests.request(method, url, headers=headers, timeout=10, **more)

    def send(self, method: str, url: str, body: Any, media_type: str) -> requests.Response:
        return self.call(method, url, json=body, headers={"Content-Type": media_type})

    def score(self, user_id: int, points: float | None, at: datetime, **more: Any) -> int:
        body = {
            "userId": str(user_id),
            "scoreGiven": points,
            "scoreMaximum": 10,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": at.isoformat(),
            **more,
        }
        return self.send("POST", tail(self.item, "/scores"), body, SCORE_TYPE).status_code

    def result(self, user_id: int) -> dict[str, Any]:
        answer = self.call("GET", tail(self.item, "/results") + f"&user_id={user_id}", RESULTS_TYPE)
        found: list[dict[str, Any]] = answer.json()
        return found[0] if found else {}


def tail(url: str, part: str) -> str:
    path, _, query = url.partition("?")
    return f"{path}{part}?{query}"


@pytest.fixture
def book(place: Place) -> Gradebook:
    return Gradebook(place)


def test_line_items_are_made_listed_changed_and_removed(place: Place, book: Gradebook) -> None:
    body = {"label": "Reviews", "scoreMaximum": 20, "tag": "r", "endDateTime": "2026-12-01T00:00Z"}
    made = book.send("POST", book.items, body, LINE_ITEM_TYPE)
    assert (made.status_code, made.json()["endDateTime"]) == (201, "2026-12-01T00:00Z")
    url = made.json()["id"]
    assert url.endswith(f"?type_id={place.registration.id}")
    listed = book.call("GET", book.items, LINE_ITEMS_TYPE).json()
    assert [item["label"] for item in listed] == ["Mentoring", "Reviews"]
    assert listed[0]["resourceLinkId"] == str(place.activity.id)
    assert "endDateTime" not in listed[1]
    tagged = book.call("GET", book.items + "&tag=r", LINE_ITEMS_TYPE).json()
    linked = book.call(
        "GET", book.items + f"&resource_link_id={place.activity.id}", LINE_ITEMS_TYPE
    ).json()
    assert ([i["label"] for i in tagged], [i["label"] for i in linked]) == (
        ["Reviews"],
        ["Mentoring"],
    )
    changed = book.send("PUT", url, {**body, "label": "Renamed"}, LINE_ITEM_TYPE)
    assert changed.status_code == 200
    assert book.call("GET", url, LINE_ITEM_TYPE).json()["label"] == "Renamed"
    assert book.call("DELETE", url).status_code == 204
    assert book.call("GET", url, LINE_ITEM_TYPE).status_code == 404
    assert book.call("DELETE", book.item).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"scoreMaximum": 5}, 400),
        ({"label": "x"}, 400),
        ({"label": "x", "scoreMaximum": "5"}, 400),
        ({"label": "x", "scoreMaximum": -1}, 400),
        ({"label": "x", "scoreMaximum": 5, "tag": 1}, 400),
        ({"label": "x", "scoreMaximum": 5, "resourceLinkId": "9999"}, 403),
        ([], 400),
    ],
)
def test_wrong_line_items_are_refused(book: Gradebook, body: Any, status: int) -> None:
    assert book.send("POST", book.items, body, LINE_ITEM_TYPE).status_code == status


def test_media_types_and_the_type_number_are_exact(book: Gradebook) -> None:
    assert book.call("GET", book.items).status_code == 400
    assert book.call("GET", book.items, "application/json").status_code == 400
    assert book.call("GET", tail(book.item, "/results"), "application/json").status_code == 400
    body = {"label": "x", "scoreMaximum": 5}
    assert book.send("POST", book.items, body, "application/json").status_code == 400
    assert book.call("GET", book.items.partition("?")[0], LINE_ITEMS_TYPE).status_code == 400
    assert book.call("GET", book.items + "1", LINE_ITEMS_TYPE).status_code == 403


def test_paging_of_line_items_is_broken_as_in_moodle(book: Gradebook) -> None:
    book.send("POST", book.items, {"label": "x", "scoreMaximum": 5}, LINE_ITEM_TYPE)
    answer = book.call("GET", book.items + "&limit=1", LINE_ITEMS_TYPE)
    assert len(answer.json()) == 1
    assert "&amp;from=1" in answer.headers["Link"]
    assert 'rel="next"' not in answer.headers["Link"]


def test_a_score_reaches_the_gradebook_in_its_own_scale(place: Place, book: Gradebook) -> None:
    assert book.score(place.ada.id, 40, NOON, scoreMaximum=50, comment="Well done") == 200
    result = book.result(place.ada.id)
    assert (result["resultScore"], result["resultMaximum"]) == (8, 10)
    assert (result["comment"], result["timestamp"]) == ("Well done", "2026-11-20T12:00:00+00:00")
    page = place.visitor(place.tessa).get(f"/course/{place.course.id}/grades").text
    assert "Well done" in page
    assert "accepted 200" in page
    own = place.visitor(place.ben).get(f"/course/{place.course.id}/grades").text
    assert "Well done" not in own
    assert "Posts from tools" not in own


def test_an_older_score_or_one_of_the_same_second_is_409(place: Place, book: Gradebook) -> None:
    assert book.score(place.ada.id, 5, NOON) == 200
    assert book.score(place.ada.id, 6, NOON + timedelta(milliseconds=900)) == 409
    assert book.score(place.ada.id, 6, NOON - timedelta(hours=1)) == 409
    assert book.score(place.ben.id, 6, NOON) == 200
    assert book.score(place.ada.id, 7, NOON + timedelta(seconds=1)) == 200
    assert book.result(place.ada.id)["resultScore"] == 7
    with place.lms.store.reading() as db:
        posts = queries.score_posts(db, place.course.id)
    assert [post.status for post in posts] == [200, 200, 409, 409, 200]


def test_only_learners_are_graded(place: Place, book: Gradebook) -> None:
    for user_id in (place.tessa.id, place.nora.id, 9999):
        assert book.score(user_id, 5, NOON) == 400


@pytest.mark.parametrize(
    "more",
    [
        {"userId": 3},
        {"timestamp": "today"},
        {"timestamp": "2026-11-20T12:00:00"},
        {"activityProgress": "Done"},
        {"gradingProgress": None},
        {"scoreMaximum": None},
        {"scoreMaximum": 0},
        {"scoreGiven": "7"},
        {"scoreGiven": -1},
        {"comment": 1},
    ],
)
def test_malformed_scores_are_refused(place: Place, book: Gradebook, more: dict[str, Any]) -> None:
    assert book.score(place.ada.id, 5, NOON, **more) == 400
    assert book.result(place.ada.id) == {}


def test_pending_after_a_grade_erases_it(place: Place, book: Gradebook) -> None:
    book.score(place.ada.id, 5, NOON)
    later = NOON + timedelta(minutes=1)
    assert book.score(place.ada.id, 5, later, gradingProgress="Pending") == 200
    assert set(book.result(place.ada.id)) == {"id", "userId"}


def test_points_are_cut_at_the_maximum(place: Place, book: Gradebook) -> None:
    book.score(place.ada.id, 15, NOON)
    assert book.result(place.ada.id)["resultScore"] == 10


def test_another_maximum_rescales_and_turns_empty_grades_into_0(
    place: Place, book: Gradebook
) -> None:
    book.score(place.ada.id, 5, NOON)
    book.send("PUT", book.item, {"label": "Mentoring", "scoreMaximum": 20}, LINE_ITEM_TYPE)
    assert book.result(place.ada.id)["resultScore"] == 10
    assert book.result(place.ben.id)["resultScore"] == 0
    assert book.score(place.ben.id, 10, NOON) == 200
