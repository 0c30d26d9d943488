"""What a test needs of the machine: found and used, or skipped with the reason.

With LANTERN_TEST_REQUIRE=postgres,redis,node,browser a missing one is a failure.
"""

import os
import shutil
import socket

import pytest

REQUIRED = frozenset(
    part.strip() for part in os.environ.get("LANTERN_TEST_REQUIRE", "").split(",") if part.strip()
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def available(what: str) -> bool:
    """Whether the machine has it: postgres, redis, node or browser."""
    match what:
        case "postgres":
            return _listens(5432) and _has("psycopg")
        case "redis":
            return _listens(6379) and _has("redis")
        case "node":
            return shutil.which("node") is not None and shutil.which("npm") is not None
        case "browser":
            return chromium() is not None and _has("playwright")
    raise ValueError(what)


def _has(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def require(what: str) -> None:
    """Go on if the machine has it; otherwise skip with the reason, or fail where it is required."""
    if available(what):
        return
    if what in REQUIRED:
        pytest.fail(f"LANTERN_TEST_REQUIRE names {what}, and this machine has none")
    pytest.skip(f"{what} is not on this machine")
