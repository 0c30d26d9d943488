"""What the platform knows, as frozen values read from its tables."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    INSTRUCTOR = "Instructor"
    ASSISTANT = "TeachingAssistant"
    LEARNER = "Learner"
    OBSERVER = "Observer"
    TEST_USER = "TestUser"

    @property
    def teaches(self) -> bool:
        return self in (Role.INSTRUCTOR, Role.ASSISTANT)


@dataclass(frozen=True)
class Tool:
    id: int
    client_id: str
    name: str
    login_url: str
    launch_url: str
    redirect_uris: tuple[str, ...]
    key_set_url: str
    deep_linking_url: str | None
    custom: dict[str, str]
    share_names: bool
    share_email: bool

    @property
    def deployment_id(self) -> str:
        """Moodle: the number of the tool type, one deployment for each registration."""
        return str(self.id)


@dataclass(frozen=True)
class Course:
    id: int
    label: str
    title: str
    sourced_id: str


@dataclass(frozen=True)
class User:
    id: int
    username: str
    given_name: str
    family_name: str
    email: str
    locale: str
    time_zone: str
    sourced_id: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Member:
    user: User
    role: Role


@dataclass(frozen=True)
class Privacy:
    """What a tool may know of the people of one course."""

    names: bool
    email: bool


@dataclass(frozen=True)
class Activity:
    id: int
    course_id: int
    tool_id: int
    title: str
    text: str
    url: str
    custom: dict[str, str]
    new_window: bool


@dataclass(frozen=True)
class LineItem:
    id: int
    course_id: int
    tool_id: int
    activity_id: int | None
    coupled: bool
    label: str
    score_maximum: float
    tag: str
    resource_id: str


@dataclass(frozen=True)
class Grade:
    line_item_id: int
    user_id: int
    score: float | None
    comment: str
    graded: float | None


@dataclass(frozen=True)
class Score:
    """A checked post: `points` is already in the line item's own scale.

    `keeps` leaves the grade that is there as it is.
    """

    user_id: int
    points: float | None
    comment: str
    at: float
    keeps: bool = False
    attempt: bool = False


@dataclass(frozen=True)
class ScorePost:
    id: int
    line_item_id: int
    user_id: str
    received: int
    status: int
    reason: str
    body: str


@dataclass(frozen=True)
class Launch:
    id: str
    kind: str
    tool_id: int
    user_id: int
    course_id: int
    activity_id: int | None
    target: str
    role: Role
    started: int
    used: int | None


def tool_from(row: sqlite3.Row) -> Tool:
    values = dict(row)
    values["redirect_uris"] = tuple(json.loads(values["redirect_uris"]))
    values["custom"] = json.loads(values["custom"])
    values["share_names"] = bool(values["share_names"])
    values["share_email"] = bool(values["share_email"])
    return Tool(**values)


def activity_from(row: sqlite3.Row) -> Activity:
    values = dict(row)
    values["custom"] = json.loads(values["custom"])
    values["new_window"] = bool(values["new_window"])
    return Activity(**values)


def line_item_from(row: sqlite3.Row) -> LineItem:
    return LineItem(**{**dict(row), "coupled": bool(row["coupled"])})


def launch_from(row: sqlite3.Row) -> Launch:
    return Launch(**{**dict(row), "role": Role(row["role"])})
