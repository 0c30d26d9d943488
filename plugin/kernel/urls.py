"""Absolute links, for messages and documents that are read outside our pages."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from plugin.kernel.config import Config

_HOST = re.compile(r"[A-Za-z0-9._:-]+")


def absolute(settings: Config, path: str) -> str:
    """Return the public address of a path that starts with a slash."""
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("a path starts with one slash")
    return f"{settings.base_url}{path}"


def is_local_path(path: str | None) -> bool:
    """Whether a path given by a request may be used for a redirect: ours, and no other host's."""
    if not path or not path.startswith("/"):
        return False
    return not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable()


def is_host(name: str | None) -> bool:
    """Whether this is a host as browsers write it; other signs would mean something in a header."""
    return bool(_HOST.fullmatch(name or ""))


def with_query(url: str, parameters: dict[str, str]) -> str:
    """Add parameters to an address that may have a query already."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
