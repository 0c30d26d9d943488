"""Filling the LMS: what an administrator and a teacher would click, as plain functions.

Each may be called again with the same natural key (label, username, course and person, course and
title) and then answers what is there, so that a second start finds its data again.
"""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping, Sequence
from typing import TypeVar

from plugin.practice.lms import queries
from plugin.practice.lms.records import Activity, Course, LineItem, Role, Tool, User
from plugin.practice.lms.store import Db, Store

Row = TypeVar("Row")
CLIENT_ID_LENGTH = 15  # as Moodle makes them


class UnknownRow(LookupError):
    """A course, person or tool that was named is not there."""


def register_tool(
    store: Store,
    *,
    name: str,
    login_url: str,
    launch_url: str,
    redirect_uris: Sequence[str],
    key_set_url: str,
    deep_linking_url: str | None = None,
    client_id: str | None = None,
    custom: Mapping[str, str] | None = None,
    share_names: bool = True,
    share_email: bool = True,
) -> Tool:
    """Register a tool, or bring the registration of this `client_id` up to date."""
    if not redirect_uris:
        raise ValueError("a tool needs at least one redirect URI")
    letters = string.ascii_letters + string.digits
    client = client_id or "".join(secrets.choice(letters) for _ in range(CLIENT_ID_LENGTH))
    with store.writing() as db:
        db.execute(
            "INSERT INTO tool (client_id, name, login_url, launch_url, redirect_uris, key_set_url,"
            " deep_linking_url, custom, share_names, share_email) VALUES (?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (client_id) DO UPDATE SET name = excluded.name,"
            " login_url = excluded.login_url, launch_url = excluded.launch_url,"
            " redirect_uris = excluded.redirect_uris, key_set_url = excluded.key_set_url,"
            " deep_linking_url = excluded.deep_linking_url, custom = excluded.custom,"
            " share_names = excluded.share_names, share_email = excluded.share_email",
            (
                client,
                name,
                login_url,
                launch_url,
                json.dumps(list(redirect_uris)),
                key_set_url,
                deep_linking_url,
                json.dumps(dict(custom or {})),
                share_names,
                share_email,
            ),
        )
        tool = queries.tool_by_client(db, client)
    return _there(tool, "tool")


def add_course(store: Store, *, label: str, title: str) -> Course:
    with store.writing() as db:
        db.execute(
            "INSERT INTO course (label, title, sourced_id) VALUES (?, ?, ?)"
            " ON CONFLICT (label) DO NOTHING",
            (label, title, f"SIS-{label}"),
        )
        row = db.execute("SELECT id FROM course WHERE label = ?", (label,)).fetchone()
        found = queries.course(db, row["id"])
    return _there(found, "course")


def add_user(
    store: Store,
    *,
    username: str,
    given_name: str,
    family_name: str = "",
    email: str | None = None,
    locale: str = "en",
    time_zone: str = "UTC",
) -> User:
    with store.writing() as db:
        db.execute(
            "INSERT INTO user (username, given_name, family_name, email, locale, time_zone,"
            " sourced_id) VALUES (?,?,?,?,?,?,?) ON CONFLICT (username) DO NOTHING",
            (
                username,
                given_name,
                family_name,
                f"{username}@example.invalid" if email is None else email,
                locale,
                time_zone,
                f"SIS-{username}",
            ),
        )
        row = db.execute("SELECT id FROM user WHERE username = ?", (username,)).fetchone()
        found = queries.user(db, row["id"])
    return _there(found, "user")


def enrol(store: Store, course_id: int, user_id: int, role: Role = Role.LEARNER) -> None:
    with store.writing() as db:
        db.execute(
            "INSERT INTO enrolment VALUES (?, ?, ?)"
            " ON CONFLICT (course_id, user_id) DO UPDATE SET role = excluded.role",
            (course_id, user_id, Role(role).value),
        )


def unenrol(store: Store, course_id: int, user_id: int) -> None:
    """The person vanishes from the roster: Moodle reports no Inactive or Deleted status."""
    with store.writing() as db:
        db.execute(
            "DELETE FROM enrolment WHERE course_id = ? AND user_id = ?", (course_id, user_id)
        )


def add_tool_to_course(
    store: Store,
    course_id: int,
    tool_id: int,
    *,
    share_names: bool | None = None,
    share_email: bool | None = None,
) -> None:
    """Show the tool in the course; what it may know of people is set for this course only."""
    with store.writing() as db:
        tool = _there(queries.tool(db, tool_id), "tool")
        _course_tool(
            db,
            course_id,
            tool,
            tool.share_names if share_names is None else share_names,
            tool.share_email if share_email is None else share_email,
        )


def _course_tool(db: Db, course_id: int, tool: Tool, names: bool, email: bool) -> None:
    db.execute(
        "INSERT INTO course_tool VALUES (?, ?, ?, ?) ON CONFLICT (course_id, tool_id)"
        " DO UPDATE SET share_names = excluded.share_names, share_email = excluded.share_email",
        (course_id, tool.id, names, email),
    )


def add_activity(
    store: Store,
    course_id: int,
    tool_id: int,
    *,
    title: str,
    text: str = "",
    url: str | None = None,
    custom: Mapping[str, str] | None = None,
    new_window: bool = False,
    score_maximum: float | None = None,
    tag: str = "",
    resource_id: str = "",
) -> Activity:
    """An activity that opens the tool; with `score_maximum` it has its own line item."""
    with store.writing() as db:
        tool = _there(queries.tool(db, tool_id), "tool")
        _there(queries.course(db, course_id), "course")
        if tool not in queries.course_tools(db, course_id):
            _course_tool(db, course_id, tool, tool.share_names, tool.share_email)
        row = db.execute(
            "SELECT id FROM activity WHERE course_id = ? AND tool_id = ? AND title = ?",
            (course_id, tool_id, title),
        ).fetchone()
        if row is not None:
            return _there(queries.activity(db, row["id"]), "activity")
        activity = insert_activity(
            db,
            course_id,
            tool_id,
            title=title,
            text=text,
            url=url or tool.launch_url,
            custom=custom or {},
            new_window=new_window,
        )
        if score_maximum is not None:
            insert_line_item(
                db,
                course_id,
                tool_id,
                label=title,
                score_maximum=score_maximum,
                tag=tag,
                resource_id=resource_id,
                activity_id=activity.id,
                coupled=True,
            )
        return activity


def duplicate_activity(store: Store, activity_id: int) -> Activity:
    """As Moodle copies: a new id and line item, the same custom parameters, tag and resource id."""
    with store.writing() as db:
        original = _there(queries.activity(db, activity_id), "activity")
        return _copy_activity(db, original, original.course_id, f"{original.title} (copy)")


def _copy_activity(db: Db, original: Activity, course_id: int, title: str) -> Activity:
    copy = insert_activity(
        db,
        course_id,
        original.tool_id,
        title=title,
        text=original.text,
        url=original.url,
        custom=original.custom,
        new_window=original.new_window,
    )
    item = queries.line_item_of(db, original.id)
    if item is not None and item.coupled:
        insert_line_item(
            db,
            copy.course_id,
            copy.tool_id,
            label=copy.title,
            score_maximum=item.score_maximum,
            tag=item.tag,
            resource_id=item.resource_id,
            activity_id=copy.id,
            coupled=True,
        )
    return copy


def copy_course(store: Store, course_id: int, *, label: str, title: str) -> Course:
    """Next year's course: the same tools and activities, nobody in it, no grades."""
    copy = add_course(store, label=label, title=title)
    with store.writing() as db:
        db.execute("INSERT INTO course_copy VALUES (?, ?)", (copy.id, course_id))
        db.execute(
            "INSERT INTO course_tool SELECT ?, tool_id, share_names, share_email FROM course_tool"
            " WHERE course_id = ?",
            (copy.id, course_id),
        )
        for original in queries.activities(db, course_id):
            _copy_activity(db, original, copy.id, original.title)
    return copy


def insert_activity(
    db: Db,
    course_id: int,
    tool_id: int,
    *,
    title: str,
    text: str,
    url: str,
    custom: Mapping[str, str],
    new_window: bool,
) -> Activity:
    cursor = db.execute(
        "INSERT INTO activity (course_id, tool_id, title, text, url, custom, new_window)"
        " VALUES (?,?,?,?,?,?,?)",
        (course_id, tool_id, title, text, url, json.dumps(dict(custom)), new_window),
    )
    return _there(queries.activity(db, cursor.lastrowid or 0), "activity")


def insert_line_item(
    db: Db,
    course_id: int,
    tool_id: int,
    *,
    label: str,
    score_maximum: float,
    tag: str,
    resource_id: str,
    activity_id: int | None,
    coupled: bool,
) -> LineItem:
    cursor = db.execute(
        "INSERT INTO line_item (course_id, tool_id, activity_id, coupled, label, score_maximum,"
        " tag, resource_id) VALUES (?,?,?,?,?,?,?,?)",
        (course_id, tool_id, activity_id, coupled, label, score_maximum, tag, resource_id),
    )
    return _there(queries.line_item(db, cursor.lastrowid or 0), "line item")


def _there(row: Row | None, what: str) -> Row:
    if row is None:
        raise UnknownRow(f"no such {what}")
    return row
