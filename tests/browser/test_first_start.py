"""An administrator's first minutes: the one-time link, four steps, and Lantern is theirs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.support.axe import complaints, contrast
from tests.browser.support.chromium import NARROW, new_person
from tests.browser.support.first_start import SAFETY, empty_lantern, mailed, set_up
from tests.browser.test_main_path_pages import WIDER
from tests.support.requires import require

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("main-path-pages")


def test_set_up_is_accessible_fits_320_px_and_happens_once(
    tmp_path: Path, empty_database: Path, chromium_browser: "Browser"
) -> None:
    require("node")
    wrong: dict[str, list[str]] = {}
    page = new_person(chromium_browser, viewport=NARROW, reduced_motion="reduce").new_page()
    with empty_lantern(tmp_path, empty_database.read_bytes()) as settings:
        for name in set_up(page, settings):
            if name == "set-up-organisation":
                link = page.url
            found = complaints(page)
            page.emulate_media(color_scheme="dark")
            found += contrast(page)
            page.emulate_media(color_scheme="light")
            if (wider := page.evaluate(WIDER)) > 0:
                found.append(f"{wider} px wider than the screen")
            if found:
                wrong[name] = found
        assert wrong == {}
        assert "as: Safety contact." in mailed(settings, SAFETY)
        answer = page.goto(link)
        assert answer is not None
        assert answer.status in (404, 409)
        assert "Traceback" not in page.content()
    page.context.close()
