"""One world for all tests of a module; every person has cookies of their own."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.support.chromium import open_browsers
from tests.support.requires import require


@pytest.fixture(scope="module")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require("browser")
    return tmp_path_factory.mktemp("world")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """With BROWSER_SHOTS=<folder>, a failure leaves pictures of all open pages there."""
    report = yield
    folder = os.environ.get("BROWSER_SHOTS")
    if folder and report.failed:
        contexts = [context for browser in open_browsers for context in browser.contexts]
        pages = [page for context in contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=Path(folder) / f"{item.name}-{number}.png", full_page=True)
    return report
