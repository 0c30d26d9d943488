"""The administrator's side of dynamic registration, and the two addresses that tools call."""

from __future__ import annotations

import json
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from plugin.practice.lms import registering
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.profiles import PROFILES
from plugin.practice.lms.views.session import platform

blueprint = Blueprint("registering", __name__)


@blueprint.get("/practice/register")
def enter() -> str:
    """Where the administrator enters the link, as Moodle's “Manage tools” does."""
    return render_template("lms/register_enter.html")


@blueprint.get("/practice/registering")
def frame() -> str | AnyResponse:
    """The tool's own page in a frame; the same host again is asked about first."""
    url = request.args.get("url", "").strip()
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise Refusal("Please enter the link of the tool.")
    known = registering.tools_at(platform(), url)
    chosen = request.args.get("type")
    if known and chosen is None and platform().profile.registration.asks_update:
        return render_template("lms/register_which.html", url=url, tools=known)
    token = registering.begin(platform(), int(chosen or 0) or None)
    style = platform().profile.registration
    asked = {
        "openid_configuration": platform().base_url + style.configuration_path,
        "registration_token": token,
    }
    address = url + ("&" if urlsplit(url).query else "?") + urlencode(asked)
    return render_template("lms/register_frame.html", address=address)


@blueprint.post("/practice/tools/<int:tool_id>/activate")
def activate(tool_id: int) -> AnyResponse:
    registering.activate(platform(), tool_id)
    return redirect(url_for("desk.tools"), 303)


def openid_configuration() -> Response:
    found = registering.configuration(platform(), request.headers.get("Authorization", ""))
    return jsonify(found)


def openid_registration() -> Response:
    try:
        document = json.loads(request.get_data())
    except ValueError:
        document = None
    bearer = request.headers.get("Authorization", "")
    return jsonify(registering.receive(platform(), bearer, document))


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """Bare text with the type of a page, and a whole page for a token that is unknown (Moodle)."""
    page = f"<!DOCTYPE html><html><head><title>Error</title></head><body>{' ' * 400}</body></html>"
    text = page if refusal.code == "html" else refusal.reason
    return Response(text, refusal.status, mimetype="text/html")


for _profile in PROFILES.values():
    _style = _profile.registration
    blueprint.add_url_rule(
        _style.configuration_path, f"{_profile.name}_configuration", openid_configuration
    )
    blueprint.add_url_rule(
        _style.registration_path,
        f"{_profile.name}_registration",
        openid_registration,
        methods=["POST"],
    )
