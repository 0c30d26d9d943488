"""Roster and gradebook as Canvas answers them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from plugin.practice.lms import queries, seed, submissions
from plugin.practice.lms.records import Role
from plugin.practice.lms.scopes import (
    GRADE_SCOPES,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULTS_TYPE,
    ROSTER_READ,
    ROSTER_TYPE,
    SCORE_TYPE,
)
from plugin.practice.lms.server import running_lms
from tests.plugin.practice.lms.conftest import Place, furnish
from tests.plugin.practice.lms.strict_tool import running_tool

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with (
        running_tool() as tool,
        running_lms(tmp_path / "lms.sqlite3", hang_seconds=0.01, profile="canvas") as lms,
    ):
        yield furnish(lms, tool)


class Service:
    """The tool's calls, with one token for everything."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.token = place.tool.token(*GRADE_SCOPES, ROSTER_READ)
        with place.lms.store.reading() as db:
            item = queries.line_item_of(db, place.activity.id)
        assert item is not None
        self.item_id = item.id
        self.item = place.lms.platform.line_item_url(item)
        self.items = place.lms.platform.line_items_url(place.course.id, place.registration)
        self.roster = place.lms.platform.memberships_url(place.course.id, place.registration)

    def get(self, url: str, accept: str) -> requests.Response:
        return self._call("GET", url, Accept=accept)

    def _call(self, method: str, url: str, **headers: str) -> requests.Response:
        headers["Authorization"] = f"Bearer {self.token}"
        return requests.request(method, url, headers=headers, timeout=10)

    def all(self, url: str, accept: str) -> tuple[list[Any], int]:
        """Every row behind the next links, and how many pages that took."""
        rows: list[Any] = []
        pages, following = 0, url
        while following:
            answer = self.get(following, accept)
            body = answer.json()
            rows += body["members"] if isinstance(body, dict) else body
            following, pages = answer.links.get("next", {}).get("url", ""), pages + 1
        return rows, pages

    def send(self, method: str, url: str, body: Any, kind: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        return requests.request(method, url, json=body, headers=headers, timeout=10)

    def score(self, user_id: int, points: float | None, at: datetime, **more: Any) -> int:
        body = {
            "userId": self.place.lms.platform.profile.subject(user_id),
            "scoreGiven": points,
            "scoreMaximum": 10,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": at.isoformat(),
            **more,
        }
        return self.send("POST", f"{self.item}/scores", body, SCORE_TYPE).status_code

    def points(self, user_id: int) -> float | None:
        with self.place.lms.store.reading() as db:
            grades = {one.user_id: one.score for one in queries.grades(db, self.item_id)}
        return grades.get(user_id)


@pytest.fixture
def service(place: Place) -> Service:
    return Service(place)


def test_the_roster_comes_in_pages_of_fifty_however_much_is_asked_for(
    place: Place, service: Service
) -> None:
    for number in range(120):
        user = seed.add_user(place.lms.store, username=f"u{number}", given_name=f"U{number}")
        seed.enrol(place.lms.store, place.course.id, user.id)
    rows, pages = service.all(f"{service.roster}?limit=1000", ROSTER_TYPE)
    assert (len({row["user_id"] for row in rows}), pages) == (124, 3)
    link = service.get(service.roster, ROSTER_TYPE).links["next"]["url"]
    assert "page=bookmark" in link
    assert "per_page=50" in link


def test_roster_roles_are_full_names_and_so_is_the_filter(service: Service) -> None:
    rows, _pages = service.all(service.roster, ROSTER_TYPE)
    assert all(role.startswith("http://") for row in rows for role in row["roles"])
    assert service.get(f"{service.roster}?role=Learner", ROSTER_TYPE).status_code == 400
    full = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner"
    rows, _pages = service.all(f"{service.roster}?role={full}", ROSTER_TYPE)
    assert len(rows) == 2


def test_line_items_come_in_pages_of_ten_that_keep_their_filter(service: Service) -> None:
    for number in range(12):
        body = {"label": f"Item {number}", "scoreMaximum": 5, "tag": "t"}
        made = service.send("POST", service.items, body, LINE_ITEM_TYPE)
        assert made.status_code == 201
        assert "?" not in made.json()["id"]
    rows, pages = service.all(f"{service.items}?tag=t", LINE_ITEMS_TYPE)
    assert (len(rows), pages) == (12, 2)


def test_an_earlier_score_is_400_and_one_in_the_same_second_counts(
    place: Place, service: Service
) -> None:
    assert service.score(place.ada.id, 5, NOON) == 200
    assert service.score(place.ada.id, 6, NOON + timedelta(milliseconds=300)) == 200
    assert service.score(place.ada.id, 7, NOON) == 400
    assert service.points(place.ada.id) == 6


def test_only_learners_and_only_with_a_maximum(place: Place, service: Service) -> None:
    assert service.score(place.tessa.id, 5, NOON) == 422
    assert service.score(place.ada.id, 5, NOON, scoreMaximum=None) == 422


def test_progress_that_is_not_final_leaves_the_grade(place: Place, service: Service) -> None:
    service.score(place.ada.id, 5, NOON)
    later = NOON + timedelta(seconds=5)
    assert service.score(place.ada.id, None, later, gradingProgress="Pending") == 200
    assert service.points(place.ada.id) == 5


def test_each_post_is_an_attempt_unless_it_says_otherwise(place: Place, service: Service) -> None:
    store, ada = place.lms.store, place.ada.id
    quiet = {submissions.EXTENSION: {"new_submission": False}}
    service.score(ada, 5, NOON)
    service.score(ada, 6, NOON + timedelta(seconds=1))
    service.score(ada, 7, NOON + timedelta(seconds=2), **quiet)
    assert submissions.attempts(store, service.item_id, ada) == 2
    submissions.limit_attempts(store, service.item_id, 2)
    assert service.score(ada, 8, NOON + timedelta(seconds=3)) == 422
    assert service.score(ada, 8, NOON + timedelta(seconds=3), **quiet) == 200


def test_a_teachers_own_grade_stays_when_the_tool_asks_for_that(
    place: Place, service: Service
) -> None:
    submissions.grade_by_teacher(place.lms.store, service.item_id, place.ada.id, 9)
    humble = {submissions.EXTENSION: {"prioritize_non_tool_grade": True}}
    assert service.score(place.ada.id, 3, NOON, **humble) == 200
    assert service.points(place.ada.id) == 9
    assert service.score(place.ada.id, 4, NOON + timedelta(seconds=1)) == 200
    assert service.points(place.ada.id) == 4


def test_columns_of_activities_stay_and_a_new_maximum_rescales_nothing(
    place: Place, service: Service
) -> None:
    service.score(place.ada.id, 5, NOON)
    body = {"label": "Mentoring", "scoreMaximum": 100}
    assert service.send("PUT", service.item, body, LINE_ITEM_TYPE).status_code == 200
    assert service.points(place.ada.id) == 5
    assert service._call("DELETE", service.item).status_code == 401


def test_results_name_people_as_launches_do(place: Place, service: Service) -> None:
    service.score(place.ada.id, 5, NOON)
    (result,) = service.get(f"{service.item}/results", RESULTS_TYPE).json()
    assert result["userId"] == place.lms.platform.profile.subject(place.ada.id)


def test_observers_are_in_the_roster_as_canvas_calls_them(place: Place, service: Service) -> None:
    parent = seed.add_user(place.lms.store, username="parent", given_name="Parent")
    seed.enrol(place.lms.store, place.course.id, parent.id, Role.OBSERVER)
    rows, _pages = service.all(service.roster, ROSTER_TYPE)
    subject = place.lms.platform.profile.subject(parent.id)
    roles = next(row["roles"] for row in rows if row["user_id"] == subject)
    assert [role.rsplit("#")[1] for role in roles] == ["Mentor"]
