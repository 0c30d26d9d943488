"""axe-core on a page: rules of accessibility that a program can check.

Its one package is installed once into `.cache/node` of the checkout, outside version control, from
the committed lock file.
"""

import functools
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.requires import REQUIRED, require

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE = Path(__file__).parents[1] / "axe"
CACHE = Path(os.environ.get("LANTERN_TEST_CACHE", Path(__file__).parents[3] / ".cache"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def complaints(page: "Page") -> list[str]:
    """What axe finds on the page, one line each: rule, element, what to do."""
    return _run(page, {"type": "tag", "values": RULES})


def contrast(page: "Page") -> list[str]:
    """Whether everything can be told from its ground; the rest is the same in other colours."""
    return _run(page, {"type": "rule", "values": ["color-contrast"]})


def _run(page: "Page", rules: dict[str, object]) -> list[str]:
    # Not as a script element: our pages rightly refuse scripts that are not ours.
    page.evaluate(_axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@functools.cache
def _axe() -> str:
    require("node")
    lock = (SOURCE / "package-lock.json").read_bytes()
    folder = CACHE / "node" / f"axe-{sha256(lock).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        _install(folder)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(SOURCE / name, folder / name)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        reason = f"npm ci could not install axe-core: {done.stderr[-400:]}"
        if "node" in REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    (folder / "complete").touch()
