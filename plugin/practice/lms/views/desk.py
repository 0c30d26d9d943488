"""The practice desk: registered tools, the LMS log, faults, keys and the clock.

Nobody must sign in for it: it is the operator's side of a server on loopback.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from plugin.practice.lms import call_log, faults, keys, queries, registering, roster, seed, tokens
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.faults import Area, Mode
from plugin.practice.lms.views.session import platform

blueprint = Blueprint("desk", __name__, url_prefix="/practice")
URL_FIELDS = ("login_url", "launch_url", "key_set_url", "deep_linking_url")


@blueprint.get("/tools")
def tools() -> str:
    with platform().store.reading() as db:
        found = queries.tools(db)
    waiting = registering.pending(platform())
    return render_template("lms/tools.html", tools=found, platform=platform(), pending=waiting)


@blueprint.post("/tools")
def register() -> Response:
    sent = {name: value.strip() for name, value in request.form.items()}
    if not sent.get("name"):
        raise Refusal("Please name the tool.")
    redirect_uris = sent.get("redirect_uris", "").split()
    urls = [sent.get(name, "") for name in URL_FIELDS if name != "deep_linking_url"]
    for url in [*urls, *redirect_uris, *filter(None, [sent.get("deep_linking_url")])]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
            raise Refusal(f"{url!r} is not a full http(s) address.")
    if not redirect_uris:
        raise Refusal("Please give at least one redirect URI.")
    seed.register_tool(
        platform().store,
        name=sent["name"],
        login_url=sent["login_url"],
        launch_url=sent["launch_url"],
        redirect_uris=redirect_uris,
        key_set_url=sent["key_set_url"],
        deep_linking_url=sent.get("deep_linking_url") or None,
        client_id=sent.get("client_id") or None,
        custom=_custom(sent.get("custom", "")),
        share_names="share_names" in sent,
        share_email="share_email" in sent,
    )
    return redirect(url_for("desk.tools"), 303)


@blueprint.get("/log")
def log() -> str:
    area = request.args.get("area", "")
    refused_only = "refused" in request.args
    with platform().store.reading() as db:
        names = {tool.client_id: tool.name for tool in queries.tools(db)}
        names |= {f"tool {tool.id}": tool.name for tool in queries.tools(db)}
        names |= {f"user {user.id}": user.name for user in queries.users(db)}
    return render_template(
        "lms/log.html",
        calls=call_log.calls(platform().store, area=area, refused_only=refused_only),
        names=names,
        area=area,
        refused_only=refused_only,
        areas=(
            "login",
            "authorization",
            "deep linking",
            *(a.value.replace("_", " ") for a in Area),
        ),
    )


@blueprint.get("/faults")
def show_faults() -> str:
    store = platform().store
    return render_template(
        "lms/faults.html",
        areas=list(Area),
        modes=list(Mode),
        faults=faults.faults(store),
        keys=keys.key_set(store)["keys"],
        offset=store.clock_offset().total_seconds(),
        now=store.clock.timestamp(),
    )


@blueprint.post("/faults")
def set_fault() -> Response:
    try:
        area = Area(request.form.get("area", ""))
        mode = request.form.get("mode", "")
        if mode == "off":
            faults.clear_faults(platform().store, area)
        else:
            count = request.form.get("count", 0, type=int) or None
            faults.set_fault(platform().store, area, Mode(mode), count=count)
    except ValueError as error:
        raise Refusal(str(error)) from error
    return redirect(url_for("desk.show_faults"), 303)


@blueprint.post("/keys")
def rotate() -> Response:
    keys.rotate(platform().store, drop_old="drop_old" in request.form)
    return redirect(url_for("desk.show_faults"), 303)


@blueprint.post("/tokens/expire")
def expire_tokens() -> Response:
    tokens.expire_all(platform())
    return redirect(url_for("desk.show_faults"), 303)


@blueprint.post("/clock")
def set_clock() -> Response:
    try:
        platform().store.set_clock_offset(float(request.form.get("offset", "0")))
    except ValueError as error:
        raise Refusal("The offset must be a number of seconds.") from error
    return redirect(url_for("desk.show_faults"), 303)


@blueprint.post("/roster-page")
def set_roster_page() -> Response:
    roster.set_page_size(platform(), request.form.get("size", 0, type=int) or None)
    return redirect(url_for("desk.show_faults"), 303)


def _custom(text: str) -> dict[str, str]:
    """One `name=value` on each line, as in Moodle's form."""
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
