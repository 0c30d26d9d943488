"""Scores and results of Assignment and Grade Services 2.0, as the profile's platform treats them.

Moodle 4.5 refuses with 409 a score whose time is not later, in whole seconds, than that of the
grade that is there, and a progress other than FullyGraded erases the grade. Canvas answers 400 to
an earlier one, takes progress without a grade, and makes an attempt of each post unless told not
to. Only learners can be graded. Every post is kept for the gradebook page, refused ones with their
reason.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from plugin.practice.lms import line_items, queries, submissions
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import LineItem, Role, Score, Tool
from plugin.practice.lms.store import Db

ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})


def post(
    platform: Platform, tool: Tool, course_id: int, item_id: int, sent: dict[str, Any]
) -> None:
    """Store the grade and the post in one transaction; a refused post is remembered as well."""
    refused: Refusal | None = None
    with platform.store.writing() as db:
        item = line_items.find(db, tool, course_id, item_id)
        try:
            score = _checked(platform, db, item, sent)
            _store(platform, db, item, score)
        except Refusal as refusal:
            refused = refusal
        _remember(platform, db, item, sent, refused)
    if refused is not None:
        raise refused


def results(
    platform: Platform, tool: Tool, course_id: int, item_id: int, user_id: str = ""
) -> list[dict[str, Any]]:
    with platform.store.reading() as db:
        item = line_items.find(db, tool, course_id, item_id)
        grades = queries.grades(db, item_id)
    url = platform.line_item_url(item, "/results")
    found = []
    for grade in grades:
        subject = platform.profile.subject(grade.user_id)
        if user_id and subject != user_id:
            continue
        result: dict[str, Any] = {
            "id": f"{url}{'&' if '?' in url else '?'}user_id={subject}",
            "userId": subject,
        }
        if grade.score is not None:
            result |= {
                "resultScore": _plain(grade.score),
                "resultMaximum": _plain(item.score_maximum),
                "comment": grade.comment,
                "scoreOf": platform.line_item_url(item),
            }
            if grade.graded is not None:
                result["timestamp"] = datetime.fromtimestamp(grade.graded, UTC).isoformat()
        found.append(result)
    return found


def _checked(platform: Platform, db: Db, item: LineItem, sent: dict[str, Any]) -> Score:
    for name in ("userId", "timestamp", "activityProgress", "gradingProgress"):
        if not isinstance(sent.get(name), str) or not sent[name]:
            raise Refusal(f"{name} is missing or no text")
    if sent["activityProgress"] not in ACTIVITY_PROGRESS:
        raise Refusal(f"activityProgress must be one of {sorted(ACTIVITY_PROGRESS)}")
    if sent["gradingProgress"] not in GRADING_PROGRESS:
        raise Refusal(f"gradingProgress must be one of {sorted(GRADING_PROGRESS)}")
    comment = sent.get("comment", "")
    if not isinstance(comment, str):
        raise Refusal("comment must be text")
    user_id = platform.profile.user_number(sent["userId"])
    refused = platform.profile.refused_status
    if queries.role_in(db, item.course_id, user_id) is not Role.LEARNER:
        raise Refusal(f"userId {sent['userId']!r} is no learner of this course", status=refused)
    if sent.get("scoreGiven") is not None and sent.get("scoreMaximum") is None:
        raise Refusal("scoreMaximum must be sent with scoreGiven", status=refused)
    at = _time(sent["timestamp"])
    score = Score(
        user_id, _points(item, sent), comment, int(at) if platform.profile.whole_seconds else at
    )
    final = sent["gradingProgress"] in platform.profile.final_progress
    if platform.profile.takes_submissions:
        return submissions.applied(db, item, sent, score, final=final)
    if final:
        return score
    erases = platform.profile.erases_when_not_final
    return replace(score, points=None) if erases else replace(score, keeps=True)


def _points(item: LineItem, sent: dict[str, Any]) -> float | None:
    given, maximum = sent.get("scoreGiven"), sent.get("scoreMaximum")
    if given is None:
        return None
    for name, value in (("scoreGiven", given), ("scoreMaximum", maximum)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"{name} must be a number, and both must be sent")
    if maximum is None or maximum <= 0:
        raise Refusal("scoreMaximum must be more than 0")
    if given < 0:
        raise Refusal("scoreGiven must be 0 or more")
    scaled: float = given / maximum * item.score_maximum
    return min(scaled, item.score_maximum)


def _time(text: str) -> float:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"timestamp {text!r} is not ISO 8601") from error
    if when.tzinfo is None:
        raise Refusal("timestamp has no zone")
    return when.timestamp()


def _store(platform: Platform, db: Db, item: LineItem, score: Score) -> None:
    # One statement decides between two posts that arrive together.
    later = "<" if platform.profile.whole_seconds else "<="
    kept = "score" if score.keeps else "excluded.score"
    stored = db.execute(
        "INSERT INTO grade VALUES (?, ?, ?, ?, ?) ON CONFLICT (line_item_id, user_id)"
        f" DO UPDATE SET score = {kept}, comment = excluded.comment,"
        f" graded = excluded.graded WHERE graded IS NULL OR graded {later} excluded.graded",
        (item.id, score.user_id, score.points, score.comment, score.at),
    )
    if stored.rowcount != 1:
        raise Refusal(
            "a score of the same second or a later one is there already",
            status=platform.profile.late_status,
        )
    if score.attempt:
        submissions.count(db, item, score.user_id)


def _remember(
    platform: Platform, db: Db, item: LineItem, sent: dict[str, Any], refused: Refusal | None
) -> None:
    db.execute(
        "INSERT INTO score_post (line_item_id, user_id, received, status, reason, body)"
        " VALUES (?,?,?,?,?,?)",
        (
            item.id,
            str(sent.get("userId", "")),
            platform.clock.timestamp(),
            refused.status if refused else 200,
            refused.reason if refused else "",
            json.dumps(sent, ensure_ascii=False),
        ),
    )


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number
