"""Accounts and groups: joining, promotion, membership, finding."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.events import Scope, emit
from plugin.practice.forum.forum import Forum
from plugin.practice.forum.payload_people import group_payload, profile_payload, user_payload
from plugin.practice.forum.payloads import account, group_user_payload
from plugin.practice.forum.store import Db, Row

SYSTEM_ID = -1
AUTOMATIC = {1: "admins", 2: "moderators", 3: "staff"} | {
    10 + level: f"trust_level_{level}" for level in range(5)
}


def prepare(forum: Forum) -> None:
    """The system account and the automatic groups; once."""
    now = forum.clock.stamp()
    with forum.store.transaction() as db:
        db.execute(
            "INSERT OR IGNORE INTO account (id, username, name, email, trust_level, admin,"
            " moderator, created_at) VALUES (?, 'system', 'system', 'no_email', 4, 1, 1, ?)",
            (SYSTEM_ID, now),
        )
        for group_id, name in AUTOMATIC.items():
            db.execute(
                "INSERT OR IGNORE INTO team (id, name, automatic, created_at) VALUES (?, ?, 1, ?)",
                (group_id, name, now),
            )


def by_username(db: Db, username: str) -> Row:
    row: Row | None = db.execute(
        "SELECT * FROM account WHERE username = ?", (username.strip().lstrip("@"),)
    ).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def by_external(db: Db, uid: str, provider: str = "discourse_connect") -> Row:
    row = db.execute(
        "SELECT user_id FROM external_account WHERE provider = ? AND uid = ?", (provider, uid)
    ).fetchone()
    if row is None:
        raise Rejected.not_found()
    return account(db, row["user_id"])


def group_row(db: Db, key: str | int) -> Row:
    """By id or by name, as the routes take both."""
    column = "id" if str(key).isdigit() else "name"
    row: Row | None = db.execute(f"SELECT * FROM team WHERE {column} = ?", (key,)).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


def create_account(
    forum: Forum,
    username: str,
    name: str,
    email: str,
    *,
    trust_level: int = 1,
    admin: bool = False,
    moderator: bool = False,
    time_zone: str = "UTC",
    locale: str | None = None,
    created_at: str | None = None,
) -> int:
    """A new member: user_created first, user_confirmed_email later, as the real one sends them."""
    with forum.store.transaction() as db:
        taken = db.execute("SELECT 1 FROM account WHERE username = ?", (username,)).fetchone()
        if taken:
            raise Rejected(422, ["Username must be unique"])
        cursor = db.execute(
            "INSERT INTO account (username, name, email, trust_level, admin, moderator, time_zone,"
            " locale, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                username,
                name,
                email,
                trust_level,
                admin,
                moderator,
                time_zone,
                locale,
                created_at or forum.clock.stamp(),
            ),
        )
        user_id = int(cursor.lastrowid or 0)
        _automatic_groups(forum, db, user_id)
        emit(forum, db, "user", "user_created", user_payload(db, user_id))
        emit(forum, db, "user", "user_confirmed_email", user_payload(db, user_id))
    return user_id


def _automatic_groups(forum: Forum, db: Db, user_id: int) -> None:
    row = account(db, user_id)
    wanted = {10 + level for level in range(row["trust_level"] + 1)}
    wanted |= {1, 3} if row["admin"] else set()
    wanted |= {2, 3} if row["moderator"] else set()
    marks = ",".join(map(str, AUTOMATIC))
    db.execute(f"DELETE FROM group_user WHERE user_id = ? AND group_id IN ({marks})", (user_id,))
    db.executemany(
        "INSERT INTO group_user (group_id, user_id, created_at) VALUES (?, ?, ?)",
        [(group_id, user_id, forum.clock.stamp()) for group_id in sorted(wanted)],
    )


def change_account(forum: Forum, user_id: int, **changes: str | int | None) -> None:
    """New name, username, e-mail, title, trust level... sends user_updated or user_promoted."""
    allowed = {"username", "name", "email", "title", "trust_level", "admin", "moderator"}
    if not changes or not set(changes) <= allowed:
        raise Rejected(422, ["Nothing to change"])
    with forum.store.transaction() as db:
        before = account(db, user_id)
        columns = ", ".join(f"{name} = ?" for name in changes)
        db.execute(f"UPDATE account SET {columns} WHERE id = ?", (*changes.values(), user_id))
        _automatic_groups(forum, db, user_id)
        after = account(db, user_id)
        if after["trust_level"] > before["trust_level"]:
            emit(forum, db, "user_promoted", "user_promoted", profile_payload(db, user_id))
        if set(changes) - {"trust_level"}:
            emit(forum, db, "user", "user_updated", user_payload(db, user_id))


def delete_account(forum: Forum, user_id: int) -> None:
    """Only an account without posts can go, as in the real one."""
    with forum.store.transaction() as db:
        if db.execute("SELECT 1 FROM post WHERE user_id = ?", (user_id,)).fetchone():
            raise Rejected(403, ["This user has posts and cannot be deleted."])
        emit(forum, db, "user", "user_destroyed", user_payload(db, user_id))
        db.execute("DELETE FROM account WHERE id = ?", (user_id,))


def seen(forum: Forum, user_id: int, event_name: str) -> None:
    """user_logged_in or user_logged_out."""
    with forum.store.transaction() as db:
        db.execute(
            "UPDATE account SET last_seen_at = ? WHERE id = ?", (forum.clock.stamp(), user_id)
        )
        emit(forum, db, "user", event_name, user_payload(db, user_id))


def create_group(forum: Forum, name: str, full_name: str | None = None) -> int:
    with forum.store.transaction() as db:
        if db.execute("SELECT 1 FROM team WHERE name = ?", (name,)).fetchone():
            raise Rejected(422, ["Name has already been taken"])
        cursor = db.execute(
            "INSERT INTO team (name, full_name, created_at) VALUES (?, ?, ?)",
            (name, full_name, forum.clock.stamp()),
        )
        group_id = int(cursor.lastrowid or 0)
        _tell_group(forum, db, group_id, "group_created")
    return group_id


def _tell_group(forum: Forum, db: Db, group_id: int, event_name: str) -> None:
    payload = group_payload(db, group_row(db, group_id))
    emit(forum, db, "group", event_name, payload, Scope(group_ids=(group_id,)))


def add_members(forum: Forum, group_id: int, user_ids: Sequence[int]) -> list[int]:
    """The ids that were added; 422 when all of them are members already."""
    added = []
    with forum.store.transaction() as db:
        for user_id in user_ids:
            row = db.execute(
                "INSERT INTO group_user (group_id, user_id, created_at) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING RETURNING *",
                (group_id, user_id, forum.clock.stamp()),
            ).fetchone()
            if row is not None:
                added.append(user_id)
                scope = Scope(group_ids=(group_id,))
                payload = group_user_payload(row)
                emit(forum, db, "group_user", "user_added_to_group", payload, scope)
        if user_ids and not added:
            names = ", ".join(account(db, user_id)["username"] for user_id in user_ids)
            raise Rejected(422, [f"'{names}' is already a member of this group."])
    return added


def remove_members(forum: Forum, group_id: int, user_ids: Sequence[int]) -> list[int]:
    """The ids that were removed; those who are no members are simply left out."""
    removed = []
    with forum.store.transaction() as db:
        for user_id in user_ids:
            row = db.execute(
                "DELETE FROM group_user WHERE group_id = ? AND user_id = ? RETURNING *",
                (group_id, user_id),
            ).fetchone()
            if row is not None:
                removed.append(user_id)
                scope = Scope(group_ids=(group_id,))
                payload = group_user_payload(row)
                emit(forum, db, "group_user", "user_removed_from_group", payload, scope)
    return removed


def notify(
    forum: Forum,
    db: Db,
    user_id: int,
    kind: int,
    data: str,
    *,
    topic_id: int | None = None,
    post_number: int | None = None,
) -> None:
    """A line on the person's notifications page."""
    db.execute(
        "INSERT INTO notification (user_id, notification_type, topic_id, post_number, data,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (user_id, kind, topic_id, post_number, data, forum.clock.stamp()),
    )
