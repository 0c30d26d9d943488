"""Does a connection work: address, key, scopes, bot user, webhooks. Asked by harmless calls.

Whether a key may write is seen from an empty request: a forum that looks at the content first
refuses it as incomplete (400, 422) or names nothing (404), one whose key lacks the scope answers
403. So nothing is ever written. A key for everything also sees the webhooks themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from discourse_hooks.client import ForumRefused
from discourse_hooks.client.transport import Transport, segment
from discourse_hooks.connections import Forum
from discourse_hooks.models import Connection
from plugin.kernel.dispatch import Later

if TYPE_CHECKING:
    from plugin.kernel.services import Services

GOOD, WARN, BAD = "good", "warn", "bad"
NOBODY = 2_000_000_000  # no group has this number
INCOMPLETE = {400, 404, 422}


@dataclass(frozen=True)
class Found:
    """One thing that was looked at; the words for it are in ``check_words``."""

    what: str
    verdict: str
    detail: str = ""


@dataclass
class Look:
    """What a check found, in order."""

    found: list[Found] = field(default_factory=list)
    title: str = ""
    bot_user_id: int | None = None
    badges: bool = False

    def say(self, what: str, verdict: str, detail: str = "") -> None:
        self.found.append(Found(what, verdict, detail[:200]))

    @property
    def bad(self) -> tuple[Found, ...]:
        return tuple(one for one in self.found if one.verdict == BAD)


def check(services: Services, forum: Forum) -> Look:
    """Look at everything and keep what was found with the connection."""
    look = Look()
    call = Transport(services, forum)
    try:
        if _address(call, look):
            for step in (_bot, _reading, _writing, _groups, _badges, _hooks):
                step(call, forum, look)
    except Later as later:
        look.say("later", WARN, later.reason)
    with services.units.system() as uow:
        row = uow.session.get_one(Connection, forum.id)
        row.checked_at = uow.now()
        row.check_found = [[one.what, one.verdict, one.detail] for one in look.found]
        if look.bot_user_id is not None:
            row.bot_user_id = look.bot_user_id
            row.badges_possible = look.badges
        uow.commit()
    return look


def _address(call: Transport, look: Look) -> bool:
    """Whether a forum answers there and knows the key: else nothing more is asked."""
    try:
        answer = call.get("/about.json")
    except ForumRefused as refused:
        look.say("key" if refused.status in {401, 403} else "address", BAD, refused.reason)
        return False
    if not isinstance((answer or {}).get("about"), Mapping):
        look.say("address", BAD)
        return False
    look.title = str((answer or {})["about"].get("title") or "")
    look.say("address", GOOD, look.title)
    return True


def _bot(call: Transport, forum: Forum, look: Look) -> None:
    answer = _asked(look, "users:show", lambda: call.get(f"/u/{segment(forum.api_username)}.json"))
    user = (answer or {}).get("user")
    if not isinstance(user, Mapping):
        if answer is None and not look.bad:
            look.say("bot", BAD, forum.api_username)
        return
    look.bot_user_id = int(user["id"])
    staff = "admin" if user.get("admin") else "moderator" if user.get("moderator") else ""
    look.say("bot", GOOD, staff)


def _reading(call: Transport, _forum: Forum, look: Look) -> None:
    listed = _asked(look, "topics:read_lists", lambda: call.get("/latest.json"))
    topics = ((listed or {}).get("topic_list") or {}).get("topics") or ()
    if topics:
        number = int(topics[0]["id"])
        _asked(look, "topics:read", lambda: call.get(f"/t/{number}.json"))
    _asked(look, "posts:list", lambda: call.get("/posts.json"), otherwise=WARN)


def _writing(call: Transport, _forum: Forum, look: Look) -> None:
    _may_write(look, "topics:write", BAD, lambda: call.send("POST", "/posts.json", {}))


def _groups(call: Transport, _forum: Forum, look: Look) -> None:
    path = f"/groups/{NOBODY}/members.json"
    _may_write(look, "groups:manage_groups", WARN, lambda: call.send("PUT", path, {}))


def _badges(call: Transport, forum: Forum, look: Look) -> None:
    """Giving badges takes staff; without it everything else works."""
    path = f"/user-badges/{segment(forum.api_username)}.json"
    held = _asked(look, "badges:list_user_badges", lambda: call.get(path), otherwise=WARN)
    listed = _asked(look, "badges:list", lambda: call.get("/admin/badges.json"), otherwise=WARN)
    if listed is None and not any(one.what == "badges:list" for one in look.found):
        look.say("badges:list", WARN)  # a 404: the page is for staff
    give = _may_write(
        look,
        "badges:assign_badge_to_user",
        WARN,
        lambda: call.send("POST", "/user_badges.json", {}),
    )
    look.badges = held is not None and listed is not None and give


def _hooks(call: Transport, forum: Forum, look: Look) -> None:
    """A narrow key does not see the webhooks, and that is well: pings tell instead."""
    try:
        answer = call.get("/admin/api/web_hooks.json")
    except ForumRefused:
        answer = None
    if answer is None:
        look.say("narrow", GOOD)
        return
    look.say("wide", GOOD)
    ours = f"/discourse/{forum.handle}/events"
    hooks = [one for one in answer.get("web_hooks") or () if ours in str(one.get("payload_url"))]
    for hook in hooks:
        if not hook.get("active", True):
            look.say("hook_off", BAD, str(hook.get("payload_url")))
        if not str(hook.get("secret") or "").strip():
            look.say("hook_unsigned", BAD, str(hook.get("payload_url")))
    look.say("hooks", GOOD if len(hooks) > 1 else WARN, str(len(hooks)))


def _asked(
    look: Look, what: str, ask: Callable[[], dict[str, Any] | None], *, otherwise: str = BAD
) -> dict[str, Any] | None:
    try:
        answer = ask()
    except ForumRefused as refused:
        look.say(what, otherwise, refused.reason)
        return None
    if answer is not None:
        look.say(what, GOOD)
    return answer


def _may_write(
    look: Look, what: str, otherwise: str, ask: Callable[[], dict[str, Any] | None]
) -> bool:
    try:
        ask()  # None is a 404: the scope let us through to where nothing is
    except ForumRefused as refused:
        if refused.status not in INCOMPLETE:
            look.say(what, otherwise, refused.reason)
            return False
    look.say(what, GOOD)
    return True
