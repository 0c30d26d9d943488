"""Users and groups as Discourse serializes them: few living values among many constants.

The constants are what a fresh site sends for a plain member; a tool must ignore most of them.
"""

from __future__ import annotations

from typing import Any

from plugin.practice.forum.payloads import account, basic_user
from plugin.practice.forum.store import Db, Row

_WEEK = {
    f"day_{day}_{part}_time": minute
    for day in range(7)
    for part, minute in (("start", 480), ("end", 1020))
}
_GROUP_CONSTANTS: dict[str, Any] = {
    "mentionable_level": 0,
    "messageable_level": 0,
    "visibility_level": 1,
    "primary_group": False,
    "title": None,
    "grant_trust_level": None,
    "incoming_email": None,
    "has_messages": False,
    "flair_url": None,
    "flair_bg_color": None,
    "flair_color": None,
    "bio_raw": None,
    "bio_cooked": None,
    "bio_excerpt": None,
    "public_admission": False,
    "public_exit": False,
    "allow_membership_requests": False,
}
_USER_CONSTANTS: dict[str, Any] = {
    "primary_group_id": None,
    "primary_group_name": None,
    "flair_group_id": None,
    "flair_name": None,
    "flair_url": None,
    "flair_bg_color": None,
    "flair_color": None,
    "featured_topic": None,
    "staged": False,
    "pending_count": 0,
    "profile_view_count": 0,
    "second_factor_enabled": False,
    "can_upload_profile_header": True,
    "can_upload_user_card_background": True,
}
_USER_LISTS = (
    "muted_category_ids",
    "regular_category_ids",
    "watched_tags",
    "watching_first_post_tags",
    "tracked_tags",
    "muted_tags",
    "tracked_category_ids",
    "watched_category_ids",
    "watched_first_post_category_ids",
)
_OWN_VIEW: dict[str, Any] = {
    "ignored": False,
    "can_ignore_user": False,
    "can_mute_user": False,
    "can_send_private_messages": True,
    "can_send_private_message_to_user": True,
    "custom_fields": {},
    "pending_posts_count": 0,
    "can_edit": True,
    "can_edit_username": True,
    "can_edit_email": True,
    "can_edit_name": True,
    "uploaded_avatar_id": None,
    "has_title_badges": False,
    "can_be_deleted": False,
    "can_delete_all_posts": False,
}


def group_payload(db: Db, row: Row) -> dict[str, Any]:
    count = db.execute("SELECT count(*) FROM group_user WHERE group_id = ?", (row["id"],))
    return {
        "id": row["id"],
        "automatic": bool(row["automatic"]),
        "name": row["name"],
        "display_name": row["name"],
        "user_count": count.fetchone()[0],
        **_GROUP_CONSTANTS,
        "full_name": row["full_name"],
        "default_notification_level": 3,
        "membership_request_template": None,
        "members_visibility_level": 0,
        "can_see_members": True,
        "can_admin_group": True,
        "publish_read_state": False,
    }


def groups_of(db: Db, user_id: int) -> list[Row]:
    return db.execute(
        "SELECT g.* FROM team g JOIN group_user m ON m.group_id = g.id WHERE m.user_id = ?"
        " ORDER BY g.id",
        (user_id,),
    ).fetchall()


def _options(row: Row) -> dict[str, Any]:
    return {
        "user_id": row["id"],
        "mailing_list_mode": False,
        "mailing_list_mode_frequency": 1,
        "email_digests": True,
        "email_level": 1,
        "email_messages_level": 0,
        "timezone": row["time_zone"],
        "allow_private_messages": True,
        "enable_allowed_pm_users": False,
        "hide_profile_and_presence": False,
        "notification_level_when_replying": 2,
    }


def _plain_user(db: Db, row: Row) -> dict[str, Any]:
    counts = db.execute(
        "SELECT (SELECT count(*) FROM user_badge WHERE user_id = :id) AS badges,"
        " (SELECT count(*) FROM post WHERE user_id = :id AND deleted_at IS NULL) AS posts,"
        " (SELECT uid FROM external_account WHERE user_id = :id"
        "  AND provider = 'discourse_connect') AS external_id",
        {"id": row["id"]},
    ).fetchone()
    basic = basic_user(row)
    return {
        **basic,
        "last_posted_at": row["last_posted_at"],
        "last_seen_at": row["last_seen_at"],
        "created_at": row["created_at"],
        "muted": False,
        "trust_level": row["trust_level"],
        "moderator": bool(row["moderator"]),
        "admin": bool(row["admin"]),
        "title": row["title"],
        "badge_count": counts["badges"],
        "time_read": 0,
        "recent_time_read": 0,
        **_USER_CONSTANTS,
        "post_count": counts["posts"],
        "locale": row["locale"],
        **{name: [] for name in _USER_LISTS},
        "system_avatar_template": basic["avatar_template"],
        "muted_usernames": [],
        "can_mute_users": True,
        "ignored_usernames": [],
        "can_ignore_users": True,
        "allowed_pm_usernames": [],
        "mailing_list_posts_per_day": 14,
        "user_notification_schedule": {"enabled": False, **_WEEK},
        "sidebar_tags": [],
        "sidebar_category_ids": [],
        "display_sidebar_tags": True,
        "featured_user_badge_ids": [],
        "invited_by": None,
        "groups": [group_payload(db, group) for group in groups_of(db, row["id"])],
        "user_option": _options(row),
        **({"external_id": counts["external_id"]} if counts["external_id"] else {}),
    }


def user_payload(db: Db, user_id: int) -> dict[str, Any]:
    """WebHookUserSerializer: with e-mail; `external_id` only with a DiscourseConnect record."""
    row = account(db, user_id)
    return {**_plain_user(db, row), "email": row["email"], "secondary_emails": []}


def profile_payload(db: Db, user_id: int) -> dict[str, Any]:
    """UserSerializer, as in `/u/{username}.json` and user_promoted: no e-mail."""
    memberships = db.execute(
        "SELECT group_id, user_id, notification_level FROM group_user WHERE user_id = ?"
        " ORDER BY group_id",
        (user_id,),
    )
    plain = _plain_user(db, account(db, user_id))
    plain.pop("external_id", None)
    return {**plain, **_OWN_VIEW, "group_users": [dict(row) for row in memberships]}
