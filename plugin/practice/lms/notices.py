"""Platform Notification Service 1.0: telling tools that a course was copied."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from plugin.practice.lms import keys, queries
from plugin.practice.lms.errors import Refusal
from plugin.practice.lms.platform import Platform
from plugin.practice.lms.records import Course, Tool

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
COPY = "LtiContextCopyNotice"
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def set_handler(platform: Platform, tool: Tool, kind: str, url: str) -> None:
    """The tool's address for one kind of notice; it must stand on the tool's own host."""
    if kind != COPY:
        raise Refusal(f"no notices of the type {kind!r}")
    if urlsplit(url).netloc != urlsplit(tool.launch_url).netloc:
        raise Refusal("handler must match the domain of the tool")
    platform.store.set_setting(f"notices {tool.id}", url)


def handler(platform: Platform, tool: Tool) -> str | None:
    try:
        return platform.store.setting(f"notices {tool.id}")
    except KeyError:
        return None


def tell_of_copy(platform: Platform, tool: Tool, course: Course) -> int:
    """Tell one tool where a course came from; the status of its answer."""
    url = handler(platform, tool)
    if url is None:
        raise Refusal("this tool asked for no notices")
    with platform.store.reading() as db:
        origins = queries.origins(db, course.id)
    now, profile = platform.clock.timestamp(), platform.profile
    notice = keys.sign(
        platform.store,
        {
            "iss": platform.issuer,
            "aud": tool.client_id,
            "iat": now,
            "exp": now + 3600,
            "nonce": secrets.token_hex(16),
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": tool.deployment_id,
            f"{LTI}notice": {"id": secrets.token_hex(8), "timestamp": str(now), "type": COPY},
            f"{LTI}context": {"id": profile.context_id(course.id), "title": course.title},
            f"{LTI}origin_contexts": [profile.context_id(one) for one in origins],
        },
    )
    request = urllib.request.Request(  # noqa: S310 - on the host of the tool, checked above
        url,
        json.dumps({"notices": [{"jwt": notice}]}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with _OPENER.open(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code
