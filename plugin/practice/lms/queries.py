"""Look-ups. Each takes an open connection; a missing row is None and the caller decides."""

from __future__ import annotations

from plugin.practice.lms.records import (
    Activity,
    Course,
    Grade,
    LineItem,
    Member,
    Privacy,
    Role,
    ScorePost,
    Tool,
    User,
    activity_from,
    line_item_from,
    tool_from,
)
from plugin.practice.lms.store import Db

USER_COLUMNS = (
    "u.id, u.username, u.given_name, u.family_name, u.email, u.locale, u.time_zone, u.sourced_id"
)


def tools(db: Db) -> list[Tool]:
    return [tool_from(row) for row in db.execute("SELECT * FROM tool ORDER BY id")]


def tool(db: Db, tool_id: int) -> Tool | None:
    row = db.execute("SELECT * FROM tool WHERE id = ?", (tool_id,)).fetchone()
    return tool_from(row) if row else None


def tool_by_client(db: Db, client_id: str) -> Tool | None:
    row = db.execute("SELECT * FROM tool WHERE client_id = ?", (client_id,)).fetchone()
    return tool_from(row) if row else None


def courses(db: Db) -> list[Course]:
    return [Course(**dict(row)) for row in db.execute("SELECT * FROM course ORDER BY id")]


def courses_of(db: Db, user_id: int) -> list[tuple[Course, Role]]:
    rows = db.execute(
        "SELECT c.*, e.role FROM course c JOIN enrolment e ON e.course_id = c.id"
        " WHERE e.user_id = ? ORDER BY c.id",
        (user_id,),
    )
    found = []
    for row in rows:
        values = dict(row)
        role = Role(values.pop("role"))
        found.append((Course(**values), role))
    return found


def course(db: Db, course_id: int) -> Course | None:
    row = db.execute("SELECT * FROM course WHERE id = ?", (course_id,)).fetchone()
    return Course(**dict(row)) if row else None


def origins(db: Db, course_id: int) -> tuple[int, ...]:
    """The courses that a course was copied from, nearest first."""
    found: list[int] = []
    while True:
        row = db.execute(
            "SELECT origin_id FROM course_copy WHERE course_id = ?", (course_id,)
        ).fetchone()
        if row is None or row["origin_id"] in found:
            return tuple(found)
        course_id = row["origin_id"]
        found.append(course_id)


def users(db: Db, search: str = "") -> list[User]:
    rows = db.execute(
        f"SELECT {USER_COLUMNS} FROM user u"
        " WHERE instr(lower(given_name || ' ' || family_name || ' ' || username), lower(?))"
        " ORDER BY u.id",
        (search,),
    )
    return [User(**dict(row)) for row in rows]


def user(db: Db, user_id: int) -> User | None:
    row = db.execute(f"SELECT {USER_COLUMNS} FROM user u WHERE id = ?", (user_id,)).fetchone()
    return User(**dict(row)) if row else None


def members(db: Db, course_id: int) -> list[Member]:
    rows = db.execute(
        f"SELECT {USER_COLUMNS}, e.role FROM enrolment e JOIN user u ON u.id = e.user_id"
        " WHERE e.course_id = ?"
        " ORDER BY CASE e.role WHEN 'Instructor' THEN 0 WHEN 'TeachingAssistant' THEN 1 ELSE 2 END,"
        " u.id",
        (course_id,),
    )
    found = []
    for row in rows:
        values = dict(row)
        role = Role(values.pop("role"))
        found.append(Member(User(**values), role))
    return found


def role_in(db: Db, course_id: int, user_id: int) -> Role | None:
    row = db.execute(
        "SELECT role FROM enrolment WHERE course_id = ? AND user_id = ?", (course_id, user_id)
    ).fetchone()
    return Role(row["role"]) if row else None


def privacy(db: Db, course_id: int, tool: Tool) -> Privacy:
    row = db.execute(
        "SELECT share_names, share_email FROM course_tool WHERE course_id = ? AND tool_id = ?",
        (course_id, tool.id),
    ).fetchone()
    if row is None:
        return Privacy(tool.share_names, tool.share_email)
    return Privacy(bool(row["share_names"]), bool(row["share_email"]))


def course_tools(db: Db, course_id: int) -> list[Tool]:
    rows = db.execute(
        "SELECT t.* FROM tool t JOIN course_tool c ON c.tool_id = t.id"
        " WHERE c.course_id = ? ORDER BY t.id",
        (course_id,),
    )
    return [tool_from(row) for row in rows]


def activities(db: Db, course_id: int) -> list[Activity]:
    rows = db.execute("SELECT * FROM activity WHERE course_id = ? ORDER BY id", (course_id,))
    return [activity_from(row) for row in rows]


def activity(db: Db, activity_id: int) -> Activity | None:
    row = db.execute("SELECT * FROM activity WHERE id = ?", (activity_id,)).fetchone()
    return activity_from(row) if row else None


def line_items(db: Db, course_id: int, tool_id: int | None = None) -> list[LineItem]:
    rows = db.execute(
        "SELECT * FROM line_item WHERE course_id = ? AND (? IS NULL OR tool_id = ?) ORDER BY id",
        (course_id, tool_id, tool_id),
    )
    return [line_item_from(row) for row in rows]


def line_item(db: Db, line_item_id: int) -> LineItem | None:
    row = db.execute("SELECT * FROM line_item WHERE id = ?", (line_item_id,)).fetchone()
    return line_item_from(row) if row else None


def line_item_of(db: Db, activity_id: int) -> LineItem | None:
    """The one that a launch carries: with two or more on a link Moodle sends none."""
    rows = db.execute("SELECT * FROM line_item WHERE activity_id = ?", (activity_id,)).fetchall()
    return line_item_from(rows[0]) if len(rows) == 1 else None


def grades(db: Db, line_item_id: int) -> list[Grade]:
    rows = db.execute(
        "SELECT * FROM grade WHERE line_item_id = ? ORDER BY user_id", (line_item_id,)
    )
    return [Grade(**dict(row)) for row in rows]


def score_posts(db: Db, course_id: int, limit: int = 500) -> list[ScorePost]:
    rows = db.execute(
        "SELECT p.* FROM score_post p JOIN line_item l ON l.id = p.line_item_id"
        " WHERE l.course_id = ? ORDER BY p.id DESC LIMIT ?",
        (course_id, limit),
    )
    return [ScorePost(**dict(row)) for row in rows]
