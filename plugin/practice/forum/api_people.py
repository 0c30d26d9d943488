"""Users and groups over REST: profiles, lookup by external id, members."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import people
from plugin.practice.forum.api_badges import badge_json, user_badge_json
from plugin.practice.forum.auth import api, caller, reader
from plugin.practice.forum.badges import badge
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.params import Params
from plugin.practice.forum.payload_people import (
    group_payload,
    groups_of,
    profile_payload,
    user_payload,
)
from plugin.practice.forum.payloads import account, basic_user
from plugin.practice.forum.request_log import effect
from plugin.practice.forum.store import Db, Row

blueprint = Blueprint("forum_api_people", __name__)


def _profile(db: Db, row: Row) -> dict[str, Any]:
    grants = db.execute("SELECT * FROM user_badge WHERE user_id = ?", (row["id"],)).fetchall()
    kinds = sorted({grant["badge_id"] for grant in grants})
    user, viewer = profile_payload(db, row["id"]), reader()
    if viewer is not None and (viewer["admin"] or viewer["id"] == row["id"]):
        user |= {"email": row["email"], "secondary_emails": []}
    return {
        "user_badges": [user_badge_json(db, grant) for grant in grants],
        "badges": [badge_json(db, badge(db, kind)) for kind in kinds],
        "badge_types": [],
        "users": [basic_user(row)],
        "user": user,
    }


@blueprint.get("/u/<username>.json")
@api("users:show", public=True)
def show(username: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        return _profile(db, people.by_username(db, username))


@blueprint.get("/u/by-external/<external_id>.json")
@api("users:show")
def by_external(external_id: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        return _profile(db, people.by_external(db, external_id))


@blueprint.get("/u/by-external/<provider>/<path:uid>.json")
@api("users:show", admin=True)
def by_provider(provider: str, uid: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        return _profile(db, people.by_external(db, uid, provider))


@blueprint.get("/u/<username>/emails.json")
@api("users:check_emails")
def emails(username: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = people.by_username(db, username)
        if not caller()["admin"] and caller()["id"] != row["id"]:
            raise Rejected.forbidden()
        return {"email": row["email"], "secondary_emails": [], "unconfirmed_emails": []}


@blueprint.get("/admin/users/<int:user_id>.json")
@api(staff=True)
def admin_show(user_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        row = account(db, user_id)
        sso = db.execute(
            "SELECT uid FROM external_account WHERE user_id = ? AND provider = 'discourse_connect'",
            (user_id,),
        ).fetchone()
        record = {"external_id": sso["uid"], "external_username": None} if sso else None
        return {
            **basic_user(row),
            "email": row["email"],
            "active": True,
            "admin": bool(row["admin"]),
            "moderator": bool(row["moderator"]),
            "trust_level": row["trust_level"],
            "title": row["title"],
            "created_at": row["created_at"],
            "last_seen_at": row["last_seen_at"],
            "staged": False,
            "suspended_at": None,
            "silenced_till": None,
            "post_count": user_payload(db, user_id)["post_count"],
            "groups": [group_payload(db, group) for group in groups_of(db, user_id)],
            "single_sign_on_record": record,
        }


@blueprint.get("/admin/users/list/all.json")
@api(staff=True)
def listed() -> ResponseReturnValue:
    """By one address; a list of all is not played here."""
    email = request.args.get("email", "")
    with current().store.reading() as db:
        rows = db.execute("SELECT * FROM account WHERE email = ? AND id > 0", (email,)).fetchall()
        return {"list": [basic_user(row) for row in rows]}


@blueprint.get("/groups.json")
@api("groups:manage_groups", public=True)
def groups() -> ResponseReturnValue:
    with current().store.reading() as db:
        rows = db.execute("SELECT * FROM team ORDER BY name").fetchall()
        listed = [group_payload(db, row) for row in rows]
        return {"groups": listed, "total_rows_groups": len(listed), "load_more_groups": None}


@blueprint.get("/groups/<name>.json")
@blueprint.get("/g/<name>.json")
@api("groups:manage_groups", public=True)
def group(name: str) -> ResponseReturnValue:
    with current().store.reading() as db:
        return {"group": group_payload(db, people.group_row(db, name)), "extras": {}}


@blueprint.get("/groups/<name>/members.json")
@blueprint.get("/g/<name>/members.json")
@api("groups:manage_groups", public=True)
def members(name: str) -> ResponseReturnValue:
    limit = min(request.args.get("limit", 50, type=int), 1000)
    offset = request.args.get("offset", 0, type=int)
    with current().store.reading() as db:
        row = people.group_row(db, name)
        found = db.execute(
            "SELECT u.*, m.created_at AS added_at, m.owner FROM group_user m JOIN account u"
            " ON u.id = m.user_id WHERE m.group_id = ? ORDER BY u.username",
            (row["id"],),
        ).fetchall()
        shown = [
            {
                **basic_user(one),
                "title": one["title"],
                "last_posted_at": one["last_posted_at"],
                "last_seen_at": one["last_seen_at"],
                "added_at": one["added_at"],
                "timezone": one["time_zone"],
            }
            for one in found
        ]
        meta = {"total": len(shown), "limit": limit, "offset": offset}
        owners = [one for one, raw in zip(shown, found, strict=True) if raw["owner"]]
        return {"members": shown[offset : offset + limit], "owners": owners, "meta": meta}


def _named(db: Db, params: Params) -> list[Row]:
    """`usernames` as a comma list, `user_ids`, or the older singular forms."""
    names = params.listed("usernames") or params.listed("username")
    ids = params.listed("user_ids") or params.listed("user_id")
    rows = [people.by_username(db, name) for name in names] + [account(db, int(one)) for one in ids]
    if not rows:
        raise Rejected(400, ["usernames or emails must be present"])
    return rows


def _managed_group(db: Db, group_id: int) -> Row:
    row = people.group_row(db, group_id)
    if not (caller()["admin"] or caller()["moderator"]) or row["automatic"]:
        raise Rejected.forbidden()
    return row


@blueprint.put("/groups/<int:group_id>/members.json")
@api("groups:manage_groups")
def add(group_id: int) -> ResponseReturnValue:
    forum, params = current(), Params()
    with forum.store.transaction() as db:
        row, users = _managed_group(db, group_id), _named(db, params)
        added = people.add_members(forum, row["id"], [user["id"] for user in users])
        effect(f"members-added:{row['id']}:{json.dumps(added)}")
        names = [user["username"] for user in users if user["id"] in added]
        skipped = [user["username"] for user in users if user["id"] not in added]
    return {"success": "OK", "usernames": names, "skipped_usernames": skipped, "emails": []}


@blueprint.delete("/groups/<int:group_id>/members.json")
@api("groups:manage_groups")
def remove(group_id: int) -> ResponseReturnValue:
    forum, params = current(), Params()
    with forum.store.transaction() as db:
        row, users = _managed_group(db, group_id), _named(db, params)
        removed = people.remove_members(forum, row["id"], [user["id"] for user in users])
        effect(f"members-removed:{row['id']}:{json.dumps(removed)}")
        names = [user["username"] for user in users if user["id"] in removed]
        skipped = [user["username"] for user in users if user["id"] not in removed]
    return {"success": "OK", "usernames": names, "skipped_usernames": skipped}


@blueprint.post("/admin/groups.json")
@api("groups:administer_groups", admin=True)
def create() -> ResponseReturnValue:
    forum, given = current(), Params().inner("group")
    with forum.store.transaction() as db:
        group_id = people.create_group(forum, str(given.get("name", "")), given.get("full_name"))
        effect(f"group:{group_id}")
        return {"basic_group": group_payload(db, people.group_row(db, group_id))}
