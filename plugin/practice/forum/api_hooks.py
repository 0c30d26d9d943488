"""Webhook administration: needs an administrator and a global key; moderators get 404."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import events
from plugin.practice.forum.auth import api
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.params import Params
from plugin.practice.forum.store import Db, Row

PAGE = 50
blueprint = Blueprint("forum_api_hooks", __name__)


def hook_json(row: Row) -> dict[str, Any]:
    names = set(json.loads(row["event_names"]))
    return {
        "id": row["id"],
        "payload_url": row["payload_url"],
        "content_type": row["content_type"],
        "secret": row["secret"],
        "wildcard_web_hook": bool(row["wildcard"]),
        "active": bool(row["active"]),
        "verify_certificate": bool(row["verify_certificate"]),
        "web_hook_event_types": [
            {"id": number, "name": name}
            for number, name in events.EVENT_IDS.items()
            if name in names
        ],
        "category_ids": json.loads(row["category_ids"]),
        "group_ids": json.loads(row["group_ids"]),
        "tag_names": json.loads(row["tag_names"]),
    }


def event_json(row: Row) -> dict[str, Any]:
    names = ("id", "web_hook_id", "request_url", "headers", "payload", "response_headers")
    more = ("response_body", "status", "duration", "created_at")
    return {name: row[name] for name in (*names, *more)}


@blueprint.get("/admin/api/web_hooks.json")
@api(admin=True)
def index() -> ResponseReturnValue:
    with current().store.reading() as db:
        rows = db.execute("SELECT * FROM web_hook ORDER BY id").fetchall()
    grouped = {
        group: [{"id": events.FIRST_TYPE_IDS[group] + i, "name": n} for i, n in enumerate(names)]
        for group, names in events.GROUPED.items()
    }
    kinds = [{"id": 1, "name": "application/json"}]
    return {
        "web_hooks": [hook_json(row) for row in rows],
        "extras": {"grouped_event_types": grouped, "content_types": kinds},
        "total_rows_web_hooks": len(rows),
    }


@blueprint.post("/admin/api/web_hooks.json")
@api(admin=True)
def create() -> ResponseReturnValue:
    forum, given = current(), Params().inner("web_hook")

    def many(name: str) -> list[Any]:
        value = given.get(name) or []
        return list(value) if isinstance(value, list) else [value]

    wanted = [events.EVENT_IDS.get(int(number), "") for number in many("web_hook_event_type_ids")]
    hook_id = events.add_webhook(
        forum,
        str(given.get("payload_url", "")),
        str(given.get("secret", "")),
        wanted,
        categories=[int(number) for number in many("category_ids")],
        groups=[int(number) for number in many("group_ids")],
        tags=[str(name) for name in many("tag_names")],
        wildcard=str(given.get("wildcard_web_hook", "false")).lower() == "true",
        content_type=int(given.get("content_type", 1)),
    )
    return show(hook_id)


@blueprint.get("/admin/api/web_hooks/<int:hook_id>.json")
@api(admin=True)
def show(hook_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        return {"web_hook": hook_json(events.webhook(db, hook_id))}


@blueprint.delete("/admin/api/web_hooks/<int:hook_id>.json")
@api(admin=True)
def delete(hook_id: int) -> ResponseReturnValue:
    events.delete_webhook(current(), hook_id)
    return {"success": "OK"}


@blueprint.post("/admin/api/web_hooks/<int:hook_id>/ping.json")
@blueprint.post("/admin/api/web_hooks/<int:hook_id>/ping")
@api(admin=True)
def ping(hook_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        events.webhook(db, hook_id)
    events.ping(current(), hook_id)
    return {"success": "OK"}


def listed_events(db: Db, hook_id: int, status: str | None, offset: int = 0) -> list[Row]:
    chosen = {
        "failed": " AND (status IS NOT NULL AND status NOT BETWEEN 200 AND 299)",
        "successful": " AND status BETWEEN 200 AND 299",
    }
    return db.execute(
        f"SELECT * FROM web_hook_event WHERE web_hook_id = ?{chosen.get(status or '', '')}"
        " ORDER BY id DESC LIMIT ? OFFSET ?",
        (hook_id, PAGE + 1, offset),
    ).fetchall()


@blueprint.get("/admin/api/web_hook_events/<int:hook_id>.json")
@api(admin=True)
def hook_events(hook_id: int) -> ResponseReturnValue:
    """50 a page; `status` is failed or successful."""
    offset = request.args.get("offset", 0, type=int)
    status = request.args.get("status")
    with current().store.reading() as db:
        events.webhook(db, hook_id)
        rows = listed_events(db, hook_id, status, offset)
    body: dict[str, Any] = {
        "web_hook_events": [event_json(row) for row in rows[:PAGE]],
        "total_rows_web_hook_events": len(rows[:PAGE]) + offset,
        "extras": {"web_hook_id": hook_id},
    }
    if len(rows) > PAGE:
        more = f"{request.path}?offset={offset + PAGE}"
        body["load_more_web_hook_events"] = f"{more}&status={status}" if status else more
    return body


@blueprint.post("/admin/api/web_hooks/<int:hook_id>/events/<int:event_id>/redeliver.json")
@blueprint.post("/admin/api/web_hooks/<int:hook_id>/events/<int:event_id>/redeliver")
@api(admin=True)
def redeliver(hook_id: int, event_id: int) -> ResponseReturnValue:
    forum = current()
    with forum.store.reading() as db:
        _event(db, hook_id, event_id)
    forum.sender.redeliver(event_id)
    with forum.store.reading() as db:
        return {"web_hook_event": event_json(_event(db, hook_id, event_id))}


def _event(db: Db, hook_id: int, event_id: int) -> Row:
    row: Row | None = db.execute(
        "SELECT * FROM web_hook_event WHERE id = ? AND web_hook_id = ?", (event_id, hook_id)
    ).fetchone()
    if row is None:
        raise Rejected.not_found()
    return row


@blueprint.post("/admin/api/web_hooks/<int:hook_id>/events/failed_redeliver.json")
@blueprint.post("/admin/api/web_hooks/<int:hook_id>/events/failed_redeliver")
@api(admin=True)
def redeliver_failed(hook_id: int) -> ResponseReturnValue:
    forum, wanted = current(), {int(number) for number in Params().listed("event_ids")}
    with forum.store.transaction() as db:
        rows = [row for row in listed_events(db, hook_id, "failed") if row["id"] in wanted]
        for row in rows:
            db.execute(
                "INSERT INTO web_hook_job (web_hook_id, event_type, event_name, body,"
                " redeliver_event_id, not_before, created_at) VALUES (?, '', '', '', ?, ?, ?)",
                (hook_id, row["id"], forum.clock.stamp(), forum.clock.stamp()),
            )
    return {"event_ids": [row["id"] for row in rows]}
