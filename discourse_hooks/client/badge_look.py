"""How a badge looks in the forum: its picture, its grouping, and changing a badge of ours.

The forum takes a picture by its address when a key uploads it (uploads#create); what it will not
take (a file type it does not allow, a key without that scope) leaves the badge with its icon. Its
groupings are only looked up: the one call that could add one rewrites the whole list.
"""

from __future__ import annotations

from collections.abc import Sequence

from discourse_hooks.client import lengths
from discourse_hooks.client.api import ForumApi
from discourse_hooks.client.errors import ForumRefused
from plugin.kernel.telemetry import get_logger

log = get_logger(__name__)
LONGEST_DESCRIPTION = 250


def picture(api: ForumApi, url: str) -> dict[str, str | int]:
    """The badge's field for a picture at this address; empty when the forum does not take it."""
    fields: dict[str, str | int] = {
        "type": "badge_image",
        "upload_type": "badge_image",
        "synchronous": "true",
        "url": url,
    }
    try:
        answer = api.transport.send("POST", "/uploads.json", fields)
    except ForumRefused as refused:
        log.info("badge picture refused", status=refused.status, reason=refused.reason)
        return {}
    upload_id = (answer or {}).get("id")
    return {"image_upload_id": int(upload_id)} if upload_id else {}


def grouping(api: ForumApi, names: Sequence[str]) -> dict[str, str | int]:
    """The badge's field for the first of these groupings that the forum has; else its default."""
    answer = api.transport.get("/admin/badges.json") or {}
    known = {str(g["name"]).casefold(): int(g["id"]) for g in answer.get("badge_groupings") or ()}
    found = (known[name.casefold()] for name in names if name.casefold() in known)
    return {"badge_grouping_id": found_id} if (found_id := next(found, None)) else {}


def change(api: ForumApi, badge_id: int, description: str, image: dict[str, str | int]) -> None:
    """Give a badge of ours a new description and picture."""
    fields = {"description": lengths.cut(description, LONGEST_DESCRIPTION), **image}
    api.transport.send("PUT", f"/admin/badges/{badge_id}.json", fields)
