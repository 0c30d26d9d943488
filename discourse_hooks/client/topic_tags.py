"""Setting the tags of a topic (scope topics:update)."""

from __future__ import annotations

from collections.abc import Sequence

from discourse_hooks.client.api import ForumApi
from discourse_hooks.client.errors import ForumRefused


def set_tags(api: ForumApi, topic_id: int, tags: Sequence[str]) -> None:
    """Give a topic exactly these tags; an empty list is sent as one empty tag, as browsers do."""
    path = f"/t/-/{topic_id}.json"
    fields = {"tags[]": list(tags) or [""]}
    if api.transport.send("PUT", path, fields) is None:
        raise ForumRefused(404, "no such topic, or not for this key", f"PUT {path}")
