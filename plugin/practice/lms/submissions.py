"""Canvas's extension of a score: attempts, a teacher's own grade, a grade that is to stay.

Score API documentation: `new_submission` is true unless said otherwise, so every post makes an
attempt; `prioritize_non_tool_grade` leaves a teacher's own grade alone, `preserve_score` any grade.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.records import LineItem, Score
from plugin.practice.lms.store import Db, Store

EXTENSION = "https://canvas.instructure.com/lti/submission"


def applied(db: Db, item: LineItem, sent: dict[str, Any], score: Score, *, final: bool) -> Score:
    """What the extension makes of a checked score. Raises Refusal when no attempt is left."""
    asked = sent.get(EXTENSION) or {}
    if not isinstance(asked, dict):
        raise Refusal(f"{EXTENSION} must be an object", status=422)
    attempt = asked.get("new_submission", True) is not False
    if attempt and asked.get("submission_type") != "none" and _used_up(db, item, score.user_id):
        raise Refusal("the maximum number of allowed attempts has been reached", status=422)
    keeps = (
        not final
        or asked.get("preserve_score") is True
        or (
            asked.get("prioritize_non_tool_grade") is True
            and graded_by_teacher(db, item.id, score.user_id)
        )
    )
    return replace(score, keeps=keeps, attempt=attempt and asked.get("submission_type") != "none")


def count(db: Db, item: LineItem, user_id: int) -> None:
    db.execute(
        "INSERT INTO attempt VALUES (?, ?, 1) ON CONFLICT (line_item_id, user_id)"
        " DO UPDATE SET made = made + 1",
        (item.id, user_id),
    )


def attempts(store: Store, item_id: int, user_id: int) -> int:
    """How many attempts a learner has made."""
    with store.reading() as db:
        return _made(db, item_id, user_id)


def limit_attempts(store: Store, item_id: int, most: int) -> None:
    """A teacher allows so many attempts."""
    with store.writing() as db:
        db.execute("INSERT OR REPLACE INTO attempt_limit VALUES (?, ?)", (item_id, most))


def grade_by_teacher(store: Store, item_id: int, user_id: int, points: float) -> None:
    """A teacher writes a grade into the gradebook by hand."""
    with store.writing() as db:
        db.execute(
            "INSERT INTO grade VALUES (?, ?, ?, '', NULL) ON CONFLICT (line_item_id, user_id)"
            " DO UPDATE SET score = excluded.score",
            (item_id, user_id, points),
        )
        db.execute("INSERT OR IGNORE INTO teacher_grade VALUES (?, ?)", (item_id, user_id))


def graded_by_teacher(db: Db, item_id: int, user_id: int) -> bool:
    row = db.execute(
        "SELECT 1 FROM teacher_grade WHERE line_item_id = ? AND user_id = ?", (item_id, user_id)
    )
    return row.fetchone() is not None


def _made(db: Db, item_id: int, user_id: int) -> int:
    row = db.execute(
        "SELECT made FROM attempt WHERE line_item_id = ? AND user_id = ?", (item_id, user_id)
    ).fetchone()
    return int(row["made"]) if row else 0


def _used_up(db: Db, item: LineItem, user_id: int) -> bool:
    row = db.execute(
        "SELECT allowed FROM attempt_limit WHERE line_item_id = ?", (item.id,)
    ).fetchone()
    return row is not None and _made(db, item.id, user_id) >= int(row["allowed"])
