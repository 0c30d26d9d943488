"""Third-party login initiation and the authorization endpoint (Security Framework 1.0, 5.1.1).

A launch is a row: begun when the person clicks, consumed once when the tool sends the browser
back.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from plugin.practice.lms import claims, keys, queries, registering
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Launch, Tool, launch_from

LAUNCH_SECONDS = 600
RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"


@dataclass(frozen=True)
class Form:
    """A form that the browser posts to the tool."""

    action: str
    fields: dict[str, str]


def begin(
    platform: Platform,
    *,
    user_id: int,
    course_id: int,
    tool_id: int,
    activity_id: int | None = None,
    target: str = "iframe",
    as_learner: bool = False,
) -> Form:
    """The login initiation of an activity, or of a selection (deep linking) without one."""
    with platform.store.writing() as db:
        tool = queries.tool(db, tool_id)
        role = queries.role_in(db, course_id, user_id)
        activity = queries.activity(db, activity_id) if activity_id else None
        if tool is None or (activity_id and activity is None):
            raise Refusal("there is no such activity", status=404)
        if registering.is_pending(db, tool.id):
            raise Refusal("this tool was not activated by an administrator yet", status=403)
        if role is None:
            raise Refusal("this person is not enrolled in the course", status=403)
        kind = RESOURCE_LINK if activity else DEEP_LINKING
        if kind == DEEP_LINKING and (not role.teaches or not tool.deep_linking_url):
            raise Refusal("only teachers may add content, from a tool that offers it", status=403)
        launch_id = f"ltilaunch{activity_id or 0}_{secrets.token_hex(16)}"
        db.execute(
            "INSERT INTO launch VALUES (?,?,?,?,?,?,?,?,?,NULL)",
            (
                launch_id,
                kind,
                tool.id,
                user_id,
                course_id,
                activity_id,
                target,
                (platform.profile.student_view if as_learner else role).value,
                platform.clock.timestamp(),
            ),
        )
    url = activity.url if activity else tool.deep_linking_url or tool.launch_url
    return Form(
        tool.login_url,
        {
            "iss": platform.issuer,
            "target_link_uri": url,
            "login_hint": platform.profile.subject(user_id),
            "lti_message_hint": platform.profile.message_hint(launch_id, activity_id),
            "client_id": tool.client_id,
            "lti_deployment_id": tool.deployment_id,
            **platform.profile.login_fields(tool),
        },
    )


def authorize(platform: Platform, asked: Mapping[str, str], *, signed_in: int | None) -> Form:
    """Answer an authentication request: an id_token, or an OAuth error to the redirect URI.

    Raises Refusal where the browser must not be sent anywhere: unknown client or redirect URI.
    """
    tool = _client(platform, asked)
    redirect_uri = asked["redirect_uri"]
    state = asked.get("state", "")
    try:
        _check_request(asked)
        launch = _consume(platform, tool, asked, signed_in)
        body = claims.id_token(platform, tool, launch, asked["nonce"])
    except Refusal as refusal:
        fields = {"error": refusal.code, "error_description": refusal.reason}
        return Form(redirect_uri, {**fields, "state": state} if state else fields)
    token = keys.sign(platform.store, body)
    extra = platform.profile.answer_fields()
    return Form(redirect_uri, {"state": state, "id_token": token, **extra})


def _client(platform: Platform, asked: Mapping[str, str]) -> Tool:
    with platform.store.reading() as db:
        tool = queries.tool_by_client(db, asked.get("client_id", ""))
    if tool is None:
        raise Refusal(f"no tool has the client id {asked.get('client_id')!r}")
    # Byte-equal: no normalised path, no ignored query (Moodle's rule).
    if asked.get("redirect_uri") not in tool.redirect_uris:
        raise Refusal(
            f"redirect_uri {asked.get('redirect_uri')!r} is not one of the registered"
            f" {list(tool.redirect_uris)}"
        )
    return tool


def _check_request(asked: Mapping[str, str]) -> None:
    for name, wanted in (
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
    ):
        if asked.get(name) != wanted:
            raise Refusal(f"{name} must be {wanted!r}, not {asked.get(name)!r}")
    for name in ("nonce", "state", "login_hint", "lti_message_hint"):
        if not asked.get(name):
            raise Refusal(f"{name} is missing")


def _consume(
    platform: Platform, tool: Tool, asked: Mapping[str, str], signed_in: int | None
) -> Launch:
    """Find the launch of the hint and mark it used: one UPDATE decides between two requests."""
    try:
        launch_id = platform.profile.launch_of(asked["lti_message_hint"])
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal("lti_message_hint did not come back as it was sent") from error
    now = platform.clock.timestamp()
    with platform.store.writing() as db:
        row = db.execute("SELECT * FROM launch WHERE id = ?", (launch_id,)).fetchone()
        if row is None:
            raise Refusal("lti_message_hint names no launch")
        launch = launch_from(row)
        if launch.tool_id != tool.id:
            raise Refusal("this launch was begun for another tool", code="unauthorized_client")
        if asked["login_hint"] != platform.profile.subject(launch.user_id):
            raise Refusal("login_hint is not the one that was sent", code="access_denied")
        if signed_in != launch.user_id:
            raise Refusal("somebody else is signed in to the LMS now", code="login_required")
        if now - launch.started > LAUNCH_SECONDS:
            raise Refusal("this launch was begun more than ten minutes ago")
        used = db.execute(
            "UPDATE launch SET used = ? WHERE id = ? AND used IS NULL", (now, launch_id)
        )
        if used.rowcount != 1:
            raise Refusal("this launch was used already")
    return launch
