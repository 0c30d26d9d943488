"""What may be kept of a delivery: private conversations end at the door.

Webhooks run as an administrator and carry messages, whispers and direct chats as well. Only
archetype, post type, chat kind and ids are looked at here; what is not known to be public is
private (facts: webhooks fire for messages, whispers and chat alike). Of a message that Lantern
itself opened for some people the ids are kept, so that a sign of life is seen, and nothing that
anybody wrote. The same holds for types that hold what was written for a few eyes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

PUBLIC_ARCHETYPES = frozenset({"regular", "banner"})
SMALL_ACTION = 3
WHISPER = 4
# One notification per person and event: never subscribed to, and full of private titles.
NEVER_KEPT = frozenset({"notification"})
MESSAGE = "private_message"
# Moderation queues, assignments and votes name things that need not be public, chat is talk.
IDS_ONLY = frozenset({"assign", "chat_message", "reviewable", "topic_voting"})
_POST_TYPES_DROPPED = frozenset({SMALL_ACTION, WHISPER})
_WORDS_KEPT = frozenset({"archetype", "chatable_type", "topic_archetype"})


def is_private(event_type: str, value: object) -> bool:
    """True when the value under the event's own key must not be stored."""
    if event_type in NEVER_KEPT:
        return True
    if not isinstance(value, Mapping):
        return event_type != "ping"
    if event_type in {"post", "solved"}:
        return _private_post(value)
    if event_type == "like":
        return _private_post(_inner(value, "post"))
    if event_type == "topic":
        return value.get("archetype") not in PUBLIC_ARCHETYPES
    if event_type == "calendar_event":
        return _inner(value, "topic").get("archetype", "regular") not in PUBLIC_ARCHETYPES
    if event_type == "chat_message":
        return _inner(value, "channel").get("chatable_type") != "Category"
    return False


def message_of(event_type: str, value: object) -> int | None:
    """The message that a private delivery is about, if that might be one of Lantern's own."""
    if not isinstance(value, Mapping):
        return None
    if event_type == "topic":
        found = value.get("id") if value.get("archetype") == MESSAGE else None
    else:
        post = _inner(value, "post") if event_type == "like" else value
        in_message = event_type in {"like", "post"} and post.get("topic_archetype") == MESSAGE
        quiet = post.get("post_type") in _POST_TYPES_DROPPED
        found = post.get("topic_id") if in_message and not quiet else None
    return found if isinstance(found, int) else None


def ids_of(event_type: str, value: object) -> bytes:
    """The delivery with ids and flags only, as a body that handlers read like any other."""
    return json.dumps({event_type: _numbers(value)}).encode()


def _numbers(value: object) -> object:
    if isinstance(value, Mapping):
        kept = {
            name: _numbers(inner)
            for name, inner in value.items()
            if isinstance(inner, int | Mapping) or name in _WORDS_KEPT
        }
        return {name: inner for name, inner in kept.items() if inner != {}}
    return value


def _private_post(post: Mapping[str, object]) -> bool:
    return (
        post.get("topic_archetype") not in PUBLIC_ARCHETYPES
        or post.get("post_type") in _POST_TYPES_DROPPED
    )


def _inner(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}
