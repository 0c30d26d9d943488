"""The practice pages: webhooks with their event log, faults, the request log, API keys."""

from __future__ import annotations

import json

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from plugin.practice.forum import events, faults, proof, request_log
from plugin.practice.forum.api_hooks import hook_json, listed_events
from plugin.practice.forum.api_site import category_list
from plugin.practice.forum.auth import add_api_key
from plugin.practice.forum.connect import set_connect_secret
from plugin.practice.forum.errors import Rejected
from plugin.practice.forum.forum import current
from plugin.practice.forum.page_support import load_user, render

blueprint = Blueprint("forum_control_pages", __name__, url_prefix="/practice")
blueprint.before_request(load_user)
SHARES = ("duplicate", "redeliver", "lose", "spread_seconds")


@blueprint.get("")
@blueprint.get("/")
def overview() -> ResponseReturnValue:
    forum = current()
    with forum.store.reading() as db:
        keys = db.execute("SELECT * FROM api_key ORDER BY created_at").fetchall()
    return render(
        "practice.html",
        states=proof.webhook_states(forum),
        keys=keys,
        connect_hosts=sorted(forum.settings.get("connect_secrets")),
        twice=proof.repeated_messages(forum) or proof.repeated_grants(forum),
        can_restart=forum.restart is not None,
        now=forum.clock.stamp(),
        address=forum.base_url,
    )


@blueprint.post("/keys")
def new_key() -> ResponseReturnValue:
    username = request.form.get("username", "").strip() or None
    add_api_key(current(), username=username, description="made on the practice page")
    return redirect("/practice", 303)


@blueprint.post("/connect")
def connect() -> ResponseReturnValue:
    host, secret = request.form.get("host", "").strip(), request.form.get("secret", "").strip()
    if not host or len(secret) < 10:
        raise Rejected(422, ["A host and a secret of at least 10 characters are needed."])
    set_connect_secret(current(), host, secret)
    return redirect("/practice", 303)


@blueprint.post("/restart")
def restart() -> ResponseReturnValue:
    forum = current()
    if forum.restart is not None:
        forum.restart(max(0.5, request.form.get("seconds", 0.5, type=float)))
    return redirect("/practice", 303)


@blueprint.get("/webhooks")
def webhooks() -> ResponseReturnValue:
    forum = current()
    with forum.store.reading() as db:
        rows = db.execute("SELECT * FROM web_hook ORDER BY id").fetchall()
        categories = category_list(db)
    return render(
        "webhooks.html",
        hooks=[hook_json(row) for row in rows],
        categories=categories,
        groups=events.GROUPED,
        retries=forum.settings.get("retry_web_hook_events"),
    )


@blueprint.post("/webhooks")
def add_webhook() -> ResponseReturnValue:
    category = request.form.get("category", type=int)
    events.add_webhook(
        current(),
        request.form.get("payload_url", "").strip(),
        request.form.get("secret", "").strip(),
        request.form.getlist("events"),
        categories=[category] if category else [],
    )
    return redirect("/practice/webhooks", 303)


@blueprint.post("/webhooks/retries")
def retries() -> ResponseReturnValue:
    current().settings.set("retry_web_hook_events", request.form.get("on") == "1")
    return redirect("/practice/webhooks", 303)


@blueprint.get("/webhooks/<int:hook_id>")
def webhook(hook_id: int) -> ResponseReturnValue:
    with current().store.reading() as db:
        hook = hook_json(events.webhook(db, hook_id))
        rows = listed_events(db, hook_id, request.args.get("status"))[:50]
    shown = [(row, json.loads(row["headers"])) for row in rows]
    return render("webhook.html", hook=hook, events=shown)


@blueprint.post("/webhooks/<int:hook_id>/ping")
def ping(hook_id: int) -> ResponseReturnValue:
    events.ping(current(), hook_id)
    return redirect(f"/practice/webhooks/{hook_id}", 303)


@blueprint.post("/webhooks/<int:hook_id>/delete")
def delete(hook_id: int) -> ResponseReturnValue:
    events.delete_webhook(current(), hook_id)
    return redirect("/practice/webhooks", 303)


@blueprint.post("/webhooks/<int:hook_id>/events/<int:event_id>/redeliver")
def redeliver(hook_id: int, event_id: int) -> ResponseReturnValue:
    current().sender.redeliver(event_id)
    return redirect(f"/practice/webhooks/{hook_id}", 303)


@blueprint.get("/faults")
def show_faults() -> ResponseReturnValue:
    forum = current()
    return render(
        "faults.html", rules=forum.faults.rules(), kinds=faults.KINDS, out=forum.webhook_faults
    )


@blueprint.post("/faults")
def add_fault() -> ResponseReturnValue:
    form = request.form
    try:
        current().faults.add(
            form.get("kind", ""),
            method=form.get("method") or "*",
            path=form.get("path") or "*",
            when=form.get("when") or "before",
            times=form.get("times", type=int) or None,
            seconds=form.get("seconds", 30.0, type=float),
        )
    except ValueError as problem:
        raise Rejected(422, [str(problem)]) from None
    return redirect("/practice/faults", 303)


@blueprint.post("/faults/clear")
def clear_faults() -> ResponseReturnValue:
    current().faults.clear()
    return redirect("/practice/faults", 303)


@blueprint.post("/faults/webhooks")
def webhook_faults() -> ResponseReturnValue:
    form, forum = request.form, current()
    shares = {name: form.get(name, 0.0, type=float) for name in SHARES}
    forum.webhook_faults.configure(
        seed=form.get("seed", 0, type=int),
        shuffle="shuffle" in form,
        paused="paused" in form,
        **shares,
    )
    forum.sender.wake()
    return redirect("/practice/faults", 303)


@blueprint.get("/log")
def log() -> ResponseReturnValue:
    writes = "writes" in request.args
    found = request_log.calls(current(), writes_only=writes)
    return render("log.html", calls=found[:-201:-1], writes=writes)
